use std::{collections::BTreeMap, fmt};

use serde::Deserialize;
use serde_json::{Deserializer, value::RawValue};

/// Bounds the recursion. Real events are far below it.
const MAX_DEPTH: usize = 32;

/// Writes JSON in canonical form: keys sorted by code point at every level, the last of duplicate keys kept, no
/// whitespace, text as UTF-8 with minimal escapes, numbers unchanged. The result is never longer than the input.
pub(super) fn canonical_form(json: &[u8]) -> Result<Vec<u8>, NoCanonicalForm> {
    let text = str::from_utf8(json).map_err(|_| NoCanonicalForm::NotJson)?;
    let value: &RawValue = serde_json::from_str(text).map_err(not_json)?;
    let mut out = Vec::with_capacity(text.len());
    Reader { rest: value.get() }.copy_value(MAX_DEPTH, &mut out)?;
    Ok(out)
}

/// A reader of text that is known to be JSON, so commas and colons need no checks.
struct Reader<'j> {
    rest: &'j str,
}

impl<'j> Reader<'j> {
    fn copy_value(&mut self, depth: usize, out: &mut Vec<u8>) -> Result<(), NoCanonicalForm> {
        if self.skip('{') {
            self.copy_object(depth.checked_sub(1).ok_or(NoCanonicalForm::TooDeep)?, out)
        } else if self.skip('[') {
            self.copy_array(depth.checked_sub(1).ok_or(NoCanonicalForm::TooDeep)?, out)
        } else {
            let scalar = self.read_scalar::<&RawValue>()?.get();
            match scalar.starts_with('"') {
                true => write_text(&serde_json::from_str::<String>(scalar).map_err(not_json)?, out)?,
                false => out.extend_from_slice(scalar.as_bytes()),
            }
            Ok(())
        }
    }

    fn copy_object(&mut self, depth: usize, out: &mut Vec<u8>) -> Result<(), NoCanonicalForm> {
        let mut members = BTreeMap::new();
        while !self.skip('}') {
            self.skip(',');
            let key: String = self.read_scalar()?;
            self.skip(':');
            let mut value = Vec::new();
            self.copy_value(depth, &mut value)?;
            members.insert(key, value);
        }
        out.push(b'{');
        for (at, (key, value)) in members.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            write_text(key, out)?;
            out.push(b':');
            out.extend_from_slice(value);
        }
        out.push(b'}');
        Ok(())
    }

    fn copy_array(&mut self, depth: usize, out: &mut Vec<u8>) -> Result<(), NoCanonicalForm> {
        out.push(b'[');
        while !self.skip(']') {
            if self.skip(',') {
                out.push(b',');
            }
            self.copy_value(depth, out)?;
        }
        out.push(b']');
        Ok(())
    }

    /// Skips whitespace, and then this character if it is next.
    fn skip(&mut self, character: char) -> bool {
        self.rest = self.rest.trim_ascii_start();
        let rest = self.rest.strip_prefix(character);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn read_scalar<T: Deserialize<'j>>(&mut self) -> Result<T, NoCanonicalForm> {
        let mut values = Deserializer::from_str(self.rest).into_iter();
        let scalar = values.next().ok_or(NoCanonicalForm::NotJson)?.map_err(not_json)?;
        self.rest = self.rest.get(values.byte_offset()..).unwrap_or_default();
        Ok(scalar)
    }
}

fn write_text(text: &str, out: &mut Vec<u8>) -> Result<(), NoCanonicalForm> {
    serde_json::to_writer(out, text).map_err(not_json)
}

/// The reason why a body has no canonical form that the signature could be checked against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoCanonicalForm {
    /// The body is not JSON, or contains a lone surrogate.
    NotJson,
    /// Arrays and objects are nested more than 32 levels deep.
    TooDeep,
}

impl fmt::Display for NoCanonicalForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson => "invalid JSON",
            Self::TooDeep => "nested more than 32 levels deep",
        })
    }
}

impl std::error::Error for NoCanonicalForm {}

fn not_json(_: serde_json::Error) -> NoCanonicalForm {
    NoCanonicalForm::NotJson
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(json: &str) -> Result<String, NoCanonicalForm> {
        canonical_form(json.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn equal_content_has_one_canonical_form() {
        for (json, form) in [
            (r#" { "b" : 1 , "a" : [ true , null ] } "#, r#"{"a":[true,null],"b":1}"#),
            (r#"{"b":{"d":1,"c":[{"f":1,"e":2}]},"a":{}}"#, r#"{"a":{},"b":{"c":[{"e":2,"f":1}],"d":1}}"#),
            (r#"{"a":"evil","a":"good"}"#, r#"{"a":"good"}"#),
            (r#"{"a":1,"\u0061":2}"#, r#"{"a":2}"#),
            (r#""\u00fc \ud83c\udf89 \/ \u000a \u001f""#, r#""ü 🎉 / \n \u001f""#),
            (r#"{"é":1,"z":2,"Z":3,"🎉":4,"\uffff":5}"#, "{\"Z\":3,\"z\":2,\"é\":1,\"\u{ffff}\":5,\"🎉\":4}"),
            ("[]", "[]"),
            ("7", "7"),
        ] {
            assert_eq!(canonical(json).as_deref(), Ok(form), "{json}");
            assert_eq!(canonical(form).as_deref(), Ok(form), "{json}");
        }
    }

    #[test]
    fn numbers_are_not_reformatted() {
        let numbers = "[1.0,1e5,-0,12345678901234567890123,0.1000000000000000055,1E+400]";
        assert_eq!(canonical(numbers).as_deref(), Ok(numbers));
    }

    #[test]
    fn invalid_json_has_no_canonical_form() {
        for json in
            ["", "{", "[1,]", "{\"a\"}", "nan", "01", "\"\\ud800\"", "{\"\\udc00\":1}", "[1] 2", "\"\u{1}\""]
        {
            assert_eq!(canonical(json), Err(NoCanonicalForm::NotJson), "{json}");
        }
        assert_eq!(canonical_form(b"\"\xff\""), Err(NoCanonicalForm::NotJson));
    }

    #[test]
    fn nesting_beyond_the_maximum_depth_is_an_error() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(canonical(&nested(MAX_DEPTH)), Ok(nested(MAX_DEPTH)));
        assert_eq!(canonical(&nested(MAX_DEPTH + 1)), Err(NoCanonicalForm::TooDeep));
        assert_eq!(canonical(&nested(1_000_000)), Err(NoCanonicalForm::TooDeep));
        assert_eq!(canonical(&"{\"a\":".repeat(1_000_000)), Err(NoCanonicalForm::NotJson));
    }
}
