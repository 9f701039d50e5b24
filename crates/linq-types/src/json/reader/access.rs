//! What is inside arrays and objects: elements, names and values.

use serde::de::{self, Visitor};

use super::{Reader, TAG, deserializer::RAW_VALUE};
use crate::json::{error::Error, string};

/// The elements of an array.
pub(super) struct Elements<'r, 'de> {
    pub(super) reader: &'r mut Reader<'de>,
    pub(super) first: bool,
}

impl<'de> de::SeqAccess<'de> for Elements<'_, 'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: de::DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        match self.advance()? {
            true => seed.deserialize(&mut *self.reader).map(Some),
            false => Ok(None),
        }
    }

    #[inline]
    fn next_element<T: de::Deserialize<'de>>(&mut self) -> Result<Option<T>, Error> {
        match self.advance()? {
            true => self.reader.value().map(Some),
            false => Ok(None),
        }
    }
}

impl Elements<'_, '_> {
    /// Moves to the next element. `false` means the end.
    #[inline]
    fn advance(&mut self) -> Result<bool, Error> {
        match self.reader.peek() {
            Some(b']') => return Ok(false),
            Some(b',') if !self.first => {
                self.reader.at += 1;
                if self.reader.peek() == Some(b']') {
                    return Err(self.reader.syntax("trailing comma"));
                }
            }
            Some(_) if self.first => self.first = false,
            Some(_) => return Err(self.reader.syntax("expected `,` or `]`")),
            None => return Err(self.reader.eof("a list")),
        }
        Ok(true)
    }
}

/// The fields of an object.
pub(super) struct Fields<'r, 'de> {
    pub(super) reader: &'r mut Reader<'de>,
    pub(super) first: bool,
    /// Where the only `type` may be.
    pub(super) tag: Option<usize>,
}

impl<'de> de::MapAccess<'de> for Fields<'_, 'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: de::DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let first = std::mem::replace(&mut self.first, false);
        if !self.reader.next_field(first)? {
            return Ok(None);
        }
        if self.tag.is_some_and(|tag| tag != self.reader.at) && self.reader.is_at_tag() {
            return Err(de::Error::duplicate_field(TAG));
        }
        seed.deserialize(Name { reader: &mut *self.reader }).map(Some)
    }

    #[inline]
    fn next_value_seed<V: de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        self.reader.colon()?;
        seed.deserialize(&mut *self.reader)
    }

    #[inline]
    fn next_value<T: de::Deserialize<'de>>(&mut self) -> Result<T, Error> {
        self.reader.colon()?;
        self.reader.value()
    }

    #[inline]
    fn next_entry<K: de::Deserialize<'de>, T: de::Deserialize<'de>>(
        &mut self,
    ) -> Result<Option<(K, T)>, Error> {
        match self.next_key()? {
            Some(key) => Ok(Some((key, self.next_value()?))),
            None => Ok(None),
        }
    }
}

/// The name of a field: a string, of which types other than text are made where a map has such keys.
pub(super) struct Name<'r, 'de> {
    pub(super) reader: &'r mut Reader<'de>,
}

macro_rules! numeric_names {
    ($($method:ident)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.reader.at += 1;
            let first = self.reader.text.as_bytes().get(self.reader.at);
            if !matches!(first, Some(b'-' | b'0'..=b'9')) {
                return Err(self.reader.syntax("invalid value: expected key to be a number in quotes"));
            }
            let value = self.reader.$method(visitor)?;
            match self.reader.text.as_bytes().get(self.reader.at) {
                Some(b'"') => {
                    self.reader.at += 1;
                    Ok(value)
                }
                _ => Err(self.reader.syntax("expected `\"`")),
            }
        }
    )+};
}

impl<'de> de::Deserializer<'de> for Name<'_, 'de> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.reader.visit_string(visitor)
    }

    /// The names of the fields of a type are compared as bytes, of which a slice need not be checked to be text.
    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match string::plain_bytes(self.reader) {
            Some(name) => self.reader.located_value(visitor.visit_borrowed_bytes(name)),
            None => self.deserialize_any(visitor),
        }
    }

    numeric_names! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = match &*self.reader.string()? {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            name => Err(de::Error::invalid_type(de::Unexpected::Str(name), &visitor)),
        };
        self.reader.located_value(value)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            RAW_VALUE => self.reader.deserialize_newtype_struct(name, visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.reader.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.reader.deserialize_bytes(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.reader.deserialize_bytes(visitor)
    }

    serde::forward_to_deserialize_any! {
        char str string unit unit_struct seq tuple tuple_struct map struct ignored_any
    }
}

/// An object in place of one value, as `RawValue` expects it.
pub(super) struct SingleField<'de> {
    pub(super) name: &'static str,
    pub(super) text: Option<&'de str>,
}

impl<'de> de::MapAccess<'de> for SingleField<'de> {
    type Error = Error;

    fn next_key_seed<K: de::DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        match self.text {
            Some(_) => seed.deserialize(de::value::BorrowedStrDeserializer::new(self.name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let text = self.text.take().unwrap_or_default();
        seed.deserialize(de::value::BorrowedStrDeserializer::new(text))
    }
}
