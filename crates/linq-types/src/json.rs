//! Reading JSON with errors that say where: [`JsonError::path`] names the value, as in `data.parts[1].value`; and
//! [`JsonObject`], for JSON that no type describes.
//!
//! The path is worked out from the error's position only when there is an error, so that reading what is
//! right costs nothing extra.

mod object;

use std::{borrow::Cow, fmt};

use serde::{Deserialize, de::DeserializeOwned};

pub use object::JsonObject;

/// Reads a value from JSON text.
///
/// # Errors
///
/// [`JsonError`] with the path of the value that is missing, has the wrong type or ends the JSON, or of the first byte
/// that is not UTF-8.
pub fn from_slice<T: DeserializeOwned>(json: &[u8]) -> Result<T, JsonError> {
    from_str(text(json)?)
}

/// Checks the encoding: once for the whole text is much cheaper than once for each string.
pub(crate) fn text(json: &[u8]) -> Result<&str, JsonError> {
    str::from_utf8(json).map_err(|error| JsonError::not_utf8(json, error.valid_up_to()))
}

pub(crate) fn from_str<T: DeserializeOwned>(json: &str) -> Result<T, JsonError> {
    serde_json::from_str(json).map_err(|source| JsonError::new(json.as_bytes(), source))
}

/// Text that is borrowed where it can be: unless it has escapes.
#[derive(Deserialize)]
pub(crate) struct Text<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

/// JSON that is not the value it should be.
///
/// `Display` gives the path and what is wrong there. The value found is never quoted: it can be somebody's words.
#[derive(Debug)]
pub struct JsonError {
    path: String,
    reason: String,
    syntax: bool,
}

impl JsonError {
    #[expect(clippy::needless_pass_by_value, reason = "fits `map_err`")]
    pub(crate) fn new(json: &[u8], source: serde_json::Error) -> Self {
        Self {
            path: path_at(json, offset_of(json, source.line(), source.column())),
            reason: without_value(&source.to_string()),
            syntax: source.is_syntax() || source.is_eof(),
        }
    }

    pub(crate) fn not_utf8(json: &[u8], at: usize) -> Self {
        Self { path: path_at(json, at), reason: format!("invalid UTF-8 at byte {at}"), syntax: true }
    }

    /// Puts the path of the enclosing value in front.
    pub(crate) fn inside(mut self, parent: &str) -> Self {
        match self.path.as_str() {
            "" => parent.clone_into(&mut self.path),
            path if path.starts_with('[') => self.path.insert_str(0, parent),
            _ => self.path.insert_str(0, &format!("{parent}.")),
        }
        self
    }

    /// Where the fault is, as in `data.parts[1].value`; empty for the whole text.
    ///
    /// A missing field is reported at the object that lacks it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether the text is no JSON at all, rather than JSON of another shape.
    #[must_use]
    pub fn is_syntax(&self) -> bool {
        self.syntax
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.reason)
        } else {
            write!(f, "`{}`: {}", self.path, self.reason)
        }
    }
}

impl std::error::Error for JsonError {}

/// serde writes `invalid type: string "secret", expected u32`: of the value found only its type is kept, of a name that
/// is not expected nothing.
fn without_value(message: &str) -> String {
    for prefix in ["unknown variant", "unknown field"] {
        if let Some((_, expected)) = message.strip_prefix(prefix).and_then(|rest| rest.rsplit_once("`, ")) {
            return format!("{prefix}, {expected}");
        }
    }
    for prefix in ["invalid type: ", "invalid value: "] {
        if let Some((found, expected)) =
            message.strip_prefix(prefix).and_then(|rest| rest.rsplit_once(", expected "))
        {
            let found = found.split([' ', '`', '"']).next().unwrap_or_default();
            return format!("{prefix}{found}, expected {expected}");
        }
    }
    message.to_owned()
}

fn offset_of(json: &[u8], line: usize, column: usize) -> usize {
    let line_start = match line {
        0 | 1 => 0,
        _ => {
            let newlines = json.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
            newlines.map(|(at, _)| at + 1).nth(line - 2).unwrap_or(json.len())
        }
    };
    (line_start + column).min(json.len())
}

/// A container that is open at the position in question.
enum Frame {
    Array { index: usize },
    Object { key: Option<String>, expects_key: bool },
}

/// Paths end here, so that nesting without end takes no memory; what is read has at most 128 levels.
const MAX_DEPTH: usize = 128;

/// The path of the value that ends at or spans `end`.
fn path_at(json: &[u8], end: usize) -> String {
    let mut frames = Vec::new();
    let mut deeper = 0;
    let mut at = 0;
    while at < end {
        match json[at] {
            b'{' | b'[' if frames.len() == MAX_DEPTH => deeper += 1,
            b'}' | b']' if deeper > 0 => deeper -= 1,
            b',' if deeper > 0 => {}
            b'{' => frames.push(Frame::Object { key: None, expects_key: true }),
            b'[' => frames.push(Frame::Array { index: 0 }),
            b'}' | b']' => {
                frames.pop();
            }
            b',' => match frames.last_mut() {
                Some(Frame::Array { index }) => *index += 1,
                Some(Frame::Object { key, expects_key }) => (*key, *expects_key) = (None, true),
                None => {}
            },
            b'"' => {
                let close = string_end(json, at);
                if deeper == 0
                    && let Some(Frame::Object { key, expects_key: expects_key @ true }) = frames.last_mut()
                {
                    *key = serde_json::from_slice(&json[at..close]).ok();
                    *expects_key = false;
                }
                at = close - 1;
            }
            _ => {}
        }
        at += 1;
    }
    render(&frames)
}

/// The position after the string that starts at `start`, or the end of the text if it is not closed.
fn string_end(json: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < json.len() {
        match json[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

fn render(frames: &[Frame]) -> String {
    let mut path = String::new();
    for frame in frames {
        match frame {
            Frame::Array { index } => path.push_str(&format!("[{index}]")),
            Frame::Object { key: Some(key), .. } => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
            }
            Frame::Object { key: None, .. } => {}
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Outer {
        name: String,
        inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Inner {
        size: u32,
        tags: Vec<String>,
    }

    #[test]
    fn the_path_names_the_value_at_fault() {
        for (json, path) in [
            (r#"{"name": 1}"#, "name"),
            (r#"{"name": "a", "inner": {}}"#, "inner"),
            (r#"{"name": "a", "inner": [{"size": 1, "tags": []}, {"size": "x"}]}"#, "inner[1].size"),
            (
                "{\"name\": \"a\\\"{[\",\n \"inner\": [{\n\"size\": 1, \"tags\": [\"b\", 7]}]}",
                "inner[0].tags[1]",
            ),
            (r#"{"name": "a", "inner": [{"tags": []}]}"#, "inner[0]"),
            (r#"{"inner": []}"#, ""),
            (r#"[1]"#, "[0]"),
            (r#"{"name": "a", "inner": [{"size": 1, "ta"#, "inner[0]"),
            ("", ""),
        ] {
            let error = from_slice::<Outer>(json.as_bytes()).unwrap_err();
            assert_eq!(error.path(), path, "{json}: {error}");
        }
    }

    #[test]
    fn paths_into_endless_nesting_end() {
        let json = format!(r#"{{"inner": {}{{"a": [1, {}"#, "[".repeat(126), r#"[{"b": ["#.repeat(10_000));
        let path = path_at(json.as_bytes(), json.len());
        assert_eq!(path, format!("inner{}.a", "[0]".repeat(126)));
        let closed = format!(r#"{{"inner": {}{{"a": [1, 2], "b": "#, "[".repeat(126));
        assert_eq!(path_at(closed.as_bytes(), closed.len()), format!("inner{}.b", "[0]".repeat(126)));
    }

    #[test]
    fn text_that_is_not_utf8_is_no_json() {
        let error =
            from_slice::<Outer>(b"{\"name\": \"a\", \"inner\": [{\"tags\": [\"\xff\"]}]}").unwrap_err();
        assert!(error.is_syntax());
        insta::assert_snapshot!(error, @"`inner[0].tags[0]`: invalid UTF-8 at byte 35");
    }

    #[test]
    fn the_value_found_is_never_quoted() {
        let error =
            from_slice::<Outer>(br#"{"name": "a", "inner": [{"size": "my, expected secret"}]}"#).unwrap_err();
        insta::assert_snapshot!(error, @"`inner[0].size`: invalid type: string, expected u32 at line 1 column 54");
    }

    #[test]
    fn only_text_that_is_no_json_counts_as_syntax() {
        assert!(from_slice::<Outer>(b"<html>").unwrap_err().is_syntax());
        assert!(from_slice::<Outer>(b"{\"name\"").unwrap_err().is_syntax());
        assert!(!from_slice::<Outer>(b"{}").unwrap_err().is_syntax());
    }
}
