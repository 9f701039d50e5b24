use std::fmt::{self, Write as _};

/// Escapes the characters of a text that can change a terminal, forge a line, or hide or reorder what is shown.
///
/// Print text of others, such as messages, ids, headers and errors that quote them, through this function. It escapes
/// control characters, line and paragraph separators, and the characters that are invisible or change the direction of text
/// (Unicode's default ignorable code points, except for the variation selectors of emoji). The escapes are those of JSON:
/// `\n`, `\u202e`. Quotes and backslashes are unchanged, so a line of JSON remains the same JSON value.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::escape;
///
/// assert_eq!(escape("Hi! 👍\u{1b}[2J\r\nroot# ").to_string(), r"Hi! 👍\u001b[2J\r\nroot# ");
/// ```
pub fn escape(text: impl fmt::Display) -> impl fmt::Display {
    Escaped(text)
}

struct Escaped<T>(T);

impl<T: fmt::Display> fmt::Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaper(f), "{}", self.0)
    }
}

struct Escaper<'f, 'b>(&'f mut fmt::Formatter<'b>);

impl fmt::Write for Escaper<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            match c {
                '\n' => self.0.write_str(r"\n")?,
                '\r' => self.0.write_str(r"\r")?,
                '\t' => self.0.write_str(r"\t")?,
                c if is_escaped(c) => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        write!(self.0, r"\u{unit:04x}")?;
                    }
                }
                c => self.0.write_char(c)?,
            }
        }
        Ok(())
    }
}

fn is_escaped(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Line and paragraph separators; annotations between lines.
            '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}'
            // Default_Ignorable_Code_Point, without U+FE00 to U+FE0F.
            | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Overrides, embeddings, isolates and marks of the bidirectional algorithm.
    const BIDI: [char; 12] = [
        '\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
        '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
    ];
    const ZERO_WIDTH: [char; 6] = ['\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];

    fn is_harmless(text: &str) -> bool {
        let is_separator = |c: char| matches!(c, '\u{2028}' | '\u{2029}');
        !text
            .chars()
            .any(|c| c.is_control() || is_separator(c) || BIDI.contains(&c) || ZERO_WIDTH.contains(&c))
    }

    #[test]
    fn every_character_is_unchanged_or_escaped_as_in_json() {
        for c in '\0'..=char::MAX {
            let escaped = escape(c).to_string();
            if escaped == c.to_string() {
                assert!(is_harmless(&escaped), "{c:?}");
            } else {
                assert!(escaped.bytes().all(|byte| byte.is_ascii_graphic()), "{c:?}: {escaped:?}");
                let read: String = serde_json::from_str(&format!("\"{escaped}\"")).unwrap();
                assert_eq!(read, c.to_string());
            }
        }
    }

    #[test]
    fn what_people_write_is_unchanged() {
        for text in [
            "a \"b\" 'c' \\d",
            "Tiếng Việt e\u{301}",
            "हिन्दी",
            "עברית العربية",
            "👍🏽 ❤\u{fe0f} 🇺🇸",
            "日本語\u{3000}",
        ] {
            assert_eq!(escape(text).to_string(), text);
        }
    }

    proptest! {
        #[test]
        fn escaped_text_has_no_control_separator_bidi_or_zero_width_characters(text in ".{0,40}|\\PC*|[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]*") {
            prop_assert!(is_harmless(&escape(text).to_string()));
        }

        #[test]
        fn a_line_of_json_remains_the_same_value(text in "[\\p{Any}]*") {
            let json = serde_json::to_string(&text).unwrap();
            let escaped = escape(&json).to_string();
            prop_assert!(is_harmless(&escaped));
            prop_assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), text);
        }
    }
}
