use std::fmt;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{JsonError, from_str};

/// An object of JSON whose fields no type here describes.
///
/// ```
/// use linq_types::json::JsonObject;
///
/// let object = JsonObject::new(&serde_json::json!({ "depth": 3 }))?;
/// assert_eq!(object.get::<u8>("depth")?, Some(3));
/// assert_eq!(object.to_string(), r#"{"depth":3}"#);
/// # Ok::<(), linq_types::json::JsonError>(())
/// ```
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JsonObject(Map<String, Value>);

impl JsonObject {
    /// The fields of a value of yours.
    ///
    /// # Errors
    ///
    /// [`JsonError`] when the value is written as something else than an object, or cannot be written.
    pub fn new(value: &impl Serialize) -> Result<Self, JsonError> {
        serde_json::to_value(value)
            .and_then(serde_json::from_value)
            .map(Self)
            .map_err(|source| JsonError::new(b"", source))
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// The names of all fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether there is a field of this name, `null` or not.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Reads one field, if there is one of this name.
    ///
    /// # Errors
    ///
    /// [`JsonError`] with the path of what does not fit.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, JsonError> {
        let field = self.0.get(name).map(|value| from_str(&value.to_string()));
        field.transpose().map_err(|error| error.inside(name))
    }

    /// Reads all fields as a type of yours.
    ///
    /// # Errors
    ///
    /// [`JsonError`] with the path of what does not fit.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        from_str(&self.to_string())
    }
}

/// The text of the object.
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
    fn what_is_no_object_is_refused_and_not_quoted() {
        let error = JsonObject::new(&"Hello!").unwrap_err();
        assert_eq!(error.to_string(), "invalid type: string, expected a map");
    }

    #[test]
    fn it_tells_its_fields() {
        let object = hologram();
        assert_eq!(object.names().collect::<Vec<_>>(), ["type", "value"]);
        assert!(object.contains("value") && !object.contains("depth"));
        assert_eq!(object.get::<String>("type").unwrap().unwrap(), "hologram");
        assert_eq!(object.get::<String>("kind").unwrap(), None);
    }

    #[test]
    fn it_is_read_as_a_type_and_written_as_it_was() {
        #[derive(Debug, Deserialize, Serialize)]
        struct Hologram {
            value: std::collections::BTreeMap<String, Vec<u8>>,
        }
        let read: Hologram = hologram().parse().unwrap();
        assert_eq!(JsonObject::new(&read).unwrap().to_string(), r#"{"value":{"depth":[3]}}"#);
        assert_eq!(format!("{:?}", hologram()), r#"{"type":"hologram","value":{"depth":[3]}}"#);
    }

    #[test]
    fn an_error_has_the_whole_path() {
        type Depth = std::collections::BTreeMap<String, Vec<bool>>;
        assert_eq!(hologram().get::<Depth>("value").unwrap_err().path(), "value.depth[0]");
    }
}
