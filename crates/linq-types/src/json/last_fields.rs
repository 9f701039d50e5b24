//! The fields at the end of an object, found from its end.

use std::iter;

/// The last fields of an object, backwards, as long as they are plain strings or `null`.
///
/// In JSON this is no guess: outside of strings every quote begins or ends one, and inside of them quotes have a backslash
/// in front. A string with a backslash ends the search.
pub(crate) fn last_fields(object: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = object.trim_ascii_end().strip_suffix('}');
    iter::from_fn(move || {
        let fields = rest?.trim_ascii_end();
        let (before, value) = match fields.strip_suffix("null") {
            Some(before) => (before, None),
            None => {
                let (before, value) = last_string(fields)?;
                (before, Some(value))
            }
        };
        let (before, name) = last_string(before.trim_ascii_end().strip_suffix(':')?.trim_ascii_end())?;
        rest = before.trim_ascii_end().strip_suffix(',');
        Some((name, value))
    })
}

fn last_string(text: &str) -> Option<(&str, &str)> {
    let (before, string) = text.strip_suffix('"')?.rsplit_once('"')?;
    (!string.contains('\\') && !before.ends_with('\\')).then_some((before, string))
}
