//! A cursor in JSON text that is known to be UTF-8.
//!
//! It reads what `serde_json` reads, with the same results, and a few more forms: see [`super::from_slice`]. Strings are scanned
//! eight bytes at a time and borrowed from the text. No line or column is counted: an error has the offset of its byte. The
//! cursor is a `Copy` value, so that a later field can be looked up before the fields in front of it are read.

use std::borrow::Cow;

use super::{error::Error, string};

mod access;
mod deserializer;
mod fallback;
mod skip;
mod variants;

/// The field that names the type of an object.
pub(super) const TAG: &str = "type";

/// The token by which [`tagged`](super::tagged) asks for the tag of an object.
pub(super) const TAGGED: &str = "$linq_types::json::tagged";

/// The token by which [`leniently`](super::leniently) asks whether a value may be read in other forms.
pub(super) const LENIENT: &str = "$linq_types::json::lenient";

/// The maximum depth of nested arrays and objects, which is that of `serde_json`.
const MAX_DEPTH: u8 = 127;

/// A cursor in JSON text.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'de> {
    pub(super) text: &'de str,
    pub(super) at: usize,
    /// How many more levels may be opened.
    depth: u8,
    /// Where the tag of the object is that is read next, if it was looked up.
    tag: Option<usize>,
    /// Whether every value must have the type and the form that is expected.
    is_strict: bool,
}

impl<'de> Reader<'de> {
    pub(crate) fn new(text: &'de str) -> Self {
        Self { text, at: 0, depth: MAX_DEPTH, tag: None, is_strict: false }
    }

    /// Creates a reader that accepts every value only in the type and the form that is expected.
    pub(crate) fn strict(text: &'de str) -> Self {
        Self { is_strict: true, ..Self::new(text) }
    }

    /// Checks that nothing but white space follows.
    pub(crate) fn end(&mut self) -> Result<(), Error> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.syntax("trailing characters")),
        }
    }

    /// Opens an object, whose fields are read with [`next_name`](Self::next_name).
    pub(crate) fn begin_object(&mut self) -> Result<(), Error> {
        match self.peek() {
            Some(b'{') => {
                self.at += 1;
                Ok(())
            }
            _ => Err(self.invalid_type(&"an object")),
        }
    }

    /// Reads the next name of an object and stops in front of its value; `None` at the end of the object.
    pub(crate) fn next_name(&mut self) -> Result<Option<Cow<'de, str>>, Error> {
        let first = self.text.as_bytes()[..self.at].last() == Some(&b'{');
        if !self.next_field(first)? {
            self.at += 1;
            return Ok(None);
        }
        let name = self.string()?;
        self.colon()?;
        Ok(Some(name))
    }

    /// Moves to the next name of an object, or to its end. `false` means the end.
    #[inline]
    fn next_field(&mut self, first: bool) -> Result<bool, Error> {
        let name = self.at + usize::from(!first);
        let bytes = self.text.as_bytes();
        if bytes.get(name) == Some(&b'"') && (first || bytes[self.at] == b',') {
            self.at = name;
            return Ok(true);
        }
        self.next_spaced_field(first)
    }

    /// The same with white space, at the end, or with an error.
    fn next_spaced_field(&mut self, first: bool) -> Result<bool, Error> {
        match self.peek() {
            Some(b'}') => return Ok(false),
            Some(b',') if !first => {
                self.at += 1;
                self.peek();
            }
            Some(_) if first => {}
            Some(_) => return Err(self.syntax("expected `,` or `}`")),
            None => return Err(self.eof("an object")),
        }
        match self.text.as_bytes().get(self.at) {
            Some(b'"') => Ok(true),
            Some(b'}') => Err(self.syntax("trailing comma")),
            Some(_) => Err(self.syntax("key must be a string")),
            None => Err(self.eof("a value")),
        }
    }

    /// Moves to the next byte that is not white space, and returns it.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                byte => return byte.copied(),
            }
        }
    }

    /// The next byte, of a value that must be there.
    #[inline]
    fn peek_value(&mut self) -> Result<u8, Error> {
        self.peek().ok_or_else(|| self.eof("a value"))
    }

    #[cold]
    fn eof(&self, parsing: &str) -> Error {
        Error::syntax(&format!("EOF while parsing {parsing}"), self.at)
    }

    #[cold]
    pub(super) fn syntax(&self, reason: &str) -> Error {
        Error::syntax(reason, self.at)
    }

    #[inline]
    fn descend(&mut self) -> Result<(), Error> {
        self.depth = self.depth.checked_sub(1).ok_or_else(|| self.syntax("recursion limit exceeded"))?;
        Ok(())
    }

    /// Consumes `null`, `true` or `false`.
    #[inline]
    fn word(&mut self, word: &str) -> Result<(), Error> {
        let end = self.at + word.len();
        if self.text.as_bytes().get(self.at..end) == Some(word.as_bytes()) {
            self.at = end;
            return Ok(());
        }
        Err(self.wrong_word(word))
    }

    #[cold]
    fn wrong_word(&mut self, word: &str) -> Error {
        let rest = self.text.as_bytes()[self.at..].iter();
        let same = rest.zip(word.as_bytes()).take_while(|(found, expected)| found == expected).count();
        self.at += same;
        match self.text.len() == self.at {
            true => self.eof("a value"),
            false => self.syntax("expected ident"),
        }
    }

    /// Consumes a string; the cursor is on its quote.
    #[inline]
    pub(super) fn string(&mut self) -> Result<Cow<'de, str>, Error> {
        match string::plain(self) {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => string::decode(self).map(Cow::Owned),
        }
    }

    /// Whether the name where the cursor is is `type`, written without escapes.
    fn is_at_tag(&self) -> bool {
        self.text.as_bytes()[self.at..].starts_with(b"\"type\"")
    }

    /// Looks up the field `type` of the object where the cursor is, and notes where its name is. Returns its value if that
    /// is a string.
    fn look_up_tag(&mut self) -> Option<Cow<'de, str>> {
        let mut ahead = *self;
        ahead.begin_object().ok()?;
        while let Some(at) = ahead.next_field(ahead.at == self.at + 1).ok()?.then_some(ahead.at) {
            let is_tag = ahead.string().ok()? == TAG;
            ahead.colon().ok()?;
            if is_tag {
                self.tag = Some(at);
                return match ahead.peek() {
                    Some(b'"') => ahead.string().ok(),
                    _ => None,
                };
            }
            ahead.pass();
        }
        None
    }

    #[inline]
    fn colon(&mut self) -> Result<(), Error> {
        match self.peek() {
            Some(b':') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(self.syntax("expected `:`")),
            None => Err(self.eof("an object")),
        }
    }
}
