//! The fields at the end of an object, found from its end.

use std::iter;

/// Returns the last fields of an object, from its end, as long as they are strings without escapes, or `null`.
///
/// Outside of strings, every quote begins or ends one, so that the fields of valid JSON are found for certain.
pub(crate) fn last_fields(object: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = object.trim_ascii_end().strip_suffix('}');
    iter::from_fn(move || {
        let fields = rest?.trim_ascii_end();
        let (before, value) = match last_string(fields) {
            Some((before, value)) => (before, Some(value)),
            None => (fields.strip_suffix("null")?, None),
        };
        let (before, name) = last_string(before.trim_ascii_end().strip_suffix(':')?.trim_ascii_end())?;
        rest = before.trim_ascii_end().strip_suffix(',');
        Some((name, value))
    })
}

fn last_string(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_suffix('"')?;
    let start = text.bytes().rposition(|byte| matches!(byte, b'"' | b'\\'))?;
    // The quote of an escape has a backslash in front, and is not that of the string.
    let (before, string) = (text.get(..start)?, text.get(start + 1..)?);
    (text.as_bytes()[start] == b'"' && !before.ends_with('\\')).then_some((before, string))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_from_the_end_until_something_else_than_a_plain_string_or_null() {
        for (object, fields) in [
            (r#"{"a":"1","b":null , "c" : "3" } "#, &[("c", Some("3")), ("b", None), ("a", Some("1"))][..]),
            (r#"{"data":{"a":"0"},"a":"1"}"#, &[("a", Some("1"))]),
            (r#"{"data":["a"],"a":"1"}"#, &[("a", Some("1"))]),
            (r#"{"a":"1","b":7,"c":"3"}"#, &[("c", Some("3"))]),
            (r#"{"a":"1","b":"\"","c":"3"}"#, &[("c", Some("3"))]),
            (r#"{"a":"1","b":"x\\","c":"3"}"#, &[("c", Some("3"))]),
            (r#"{"x":"\",\"a\":\"0","c":"3"}"#, &[("c", Some("3"))]),
            (r#"{"x":"\",\"a\":\"0"}"#, &[]),
            (r#"{"x":"a null"}"#, &[("x", Some("a null"))]),
            (r#"{"\u0061":"1","c":"3"}"#, &[("c", Some("3"))]),
            ("{}", &[]),
            ("null", &[]),
            ("", &[]),
        ] {
            assert_eq!(last_fields(object).collect::<Vec<_>>(), fields, "{object}");
        }
    }
}
