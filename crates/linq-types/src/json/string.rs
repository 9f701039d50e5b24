//! Strings: the end of a plain one is found eight bytes at a time; escapes are decoded into text of their own.

use super::{error::Error, reader::Reader};

/// Reads a string without escapes and control characters; the cursor is on its quote and stays there if it has some.
pub(super) fn plain<'de>(reader: &mut Reader<'de>) -> Option<&'de str> {
    let start = reader.at + 1;
    let end = plain_end(reader.text.as_bytes(), start);
    if reader.text.as_bytes().get(end) != Some(&b'"') {
        return None;
    }
    reader.at = end + 1;
    reader.text.get(start..end)
}

/// The same as bytes.
#[inline]
pub(super) fn plain_bytes<'de>(reader: &mut Reader<'de>) -> Option<&'de [u8]> {
    let bytes = reader.text.as_bytes();
    let start = reader.at + 1;
    let end = plain_end(bytes, start);
    if bytes.get(end) != Some(&b'"') {
        return None;
    }
    reader.at = end + 1;
    bytes.get(start..end)
}

/// Consumes a string without reading it.
#[inline]
pub(super) fn skip(reader: &mut Reader<'_>) -> Result<(), Error> {
    let bytes = reader.text.as_bytes();
    reader.at = plain_end(bytes, reader.at + 1);
    loop {
        match bytes.get(reader.at) {
            Some(b'"') => {
                reader.at += 1;
                return Ok(());
            }
            Some(b'\\') => {
                escape(reader)?;
            }
            _ => return Err(unclosed(reader)),
        }
        reader.at = plain_end(bytes, reader.at);
    }
}

/// The position after a string that is checked later; `at` is behind its opening quote.
pub(super) fn end_of(bytes: &[u8], mut at: usize) -> usize {
    loop {
        at = plain_end(bytes, at);
        match bytes.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return bytes.len(),
        }
    }
}

/// The position of the first byte that ends plain text: a quote, a backslash, a control character, or the end.
#[inline]
fn plain_end(bytes: &[u8], start: usize) -> usize {
    const fn all(byte: u8) -> u64 {
        u64::from_le_bytes([byte; 8])
    }
    let Some(text) = bytes.get(start..) else { return bytes.len() };
    let (words, rest) = text.as_chunks();
    let mut at = start;
    for word in words {
        let word = u64::from_le_bytes(*word);
        // A byte that is less than subtracted sets its high bit, and may set those of later bytes. Less than 0x21 are, with
        // their second bit turned, the control characters and the quote.
        let quote_or_control = (word ^ all(0x02)).wrapping_sub(all(0x21));
        let backslash = (word ^ all(b'\\')).wrapping_sub(all(0x01));
        let found = (quote_or_control | backslash) & !word & all(0x80);
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..b' '));
    at + plain.unwrap_or(rest.len())
}

/// Reads a string that is not plain.
#[cold]
pub(super) fn decode(reader: &mut Reader<'_>) -> Result<String, Error> {
    let text = reader.text;
    let start = reader.at + 1;
    reader.at = plain_end(text.as_bytes(), start);
    let mut decoded = String::with_capacity(end_of(text.as_bytes(), start) - start);
    decoded.push_str(&text[start..reader.at]);
    loop {
        match text.as_bytes().get(reader.at) {
            Some(b'"') => {
                reader.at += 1;
                return Ok(decoded);
            }
            Some(b'\\') => decoded.push(escape(reader)?),
            _ => return Err(unclosed(reader)),
        }
        let end = plain_end(text.as_bytes(), reader.at);
        decoded.push_str(&text[reader.at..end]);
        reader.at = end;
    }
}

/// Reads an escape; the cursor is on its backslash. Half of a surrogate pair is U+FFFD.
#[inline]
fn escape(reader: &mut Reader<'_>) -> Result<char, Error> {
    reader.at += 1;
    let Some(kind) = reader.text.as_bytes().get(reader.at) else { return Err(unclosed(reader)) };
    reader.at += 1;
    Ok(match kind {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\x08',
        b'f' => '\x0C',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => unicode(reader)?,
        _ => return Err(reader.syntax("invalid escape")),
    })
}

#[cold]
fn unicode(reader: &mut Reader<'_>) -> Result<char, Error> {
    let unit = hex(reader)?;
    if let 0xD800..0xDC00 = unit
        && reader.text.as_bytes().get(reader.at..reader.at + 2) == Some(b"\\u")
    {
        let mut low = *reader;
        low.at += 2;
        if let low_unit @ 0xDC00..0xE000 = hex(&mut low)? {
            *reader = low;
            let code = 0x1_0000 + ((unit - 0xD800) << 10) + (low_unit - 0xDC00);
            return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
    }
    Ok(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn hex(reader: &mut Reader<'_>) -> Result<u32, Error> {
    let Some(digits) = reader.text.as_bytes()[reader.at..].first_chunk::<4>() else {
        reader.at = reader.text.len();
        return Err(unclosed(reader));
    };
    let mut unit = 0;
    for digit in digits {
        let digit = char::from(*digit).to_digit(16).ok_or_else(|| reader.syntax("invalid escape"))?;
        unit = unit << 4 | digit;
    }
    reader.at += 4;
    Ok(unit)
}

#[cold]
fn unclosed(reader: &Reader<'_>) -> Error {
    match reader.text.as_bytes().get(reader.at) {
        Some(_) => reader.syntax("control character (\\u0000-\\u001F) found while parsing a string"),
        None => reader.syntax("EOF while parsing a string"),
    }
}
