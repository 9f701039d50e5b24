//! Objects whose type is named by their field `type`.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{self, EnumAccess, VariantAccess as _},
};
use serde_json::{Map, Value};

use super::reader::{TAG, TAGGED};

/// An enum over the types that a tag names.
pub(crate) trait Tagged: Sized {
    /// Reads the object, which still contains the tag; `None` if it has no tag, or one that is not a string.
    fn read<'de, D: Deserializer<'de>>(tag: Option<&str>, object: D) -> Result<Self, D::Error>;
}

/// Reads a tagged object. [`Reader`](super::Reader) looks up the tag, and then reads the object once; with other deserializers
/// the object is buffered.
pub(crate) fn tagged<'de, T: Tagged, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_newtype_struct(TAGGED, Visitor(PhantomData))
}

struct Visitor<T>(PhantomData<T>);

impl<'de, T: Tagged> de::Visitor<'de> for Visitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a `type`")
    }

    /// The answer of `Reader`.
    #[inline]
    fn visit_enum<A: EnumAccess<'de>>(self, object: A) -> Result<T, A::Error> {
        let (Tag(tag), object) = object.variant()?;
        object.newtype_variant_seed(ByTag { tag, enumeration: self.0 })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, object: D) -> Result<T, D::Error> {
        object.deserialize_map(self)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut fields: A) -> Result<T, A::Error> {
        let mut object = Map::new();
        while let Some((name, value)) = fields.next_entry::<String, Value>()? {
            if name == TAG && object.contains_key(TAG) {
                return Err(de::Error::duplicate_field(TAG));
            }
            object.insert(name, value);
        }
        let tag = object.get(TAG).and_then(Value::as_str).map(str::to_owned);
        T::read(tag.as_deref(), Value::Object(object)).map_err(de::Error::custom)
    }
}

struct ByTag<'de, T> {
    tag: Option<Cow<'de, str>>,
    enumeration: PhantomData<T>,
}

impl<'de, T: Tagged> de::DeserializeSeed<'de> for ByTag<'de, T> {
    type Value = T;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, object: D) -> Result<T, D::Error> {
        T::read(self.tag.as_deref(), object)
    }
}

struct Tag<'a>(Option<Cow<'a, str>>);

impl<'de> Deserialize<'de> for Tag<'de> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Tag<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a tag")
            }

            #[inline]
            fn visit_borrowed_str<E>(self, tag: &'de str) -> Result<Tag<'de>, E> {
                Ok(Tag(Some(Cow::Borrowed(tag))))
            }

            fn visit_str<E>(self, tag: &str) -> Result<Tag<'de>, E> {
                Ok(Tag(Some(Cow::Owned(tag.to_owned()))))
            }

            fn visit_unit<E>(self) -> Result<Tag<'de>, E> {
                Ok(Tag(None))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
