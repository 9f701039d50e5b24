//! Reads JSON with errors that name the value at fault, such as `data.parts[1].value`; and untyped JSON, [`JsonObject`]
//! and [`RawJson`].
//!
//! The path is worked out from the position of the error, and only when there is one: valid input pays nothing for it.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, de::DeserializeOwned};

#[cfg(test)]
mod differential;
mod error;
mod last_fields;
mod lenient;
mod number;
mod object;
mod raw;
mod reader;
mod string;
mod tagged;

pub(crate) use error::Error;
pub(crate) use last_fields::last_fields;
pub(crate) use lenient::leniently;
pub use object::JsonObject;
pub use raw::RawJson;
pub(crate) use reader::Reader;
pub(crate) use tagged::{Tagged, tagged};

/// Reads a value from JSON text, as leniently as the responses and events of the service require.
///
/// - An `Option` whose value is JSON of another type or form is `None`. Only what is not optional has to match its type.
/// - An integer may be written as `1.0` or as `"480"`, and an empty list as `null`.
/// - A [`Timestamp`](crate::Timestamp) without an offset is in UTC, and digits below nanoseconds are ignored.
/// - Half of a surrogate pair reads as U+FFFD.
/// - A field that occurs twice in an object is an error.
///
/// # Errors
///
/// Returns an error if the text is not UTF-8, is not JSON, or does not match the type.
pub fn from_slice<T: DeserializeOwned>(json: &[u8]) -> Result<T, JsonError> {
    from_str(utf8(json)?)
}

/// Reads a value from JSON text that somebody here wrote, not the service: every value must have the type and the form
/// that is expected. Half of a surrogate pair reads as U+FFFD, as with [`from_slice`].
///
/// # Errors
///
/// Returns an error if the text is not UTF-8, is not JSON, or does not match the type exactly.
pub fn from_slice_strict<T: DeserializeOwned>(json: &[u8]) -> Result<T, JsonError> {
    let json = utf8(json)?;
    read(Reader::strict(json)).map_err(|error| JsonError::at(json, &error))
}

/// Validates the encoding of the whole text, which is much cheaper than validating each string.
pub(crate) fn utf8(json: &[u8]) -> Result<&str, JsonError> {
    str::from_utf8(json).map_err(|error| JsonError::not_utf8(json, error.valid_up_to()))
}

pub(crate) fn from_str<T: DeserializeOwned>(json: &str) -> Result<T, JsonError> {
    read(Reader::new(json)).map_err(|error| JsonError::at(json, &error))
}

/// Reads the value from the whole text.
pub(crate) fn read<'de, T: Deserialize<'de>>(mut reader: Reader<'de>) -> Result<T, Error> {
    let value = T::deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// A string that borrows from the input unless it contains escapes.
#[derive(Deserialize)]
pub(crate) struct Text<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

/// The error when text is not JSON, or not JSON of the expected type.
///
/// `Display` writes the path and the cause. It never quotes the value found, which can be private.
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

    pub(crate) fn at(json: &str, error: &Error) -> Self {
        let reason = match error.is_syntax() {
            true => format!("{} at byte {}", error.reason(), error.at()),
            false => without_value(error.reason()),
        };
        Self { path: path_at(json.as_bytes(), error.at()), reason, syntax: error.is_syntax() }
    }

    pub(crate) fn not_utf8(json: &[u8], at: usize) -> Self {
        Self { path: path_at(json, at), reason: format!("invalid UTF-8 at byte {at}"), syntax: true }
    }

    /// Prefixes the path with that of the enclosing value.
    pub(crate) fn inside(mut self, parent: &str) -> Self {
        match self.path.as_str() {
            "" => parent.clone_into(&mut self.path),
            path if path.starts_with('[') => self.path.insert_str(0, parent),
            _ => self.path.insert_str(0, &format!("{parent}.")),
        }
        self
    }

    /// Returns the path of the value at fault, such as `data.parts[1].value`; empty for the outermost value.
    ///
    /// The path of a missing field is that of the object that lacks it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns `true` if the text is not JSON, and `false` if it is JSON of another type.
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

/// Removes the value found from a message of serde: of `invalid type: string "secret", expected u32` only the type of the
/// value remains, of an unknown variant or field nothing.
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

/// A container that is open at the position of the error.
enum Frame {
    Array { index: usize },
    Object { key: Option<String>, expects_key: bool },
}

/// Bounds the memory of a path. serde_json reads at most 128 levels.
const MAX_DEPTH: usize = 128;

/// Returns the path of the value that ends at or spans `end`.
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
                    *key = str::from_utf8(&json[at..close]).ok().and_then(|name| from_str(name).ok());
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

/// Returns the position after the string that starts at `start`, or the end of the text if it is not closed.
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
    fn integers_and_lists_in_other_forms_are_read_unless_the_reader_is_strict() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Values {
            size: i64,
            list: Vec<u8>,
        }
        for (json, size) in [
            (r#"{"size": 1.0, "list": [2.0, "3"]}"#, 1),
            (r#"{"size": -4e2, "list": ["2", 3]}"#, -400),
            (r#"{"size": "480", "list": [2, 3.0]}"#, 480),
            (r#"{"size": "-1", "list": [2.0, 3]}"#, -1),
        ] {
            let values = from_slice::<Values>(json.as_bytes()).unwrap();
            assert_eq!(values, Values { size, list: vec![2, 3] }, "{json}");
            assert!(!from_slice_strict::<Values>(json.as_bytes()).unwrap_err().is_syntax(), "{json}");
        }
        let null = br#"{"size": 1, "list": null}"#;
        assert!(from_slice::<Values>(null).unwrap().list.is_empty());
        assert_eq!(from_slice_strict::<Values>(null).unwrap_err().path(), "list");
        for size in [
            "1.5",
            r#""1.5""#,
            r#""""#,
            r#""+1""#,
            r#"" 1""#,
            r#""01""#,
            r#""a""#,
            "1e30",
            r#""9223372036854775808""#,
        ] {
            let json = format!(r#"{{"size": {size}, "list": []}}"#);
            assert_eq!(from_slice::<Values>(json.as_bytes()).unwrap_err().path(), "size", "{size}");
        }
    }

    #[test]
    fn a_value_of_another_type_is_absent_in_the_innermost_option_unless_the_reader_is_strict() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Person {
            name: String,
            age: Option<u8>,
            home: Option<Place>,
            tags: Option<Vec<Option<String>>>,
        }
        #[derive(Debug, PartialEq, Deserialize)]
        struct Place {
            city: String,
            floor: Option<i8>,
        }
        let place = |floor| Some(Place { city: "Oslo".to_owned(), floor });
        let deep = "[".repeat(1_000) + &"]".repeat(1_000);
        for value in ["true", "640.5", "\"x\"", "1e400", "[1]", "{}", deep.as_str()] {
            for (json, age, home, tags) in [
                (
                    format!(r#""age":{value},"home":{{"floor":-1,"city":"Oslo"}}"#),
                    None,
                    place(Some(-1)),
                    None,
                ),
                (
                    format!(r#""home":{{"floor":{value},"city":"Oslo"}},"age":"7""#),
                    Some(7),
                    place(None),
                    None,
                ),
                (format!(r#""home":{{"floor":3,"city":[{value}]}},"age":7.0"#), Some(7), None, None),
                (format!(r#""tags":["a",[{value}],"b"],"age":7"#), Some(7), None, Some(["a", "", "b"])),
                (format!(r#""tags":{{"a":{value}}},"age":7"#), Some(7), None, None),
            ] {
                let json = format!(r#"{{{json},"name":"Ada"}}"#);
                let tags = tags.map(|tags| {
                    tags.map(|tag| Some(tag.to_owned()).filter(|tag| !tag.is_empty())).into_iter().collect()
                });
                let expected = Person { name: "Ada".to_owned(), age, home, tags };
                assert_eq!(from_slice::<Person>(json.as_bytes()).unwrap(), expected, "{json:.99}");
                assert!(from_slice_strict::<Person>(json.as_bytes()).is_err(), "{json:.99}");
            }
            let json = format!(r#"{{"name":[{value}],"age":7}}"#);
            assert!(from_slice::<Person>(json.as_bytes()).is_err(), "{json:.99}");
        }
        for broken in [r#"{"name":"Ada","age":tru}"#, r#"{"name":"Ada","age":{"a":[1,]}}"#] {
            assert!(from_slice::<Person>(broken.as_bytes()).unwrap_err().is_syntax(), "{broken}");
        }
        let twice = r#"{"name":"Ada","home":{"city":"Oslo","city":"Bergen"}}"#;
        assert_eq!(from_slice::<Person>(twice.as_bytes()).unwrap_err().path(), "home.city");
    }

    #[test]
    fn an_error_has_the_path_of_the_value_at_fault() {
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
            (r#"[1]"#, ""),
            (r#"{"name": "a", "inner": [{"size": 1, "ta"#, "inner[0]"),
            ("", ""),
        ] {
            let error = from_slice::<Outer>(json.as_bytes()).unwrap_err();
            assert_eq!(error.path(), path, "{json}: {error}");
        }
    }

    #[test]
    fn a_path_has_at_most_128_levels() {
        let json = format!(r#"{{"inner": {}{{"a": [1, {}"#, "[".repeat(126), r#"[{"b": ["#.repeat(10_000));
        let path = path_at(json.as_bytes(), json.len());
        assert_eq!(path, format!("inner{}.a", "[0]".repeat(126)));
        let closed = format!(r#"{{"inner": {}{{"a": [1, 2], "b": "#, "[".repeat(126));
        assert_eq!(path_at(closed.as_bytes(), closed.len()), format!("inner{}.b", "[0]".repeat(126)));
    }

    #[test]
    fn invalid_utf8_is_a_syntax_error_with_its_path() {
        let error =
            from_slice::<Outer>(b"{\"name\": \"a\", \"inner\": [{\"tags\": [\"\xff\"]}]}").unwrap_err();
        assert!(error.is_syntax());
        insta::assert_snapshot!(error, @"`inner[0].tags[0]`: invalid UTF-8 at byte 35");
    }

    #[test]
    fn an_error_does_not_quote_the_value_found() {
        let error =
            from_slice::<Outer>(br#"{"name": "a", "inner": [{"size": "my, expected secret"}]}"#).unwrap_err();
        insta::assert_snapshot!(error, @"`inner[0].size`: invalid type: string, expected u32");
    }

    #[test]
    fn only_invalid_json_is_a_syntax_error() {
        assert!(from_slice::<Outer>(b"<html>").unwrap_err().is_syntax());
        assert!(from_slice::<Outer>(b"{\"name\"").unwrap_err().is_syntax());
        assert!(!from_slice::<Outer>(b"{}").unwrap_err().is_syntax());
    }
}
