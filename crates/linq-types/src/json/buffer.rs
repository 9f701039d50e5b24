//! Buffers the fields that precede the `type` tag of an object and replays them into the type that the tag names.
//!
//! serde has such a buffer for its internally tagged enums, but does not export it, and it always buffers the whole object.
//! Here a tag that comes first, as the service writes it, costs nothing; if it comes last in every part, parsing an event
//! takes 1.18 to 1.36 times the instructions (`docs/benchmarks.md`).

use std::{borrow::Cow, fmt, marker::PhantomData, vec};

use serde::{
    Deserializer,
    de::{self, DeserializeSeed, IntoDeserializer as _, MapAccess, SeqAccess, Visitor},
    forward_to_deserialize_any,
};

use super::Text;

/// The tag of an object: it can be at any place, but only once.
pub(crate) const TAG: &str = "type";

/// The first fields of an object, in one flat list of tokens.
#[derive(Default)]
pub(crate) struct FieldBuffer<'de>(Vec<Token<'de>>);

/// A scalar, or the start of an array or object, whose values follow.
enum Token<'de> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'de, str>),
    /// The number of values.
    Array(usize),
    /// The number of fields, each a name followed by a value.
    Object(usize),
}

impl<'de> FieldBuffer<'de> {
    /// Buffers the field whose name was just read from `map`.
    pub(crate) fn push<A: MapAccess<'de>>(&mut self, name: Text<'de>, map: &mut A) -> Result<(), A::Error> {
        self.0.push(Token::Text(name.0));
        map.next_value_seed(BufferValue(&mut self.0))
    }

    /// Returns all fields: the buffered ones, then those that are left in `rest`.
    pub(crate) fn chain<A: MapAccess<'de>>(self, rest: Option<A>) -> ChainedFields<'de, A> {
        ChainedFields { buffered: self.0.into_iter(), rest, value_is_buffered: false }
    }
}

/// Appends a value to the buffer.
struct BufferValue<'b, 'de>(&'b mut Vec<Token<'de>>);

impl<'de> BufferValue<'_, 'de> {
    fn push<E>(self, token: Token<'de>) -> Result<(), E> {
        self.0.push(token);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for BufferValue<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for BufferValue<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.push(Token::Null)
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.push(Token::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.push(Token::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.push(Token::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.push(Token::Signed(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.push(Token::Float(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        self.push(Token::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E>(self, text: String) -> Result<(), E> {
        self.push(Token::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        let at = self.0.len();
        self.0.push(Token::Array(0));
        let mut count = 0;
        while values.next_element_seed(BufferValue(self.0))?.is_some() {
            count += 1;
        }
        self.0[at] = Token::Array(count);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let at = self.0.len();
        self.0.push(Token::Object(0));
        let mut count = 0;
        while fields.next_key_seed(BufferValue(self.0))?.is_some() {
            fields.next_value_seed(BufferValue(self.0))?;
            count += 1;
        }
        self.0[at] = Token::Object(count);
        Ok(())
    }
}

/// The fields of an object, the first of which are buffered.
pub(crate) struct ChainedFields<'de, A> {
    buffered: vec::IntoIter<Token<'de>>,
    rest: Option<A>,
    /// Whether the value of the name that was read last is buffered too.
    value_is_buffered: bool,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for ChainedFields<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        self.value_is_buffered = !self.buffered.as_slice().is_empty();
        match &mut self.rest {
            _ if self.value_is_buffered => {
                seed.deserialize(BufferedDeserializer::new(&mut self.buffered)).map(Some)
            }
            Some(rest) => match rest.next_key::<Text<'de>>()? {
                Some(name) if name.0 == TAG => Err(de::Error::duplicate_field(TAG)),
                Some(name) => seed.deserialize(name.0.into_deserializer()).map(Some),
                None => Ok(None),
            },
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match &mut self.rest {
            Some(rest) if !self.value_is_buffered => rest.next_value_seed(seed),
            _ => seed.deserialize(BufferedDeserializer::new(&mut self.buffered)),
        }
    }
}

/// Replays the next buffered value.
struct BufferedDeserializer<'b, 'de, E> {
    tokens: &'b mut vec::IntoIter<Token<'de>>,
    error: PhantomData<E>,
}

impl<'b, 'de, E> BufferedDeserializer<'b, 'de, E> {
    fn new(tokens: &'b mut vec::IntoIter<Token<'de>>) -> Self {
        Self { tokens, error: PhantomData }
    }
}

impl<'de, E: de::Error> Deserializer<'de> for BufferedDeserializer<'_, 'de, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.tokens.next() {
            None => Err(E::custom("missing value")),
            Some(Token::Null) => visitor.visit_unit(),
            Some(Token::Bool(value)) => visitor.visit_bool(value),
            Some(Token::Unsigned(value)) => visitor.visit_u64(value),
            Some(Token::Signed(value)) => visitor.visit_i64(value),
            Some(Token::Float(value)) => visitor.visit_f64(value),
            Some(Token::Text(Cow::Borrowed(text))) => visitor.visit_borrowed_str(text),
            Some(Token::Text(Cow::Owned(text))) => visitor.visit_string(text),
            Some(Token::Array(count)) => {
                let mut values = BufferedSeq { tokens: self.tokens, left: count, error: PhantomData };
                let array = visitor.visit_seq(&mut values)?;
                values.end(count).map(|()| array)
            }
            Some(Token::Object(count)) => {
                let mut fields = BufferedSeq { tokens: self.tokens, left: count, error: PhantomData };
                let object = visitor.visit_map(&mut fields)?;
                fields.end(count).map(|()| object)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.tokens.as_slice().first() {
            Some(Token::Null) => self.deserialize_any(visitor),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Replays the values of an array or the fields of an object.
struct BufferedSeq<'b, 'de, E> {
    tokens: &'b mut vec::IntoIter<Token<'de>>,
    left: usize,
    error: PhantomData<E>,
}

impl<E: de::Error> BufferedSeq<'_, '_, E> {
    /// Returns an error if values are left, as serde_json does.
    fn end(self, count: usize) -> Result<(), E> {
        match self.left {
            0 => Ok(()),
            left => Err(E::invalid_length(count, &format!("{} elements", count - left).as_str())),
        }
    }
}

impl<'de, E: de::Error> SeqAccess<'de> for &mut BufferedSeq<'_, 'de, E> {
    type Error = E;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, E> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        seed.deserialize(BufferedDeserializer::new(self.tokens)).map(Some)
    }
}

impl<'de, E: de::Error> MapAccess<'de> for &mut BufferedSeq<'_, 'de, E> {
    type Error = E;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, E> {
        self.next_element_seed(seed)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, E> {
        seed.deserialize(BufferedDeserializer::new(self.tokens))
    }
}

#[cfg(test)]
mod tests {
    use proptest::{
        collection::{btree_map, vec},
        prelude::*,
    };
    use serde::{Deserialize, de::value::MapAccessDeserializer};
    use serde_json::{Map, Value, json};

    use super::*;

    /// An object whose first two fields go through the buffer.
    #[derive(Debug)]
    struct HalfBuffered(Map<String, Value>);

    impl<'de> Deserialize<'de> for HalfBuffered {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct HalfBufferedVisitor;

            impl<'de> Visitor<'de> for HalfBufferedVisitor {
                type Value = HalfBuffered;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("an object")
                }

                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<HalfBuffered, A::Error> {
                    let mut buffer = FieldBuffer::default();
                    for _ in 0..2 {
                        if let Some(name) = map.next_key()? {
                            buffer.push(name, &mut map)?;
                        }
                    }
                    Deserialize::deserialize(MapAccessDeserializer::new(buffer.chain(Some(map))))
                        .map(HalfBuffered)
                }
            }

            deserializer.deserialize_map(HalfBufferedVisitor)
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..5).prop_map(Value::from),
                btree_map(".*", inner, 0..5).prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn buffered_fields_read_like_unbuffered_ones(fields in btree_map(".*", any_json(), 0..5)) {
            let whole: Map<String, Value> = fields.into_iter().collect();
            // Not every float survives the round trip through text.
            let text = serde_json::to_string(&whole).unwrap();
            let expected: Map<String, Value> = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&serde_json::from_str::<HalfBuffered>(&text).unwrap().0, &expected);
            prop_assert_eq!(&serde_json::from_value::<HalfBuffered>(expected.clone().into()).unwrap().0, &expected);
        }
    }

    #[test]
    fn values_left_in_an_array_are_an_error() {
        let json = json!({ "range": [1, 2, 3] });
        let mut tokens = Vec::new();
        BufferValue(&mut tokens).deserialize(json).unwrap();
        let pair = <std::collections::BTreeMap<String, [u32; 2]>>::deserialize(BufferedDeserializer::<
            serde_json::Error,
        >::new(
            &mut tokens.into_iter()
        ));
        insta::assert_snapshot!(pair.unwrap_err(), @"invalid length 3, expected 2 elements");
    }
}
