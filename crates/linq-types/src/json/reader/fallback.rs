//! What a value of another type than expected is read as.

use serde::{
    Deserialize,
    de::{self, Visitor},
};

use super::{Reader, TAGGED, variants::TaggedObject};
use crate::json::error::Error;

impl<'de> Reader<'de> {
    /// Reads the value of a field or an element of a list. If it is JSON of another type, an `Option` is `None` and a tagged
    /// object is untyped, unless the reader is strict; for all other types it is an error.
    #[inline]
    pub(crate) fn value<T: Deserialize<'de>>(&mut self) -> Result<T, Error> {
        let (at, depth) = (self.at, self.depth);
        T::deserialize(&mut *self).or_else(|error| self.fall_back(at, depth, error))
    }

    #[cold]
    fn fall_back<T: Deserialize<'de>>(&mut self, at: usize, depth: u8, error: Error) -> Result<T, Error> {
        if self.is_strict || error.is_duplicate() {
            return Err(error);
        }
        let mut again = Self { at, depth, tag: None, ..*self };
        match T::deserialize(Fallback(&mut again)) {
            Ok(value) => {
                *self = again;
                Ok(value)
            }
            // The value is not even JSON.
            Err(syntax) if syntax.is_syntax() => Err(syntax),
            Err(_) => Err(error),
        }
    }
}

/// A value as nothing more than JSON.
struct Fallback<'r, 'de>(&'r mut Reader<'de>);

impl<'de> de::Deserializer<'de> for Fallback<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        Err(self.0.invalid_type(&visitor))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.skip()?;
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            TAGGED => {
                // Notes where the tag is, of which there may be only one.
                self.0.look_up_tag();
                visitor.visit_enum(TaggedObject { reader: self.0, tag: None })
            }
            _ => self.deserialize_any(visitor),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}
