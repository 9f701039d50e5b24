use std::fmt;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{JsonError, from_str};

/// A JSON object without a type of its own here, as its fields.
///
/// [`RawJson`](super::RawJson) is any such value, as its text.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::json::JsonObject;
///
/// let object = JsonObject::new(&serde_json::json!({ "depth": 3 }))?;
/// assert_eq!(object.get::<u8>("depth")?, Some(3));
/// assert_eq!(object.to_string(), r#"{"depth":3}"#);
/// # Ok::<(), linq_types::json::JsonError>(())
/// ```
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema), schemars(inline))]
#[serde(transparent)]
pub struct JsonObject(Map<String, Value>);

impl JsonObject {
    /// Creates an object from the fields that `value` serializes to.
    ///
    /// # Errors
    ///
    /// Returns an error if the value does not serialize, or not to an object.
    pub fn new(value: &impl Serialize) -> Result<Self, JsonError> {
        serde_json::to_value(value)
            .and_then(serde_json::from_value)
            .map(Self)
            .map_err(|source| JsonError::new(b"", source))
    }

    /// Returns the names of all fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns `true` if there is a field of this name, even if it is `null`.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Deserializes the field of this name; `None` if there is none.
    ///
    /// # Errors
    ///
    /// Returns an error if the field does not match the type.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, JsonError> {
        let field = self.0.get(name).map(|value| from_str(&value.to_string()));
        field.transpose().map_err(|error| error.inside(name))
    }

    /// Deserializes the object.
    ///
    /// # Errors
    ///
    /// Returns an error if the object does not match the type.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        from_str(&self.to_string())
    }
}

/// Writes the JSON text.
impl fmt::Display for JsonObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(&self.0).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}

impl fmt::Debug for JsonObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hologram() -> JsonObject {
        JsonObject::new(&json!({ "type": "hologram", "value": { "depth": [3] } })).unwrap()
    }

    #[test]
    fn new_rejects_other_values_without_quoting_them() {
        let error = JsonObject::new(&"Hello!").unwrap_err();
        assert_eq!(error.to_string(), "invalid type: string, expected a map");
    }

    #[test]
    fn fields_are_read_by_name() {
        let object = hologram();
        assert_eq!(object.names().collect::<Vec<_>>(), ["type", "value"]);
        assert!(object.contains("value") && !object.contains("depth"));
        assert_eq!(object.get::<String>("type").unwrap().unwrap(), "hologram");
        assert_eq!(object.get::<String>("kind").unwrap(), None);
    }

    #[test]
    fn parse_reads_a_type_and_display_writes_the_text() {
        #[derive(Debug, Deserialize, Serialize)]
        struct Hologram {
            value: std::collections::BTreeMap<String, Vec<u8>>,
        }
        let read: Hologram = hologram().parse().unwrap();
        assert_eq!(JsonObject::new(&read).unwrap().to_string(), r#"{"value":{"depth":[3]}}"#);
        assert_eq!(format!("{:?}", hologram()), r#"{"type":"hologram","value":{"depth":[3]}}"#);
    }

    #[test]
    fn an_error_in_a_field_has_the_whole_path() {
        type Depth = std::collections::BTreeMap<String, Vec<bool>>;
        assert_eq!(hologram().get::<Depth>("value").unwrap_err().path(), "value.depth[0]");
    }
}
