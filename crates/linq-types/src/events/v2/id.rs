use std::{
    fmt,
    hash::{Hash, Hasher},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An opaque id of the V2 API, which is a string or a number on the wire.
///
/// Ids are equal if their texts are, so that `"123"` and `123` are one id. An id serializes in the form that it was
/// read in.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::events::v2::Id;
///
/// let number: Id = serde_json::from_str("123")?;
/// let text: Id = serde_json::from_str(r#""123""#)?;
/// assert_eq!(number, text);
/// assert_eq!(number.as_str(), "123");
/// assert_eq!(serde_json::to_string(&number)?, "123");
/// assert_eq!(serde_json::to_string(&text)?, r#""123""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Id {
    text: Box<str>,
    /// The number, if the id was one on the wire.
    number: Option<u64>,
}

impl Id {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self { text: text.into(), number: None }
    }
}

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self { text: text.into(), number: None }
    }
}

text_conversions!(Id);

impl From<u64> for Id {
    fn from(number: u64) -> Self {
        Self { text: number.to_string().into(), number: Some(number) }
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Id").field(&self.text).finish()
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Id {}

impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.number {
            Some(number) => serializer.serialize_u64(number),
            None => serializer.serialize_str(&self.text),
        }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id: a string or an unsigned integer")
            }

            fn visit_str<E>(self, text: &str) -> Result<Id, E> {
                Ok(text.into())
            }

            fn visit_u64<E>(self, number: u64) -> Result<Id, E> {
                Ok(number.into())
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
