//! Numbers.

use serde::de::{self, Visitor};

use super::{error::Error, reader::Reader};

/// A number, as far as JSON tells its kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    Unsigned(u64),
    /// Below zero.
    Signed(i64),
    Float(f64),
}

impl Number {
    #[inline]
    pub(super) fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Unsigned(number) => visitor.visit_u64(number),
            Self::Signed(number) => visitor.visit_i64(number),
            Self::Float(number) => visitor.visit_f64(number),
        }
    }

    pub(super) fn unexpected(self) -> de::Unexpected<'static> {
        match self {
            Self::Unsigned(number) => de::Unexpected::Unsigned(number),
            Self::Signed(number) => de::Unexpected::Signed(number),
            Self::Float(number) => de::Unexpected::Float(number),
        }
    }

    /// The integer that a float such as `1.0` is.
    #[inline]
    pub(super) fn whole(self) -> Self {
        match self {
            Self::Float(number) => whole(number),
            integer => integer,
        }
    }
}

#[cold]
#[expect(clippy::cast_possible_truncation, reason = "the number is whole and in range")]
fn whole(number: f64) -> Number {
    /// Beyond it not every integer is a float.
    const LIMIT: f64 = 9_007_199_254_740_992.0;
    if number.fract() != 0.0 || number.abs() > LIMIT {
        return Number::Float(number);
    }
    let number = number as i64;
    u64::try_from(number).map_or(Number::Signed(number), Number::Unsigned)
}

/// Reads a number if it is an integer of at most 18 digits, which are those that fit in any case; consumes nothing otherwise.
#[inline]
pub(super) fn short(reader: &mut Reader<'_>) -> Option<u64> {
    let bytes = reader.text.as_bytes().get(reader.at..)?;
    let mut number = 0;
    for (digits, byte) in bytes.iter().take(19).enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            // A leading zero is the only digit.
            let is_valid = digits == 1 || (digits > 1 && bytes[0] != b'0');
            if !is_valid || matches!(byte, b'.' | b'e' | b'E') {
                return None;
            }
            reader.at += digits;
            return Some(number);
        }
        number = number * 10 + u64::from(digit);
    }
    None
}

/// Reads a number; the cursor is on its first byte.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<Number, Error> {
    if let Some(number) = short(reader) {
        return Ok(Number::Unsigned(number));
    }
    let start = reader.at;
    scan(reader)?;
    let text = &reader.text[start..reader.at];
    if let Ok(number) = text.parse() {
        return Ok(Number::Unsigned(number));
    }
    match text.parse() {
        // -0 is a float.
        Ok(0) | Err(_) => {}
        Ok(number) => return Ok(Number::Signed(number)),
    }
    // The same float as from `serde_json`, to the last bit.
    match serde_json::from_str(text) {
        Ok(number) => Ok(Number::Float(number)),
        Err(_) => Err(reader.syntax("number out of range")),
    }
}

/// Consumes a number without reading it.
#[inline]
pub(super) fn skip(reader: &mut Reader<'_>) -> Result<(), Error> {
    match short(reader) {
        Some(_) => Ok(()),
        None => scan(reader),
    }
}

fn scan(reader: &mut Reader<'_>) -> Result<(), Error> {
    integer_text(reader)?;
    let byte = |reader: &Reader<'_>| reader.text.as_bytes().get(reader.at).copied();
    if byte(reader) == Some(b'.') {
        reader.at += 1;
        digits(reader)?;
    }
    if matches!(byte(reader), Some(b'e' | b'E')) {
        reader.at += 1;
        if matches!(byte(reader), Some(b'+' | b'-')) {
            reader.at += 1;
        }
        digits(reader)?;
    }
    Ok(())
}

/// Consumes the part of a number in front of its fraction.
pub(super) fn integer_text<'de>(reader: &mut Reader<'de>) -> Result<&'de str, Error> {
    let bytes = reader.text.as_bytes();
    let start = reader.at;
    if bytes.get(start) == Some(&b'-') {
        reader.at += 1;
    }
    let zero = bytes.get(reader.at) == Some(&b'0');
    let count = digits(reader)?;
    if zero && count > 1 {
        reader.at -= count - 1;
        return Err(reader.syntax("invalid number"));
    }
    Ok(&reader.text[start..reader.at])
}

/// Consumes one digit or more.
fn digits(reader: &mut Reader<'_>) -> Result<usize, Error> {
    let rest = &reader.text.as_bytes()[reader.at..];
    let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    reader.at += count;
    match count {
        0 if rest.is_empty() => Err(reader.syntax("EOF while parsing a value")),
        0 => Err(reader.syntax("invalid number")),
        _ => Ok(count),
    }
}

/// The integer that a text says, without anything around it.
pub(super) fn quoted(text: &str) -> Option<Number> {
    let mut reader = Reader::new(text);
    let number = match text.as_bytes().first() {
        Some(b'-' | b'0'..=b'9') => read(&mut reader).ok()?.whole(),
        _ => return None,
    };
    (reader.at == text.len() && !matches!(number, Number::Float(_))).then_some(number)
}
