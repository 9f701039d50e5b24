//! JSON that is indented without a change: the order of fields, the digits of numbers and the escapes of texts remain.

use linq::types::escape;
use serde::de::IgnoredAny;

use crate::{exit_code, failure::Failure, terminal::print};

/// Prints the body of a response, indented. An empty body is `null`.
pub(crate) fn print_body(body: &[u8]) -> Result<(), Failure> {
    let text = match str::from_utf8(body) {
        Ok("") => "null",
        Ok(text) if serde_json::from_str::<IgnoredAny>(text).is_ok() => text,
        _ => {
            let failure = Failure::new("invalid response: not JSON; check the base URL");
            return Err(failure.with_kind("Decode").with_exit_code(exit_code::FAILURE));
        }
    };
    print(&format!("{}\n", indented(text, 0)))
}

/// Indents JSON by two spaces per level, starting at this level. The first line is not indented.
///
/// Characters that could control the terminal are escaped, which changes no value.
pub(crate) fn indented(json: &str, mut level: usize) -> String {
    let mut text = String::with_capacity(json.len() * 2);
    let line = |text: &mut String, level: usize| {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", level));
    };
    let mut tokens = Tokens(json).peekable();
    while let Some(token) = tokens.next() {
        match token {
            "{" | "[" if tokens.next_if(|token| matches!(*token, "}" | "]")).is_some() => {
                text.push_str(if token == "{" { "{}" } else { "[]" });
            }
            "{" | "[" => {
                level += 1;
                text.push_str(token);
                line(&mut text, level);
            }
            "}" | "]" => {
                level = level.saturating_sub(1);
                line(&mut text, level);
                text.push_str(token);
            }
            "," => {
                text.push(',');
                line(&mut text, level);
            }
            ":" => text.push_str(": "),
            _ => text.push_str(&escape(token).to_string()),
        }
    }
    text
}

/// The tokens of valid JSON: a text, a punctuation mark, a number or a name.
struct Tokens<'j>(&'j str);

impl<'j> Iterator for Tokens<'j> {
    type Item = &'j str;

    fn next(&mut self) -> Option<&'j str> {
        let json = self.0.trim_start();
        let length = match json.bytes().next()? {
            b'"' => text_length(json),
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            _ => json.find([',', ']', '}', ' ', '\n', '\r', '\t']).unwrap_or(json.len()),
        };
        let (token, rest) = json.split_at(length);
        self.0 = rest;
        Some(token)
    }
}

/// Returns the length of the text at the start, with its quotes.
fn text_length(json: &str) -> usize {
    let mut is_escaped = false;
    let end = json.bytes().skip(1).position(|byte| match byte {
        _ if is_escaped => {
            is_escaped = false;
            false
        }
        b'\\' => {
            is_escaped = true;
            false
        }
        byte => byte == b'"',
    });
    end.map_or(json.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn json_is_indented_without_a_change_of_order_digits_or_escapes() {
        let json = r#"{"z":1.50,"a":[ ],"b":[1e3,{"c":"\ud83d {x}, [\"y\"]:"}],"n":18446744073709551616,"o":{}, "t":true}"#;
        let expected = "{\n  \"z\": 1.50,\n  \"a\": [],\n  \"b\": [\n    1e3,\n    {\n      \"c\": \"\\ud83d {x}, [\\\"y\\\"]:\"\n    }\n  ],\n  \"n\": 18446744073709551616,\n  \"o\": {},\n  \"t\": true\n}";
        assert_eq!(indented(json, 0), expected);
        assert_eq!(indented("[1,2]", 1), "[\n    1,\n    2\n  ]");
    }

    #[test]
    fn indented_json_is_the_same_value_without_characters_that_control_the_terminal() {
        let hostile = "{\"\u{202e}a\\\\\":\"\u{9b}2J\u{200b}\\\"\u{feff}\"}";
        let text = indented(hostile, 0);
        assert_eq!(text, "{\n  \"\\u202ea\\\\\": \"\\u009b2J\\u200b\\\"\\ufeff\"\n}");
        let read = |json| serde_json::from_str::<Value>(json).unwrap();
        assert_eq!(read(&text), read(hostile));
    }
}
