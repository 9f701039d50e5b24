//! Enums, and objects that name their type.

use std::borrow::Cow;

use serde::de::{self, Visitor};

use super::{Reader, access::Name};
use crate::json::error::Error;

/// An enum variant with content: `{"variant": content}`.
pub(super) struct Variant<'r, 'de> {
    pub(super) reader: &'r mut Reader<'de>,
}

impl<'de> de::EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: de::DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        match self.reader.peek() {
            Some(b'"') => {}
            Some(b'}') => return Err(self.reader.syntax("expected value")),
            Some(_) => return Err(self.reader.syntax("key must be a string")),
            None => return Err(self.reader.eof("an object")),
        }
        let variant = seed.deserialize(Name { reader: &mut *self.reader })?;
        self.reader.colon()?;
        Ok((variant, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        de::Deserialize::deserialize(self.reader)
    }

    fn newtype_variant_seed<T: de::DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.reader)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        de::Deserializer::deserialize_tuple(self.reader, len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        de::Deserializer::deserialize_struct(self.reader, "", fields, visitor)
    }
}

/// An enum variant without content: `"variant"`.
pub(super) struct UnitVariant<'r, 'de> {
    pub(super) reader: &'r mut Reader<'de>,
}

impl<'de> de::EnumAccess<'de> for UnitVariant<'_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: de::DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let variant = seed.deserialize(&mut *self.reader)?;
        Ok((variant, self))
    }
}

impl<'de> de::VariantAccess<'de> for UnitVariant<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: de::DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Error> {
        Err(de::Error::invalid_type(de::Unexpected::UnitVariant, &"newtype variant"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        Err(de::Error::invalid_type(de::Unexpected::UnitVariant, &"tuple variant"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Error> {
        Err(de::Error::invalid_type(de::Unexpected::UnitVariant, &"struct variant"))
    }
}

/// An object with its tag, as [`tagged`](super::tagged) expects it.
pub(super) struct TaggedObject<'r, 'de> {
    pub(super) reader: &'r mut Reader<'de>,
    pub(super) tag: Option<Cow<'de, str>>,
}

impl<'de> de::EnumAccess<'de> for TaggedObject<'_, 'de> {
    type Error = Error;
    type Variant = Self;

    #[inline]
    fn variant_seed<V: de::DeserializeSeed<'de>>(mut self, seed: V) -> Result<(V::Value, Self), Error> {
        let tag = match self.tag.take() {
            Some(Cow::Borrowed(tag)) => seed.deserialize(de::value::BorrowedStrDeserializer::new(tag))?,
            Some(Cow::Owned(tag)) => seed.deserialize(de::value::StringDeserializer::new(tag))?,
            None => seed.deserialize(de::value::UnitDeserializer::new())?,
        };
        Ok((tag, self))
    }
}

impl<'de> de::VariantAccess<'de> for TaggedObject<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        self.reader.skip().map(|_| ())
    }

    #[inline]
    fn newtype_variant_seed<T: de::DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.reader)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        de::Deserializer::deserialize_tuple(self.reader, len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        de::Deserializer::deserialize_struct(self.reader, "", fields, visitor)
    }
}
