use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::json::{self, JsonError};

/// The bytes that an event was read from, shared and never copied.
///
/// It takes any owner of bytes: a `Vec<u8>`, a `String`, a `bytes::Bytes`.
#[derive(Clone)]
pub struct RawBody(Arc<dyn AsRef<[u8]> + Send + Sync>);

impl RawBody {
    /// Takes over an owner of bytes.
    pub fn new(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self(Arc::new(bytes))
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

impl From<Vec<u8>> for RawBody {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl From<String> for RawBody {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for RawBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawBody({} bytes)", self.as_bytes().len())
    }
}

/// JSON that no type here describes, as its text.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    pub(super) fn new(json: &RawValue) -> Self {
        Self(json.to_owned())
    }

    /// None, whatever the JSON is.
    pub(super) fn payload_type(&self) -> Option<&'static str> {
        None
    }

    /// The text.
    #[must_use]
    pub fn get(&self) -> &str {
        self.0.get()
    }

    /// Reads it as a type of yours.
    ///
    /// # Errors
    ///
    /// [`JsonError`] with the path of what does not fit.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        json::from_str(self.get())
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get())
    }
}
