//! The cursor as a serde deserializer.

use std::borrow::Cow;

use serde::de::{self, Visitor};

use super::{
    LENIENT, Reader, TAGGED,
    access::{Elements, Fields, SingleField},
    variants::{TaggedObject, UnitVariant, Variant},
};
use crate::json::{error::Error, number, string};

/// The token by which `serde_json::value::RawValue` asks for the text of a value.
pub(super) const RAW_VALUE: &str = "$serde_json::private::RawValue";

impl<'de> Reader<'de> {
    /// The error of a value that is not what the visitor takes.
    #[cold]
    pub(super) fn invalid_type(&mut self, expected: &dyn de::Expected) -> Error {
        let found = match self.peek() {
            Some(b'n') => self.word("null").map(|()| de::Unexpected::Unit),
            Some(b't') => self.word("true").map(|()| de::Unexpected::Bool(true)),
            Some(b'f') => self.word("false").map(|()| de::Unexpected::Bool(false)),
            Some(b'-' | b'0'..=b'9') => number::read(self).map(number::Number::unexpected),
            Some(b'"') => self.string().map(|_| de::Unexpected::Str("")),
            Some(b'[') => Ok(de::Unexpected::Seq),
            Some(b'{') => Ok(de::Unexpected::Map),
            Some(_) => Err(self.syntax("expected value")),
            None => Err(self.eof("a value")),
        };
        match found {
            Ok(found) => self.located(de::Error::invalid_type(found, expected)),
            Err(error) => error,
        }
    }

    /// Adds the position of the cursor to an error of a visitor.
    #[cold]
    fn located(&self, error: Error) -> Error {
        error.or_at(self.at)
    }

    #[inline]
    pub(super) fn located_value<T>(&self, value: Result<T, Error>) -> Result<T, Error> {
        value.map_err(|error| self.located(error))
    }

    #[inline]
    pub(super) fn visit_string<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let value = match string::plain(self) {
            Some(text) => visitor.visit_borrowed_str(text),
            None => visitor.visit_string(string::decode(self)?),
        };
        self.located_value(value)
    }

    #[inline]
    fn visit_array<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        self.descend()?;
        self.at += 1;
        let value = visitor.visit_seq(Elements { reader: self, first: true });
        self.depth += 1;
        // The error of a whole array or object belongs behind it.
        match (value, self.end_array()) {
            (Ok(value), Ok(())) => Ok(value),
            (Err(error), _) | (_, Err(error)) => Err(self.located(error)),
        }
    }

    #[inline]
    fn end_array(&mut self) -> Result<(), Error> {
        match self.peek() {
            Some(b']') => {
                self.at += 1;
                Ok(())
            }
            Some(b',') => {
                self.at += 1;
                match self.peek() {
                    Some(b']') => Err(self.syntax("trailing comma")),
                    _ => Err(self.syntax("trailing characters")),
                }
            }
            Some(_) => Err(self.syntax("trailing characters")),
            None => Err(self.eof("a list")),
        }
    }

    #[inline]
    fn visit_object<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        self.descend()?;
        self.at += 1;
        let tag = self.tag.take();
        let value = visitor.visit_map(Fields { reader: self, first: true, tag });
        self.depth += 1;
        match (value, self.end_object()) {
            (Ok(value), Ok(())) => Ok(value),
            (Err(error), _) | (_, Err(error)) => Err(self.located(error)),
        }
    }

    #[inline]
    fn end_object(&mut self) -> Result<(), Error> {
        match self.peek() {
            Some(b'}') => {
                self.at += 1;
                Ok(())
            }
            Some(b',') => Err(self.syntax("trailing comma")),
            Some(_) => Err(self.syntax("trailing characters")),
            None => Err(self.eof("an object")),
        }
    }

    /// Reads a number for a visitor of integers: `1.0` and `"480"` are the integers that they say.
    #[inline]
    fn integer<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        match self.peek_value()? {
            b'-' | b'0'..=b'9' => {
                let value = match number::short(self) {
                    Some(number) => visitor.visit_u64(number),
                    None if self.is_strict => number::read(self)?.visit(visitor),
                    None => number::read(self)?.whole().visit(visitor),
                };
                self.located_value(value)
            }
            b'"' if !self.is_strict => {
                let mut quoted = *self;
                match number::quoted(&quoted.string()?) {
                    Some(number) => {
                        *self = quoted;
                        let value = number.visit(visitor);
                        self.located_value(value)
                    }
                    None => Err(self.invalid_type(&visitor)),
                }
            }
            _ => Err(self.invalid_type(&visitor)),
        }
    }
}

macro_rules! integers {
    ($($method:ident)+) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.integer(visitor)
        }
    )+};
}

macro_rules! strings {
    ($($method:ident)+) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.peek_value()? {
                b'"' => self.visit_string(visitor),
                _ => Err(self.invalid_type(&visitor)),
            }
        }
    )+};
}

impl<'de> de::Deserializer<'de> for &mut Reader<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = match self.peek_value()? {
            b'"' => return self.visit_string(visitor),
            b'{' => return self.visit_object(visitor),
            b'[' => return self.visit_array(visitor),
            b'n' => {
                self.word("null")?;
                visitor.visit_unit()
            }
            b't' => {
                self.word("true")?;
                visitor.visit_bool(true)
            }
            b'f' => {
                self.word("false")?;
                visitor.visit_bool(false)
            }
            b'-' | b'0'..=b'9' => number::read(self)?.visit(visitor),
            _ => return Err(self.syntax("expected value")),
        };
        self.located_value(value)
    }

    #[inline]
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = match self.peek_value()? {
            b't' => {
                self.word("true")?;
                visitor.visit_bool(true)
            }
            b'f' => {
                self.word("false")?;
                visitor.visit_bool(false)
            }
            _ => return Err(self.invalid_type(&visitor)),
        };
        self.located_value(value)
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.peek_value()?;
        let number = number::integer_text(self)?.parse().map_err(|_| self.syntax("number out of range"))?;
        let value = visitor.visit_i128(number);
        self.located_value(value)
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.peek_value()?;
        let number = number::integer_text(self)?.parse().map_err(|_| self.syntax("number out of range"))?;
        let value = visitor.visit_u128(number);
        self.located_value(value)
    }

    #[inline]
    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_f64(visitor)
    }

    #[inline]
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek_value()? {
            b'-' | b'0'..=b'9' => {
                let value = number::read(self)?.visit(visitor);
                self.located_value(value)
            }
            _ => Err(self.invalid_type(&visitor)),
        }
    }

    strings! { deserialize_char deserialize_str deserialize_string deserialize_identifier }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = match self.peek_value()? {
            b'"' => match self.string()? {
                Cow::Borrowed(text) => visitor.visit_borrowed_bytes(text.as_bytes()),
                Cow::Owned(text) => visitor.visit_byte_buf(text.into_bytes()),
            },
            b'[' => return self.visit_array(visitor),
            _ => return Err(self.invalid_type(&visitor)),
        };
        self.located_value(value)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_bytes(visitor)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek() {
            Some(b'n') => {
                self.word("null")?;
                let value = visitor.visit_none();
                self.located_value(value)
            }
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek_value()? {
            b'n' => {
                self.word("null")?;
                let value = visitor.visit_unit();
                self.located_value(value)
            }
            _ => Err(self.invalid_type(&visitor)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            RAW_VALUE => {
                let text = self.skip()?;
                visitor.visit_map(SingleField { name: RAW_VALUE, text: Some(text) })
            }
            TAGGED => {
                let tag = self.look_up_tag();
                visitor.visit_enum(TaggedObject { reader: self, tag })
            }
            LENIENT if !self.is_strict => self.deserialize_any(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    /// `null` is the empty list, unless the reader is strict.
    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek_value()? {
            b'[' => self.visit_array(visitor),
            b'n' if !self.is_strict => {
                self.word("null")?;
                let value =
                    visitor.visit_seq(de::value::SeqDeserializer::<_, Error>::new(std::iter::empty::<()>()));
                self.located_value(value)
            }
            _ => Err(self.invalid_type(&visitor)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        match self.peek_value()? {
            b'[' => self.visit_array(visitor),
            _ => Err(self.invalid_type(&visitor)),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_tuple(len, visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek_value()? {
            b'{' => self.visit_object(visitor),
            _ => Err(self.invalid_type(&visitor)),
        }
    }

    /// An object. If the reader is strict, also an array of the values of the fields; otherwise, also the address alone of a
    /// `ChatHandle`.
    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.peek_value()? {
            b'{' => self.visit_object(visitor),
            b'[' if self.is_strict => self.visit_array(visitor),
            b'"' if !self.is_strict && name == "ChatHandle" && fields.contains(&"handle") => {
                let address = ("handle", self.string()?);
                visitor.visit_map(de::value::MapDeserializer::new(std::iter::once(address)))
            }
            _ => Err(self.invalid_type(&visitor)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.peek_value()? {
            b'{' => {
                self.descend()?;
                self.at += 1;
                let value = visitor.visit_enum(Variant { reader: self })?;
                self.depth += 1;
                match self.peek() {
                    Some(b'}') => {
                        self.at += 1;
                        Ok(value)
                    }
                    Some(_) => Err(self.syntax("expected value")),
                    None => Err(self.eof("an object")),
                }
            }
            b'"' => visitor.visit_enum(UnitVariant { reader: self }),
            _ => Err(self.syntax("expected value")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.skip()?;
        visitor.visit_unit()
    }
}
