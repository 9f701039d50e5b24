//! Values that are not read.

use super::Reader;
use crate::json::{error::Error, number, string};

impl<'de> Reader<'de> {
    /// Consumes a value of any type, checks only that it is valid, and returns its text.
    pub(crate) fn skip(&mut self) -> Result<&'de str, Error> {
        self.peek();
        let start = self.at;
        let mut open = Brackets::default();
        loop {
            match self.peek_value()? {
                b'"' => string::skip(self)?,
                b'-' | b'0'..=b'9' => number::skip(self)?,
                b'n' => self.word("null")?,
                b't' => self.word("true")?,
                b'f' => self.word("false")?,
                bracket @ (b'{' | b'[') => {
                    self.at += 1;
                    open.push(bracket == b'{');
                    match (bracket, self.peek()) {
                        (b'{', Some(b'}')) | (b'[', Some(b']')) => {}
                        (b'{', _) => {
                            self.skip_name()?;
                            continue;
                        }
                        (_, Some(_)) => continue,
                        (_, None) => return Err(self.eof("a list")),
                    }
                }
                _ => return Err(self.syntax("expected value")),
            }
            loop {
                let Some(is_object) = open.last() else { return Ok(&self.text[start..self.at]) };
                match self.peek() {
                    Some(b',') => {
                        self.at += 1;
                        if is_object {
                            self.peek();
                            self.skip_name()?;
                        }
                        break;
                    }
                    Some(b'}') if is_object => open.pop(),
                    Some(b']') if !is_object => open.pop(),
                    Some(_) if is_object => return Err(self.syntax("expected `,` or `}`")),
                    Some(_) => return Err(self.syntax("expected `,` or `]`")),
                    None => return Err(self.eof(if is_object { "an object" } else { "a list" })),
                }
                self.at += 1;
            }
        }
    }

    fn skip_name(&mut self) -> Result<(), Error> {
        match self.text.as_bytes().get(self.at) {
            Some(b'"') => string::skip(self)?,
            Some(_) => return Err(self.syntax("key must be a string")),
            None => return Err(self.eof("an object")),
        }
        self.colon()
    }

    /// Consumes a value that is checked when it is read: finds its end by quotes and brackets alone.
    pub(super) fn pass(&mut self) {
        self.peek();
        let bytes = self.text.as_bytes();
        let mut open = 0;
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'"' => self.at = string::end_of(bytes, self.at + 1),
                // `{` and `[`, `}` and `]` differ in this bit.
                _ if byte | 0x20 == b'{' => {
                    open += 1;
                    self.at += 1;
                    continue;
                }
                _ if byte | 0x20 == b'}' => {
                    if open == 0 {
                        return;
                    }
                    open -= 1;
                    self.at += 1;
                }
                b',' if open == 0 => return,
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            if open == 0 {
                return;
            }
        }
    }
}

/// Which of the open brackets are those of objects.
#[derive(Default)]
struct Brackets {
    /// The innermost ones, the last in the lowest bit.
    inner: u64,
    count: usize,
    /// Full words of those further out; empty but for nesting beyond 64 levels.
    outer: Vec<u64>,
}

impl Brackets {
    fn push(&mut self, is_object: bool) {
        if self.count > 0 && self.count.is_multiple_of(64) {
            self.outer.push(self.inner);
        }
        self.inner = self.inner << 1 | u64::from(is_object);
        self.count += 1;
    }

    fn last(&self) -> Option<bool> {
        (self.count > 0).then_some(self.inner & 1 == 1)
    }

    fn pop(&mut self) {
        self.inner >>= 1;
        self.count -= 1;
        if self.count > 0 && self.count.is_multiple_of(64) {
            self.inner = self.outer.pop().unwrap_or_default();
        }
    }
}
