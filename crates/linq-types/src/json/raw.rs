use std::fmt;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::{JsonError, from_str};

/// A JSON value without a type of its own here, as its text.
///
/// [`JsonObject`](super::JsonObject) is an object of that kind, as its fields.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::json::RawJson;
///
/// let value: RawJson = serde_json::from_str(r#"{"depth": 3.0e0}"#)?;
/// assert_eq!(value.as_str(), r#"{"depth": 3.0e0}"#);
/// let fields: std::collections::BTreeMap<String, f32> = value.parse()?;
/// assert_eq!(fields["depth"], 3.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    pub(crate) fn new(json: &str) -> Result<Self, JsonError> {
        super::read(super::Reader::new(json)).map(Self).map_err(|error| JsonError::at(json, &error))
    }

    /// Returns the text, exactly as it was read.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Deserializes the value.
    ///
    /// # Errors
    ///
    /// Returns an error if the value does not match the type.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        from_str(self.as_str())
    }
}

/// Compares the texts: values that differ in whitespace are not equal.
impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

/// Writes the JSON text.
impl fmt::Display for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
