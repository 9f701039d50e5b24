use std::fmt;

/// A kind of character that no API key or signing secret has: what copying it from somewhere else has added.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::StrayCharacter;
///
/// assert_eq!(StrayCharacter::find("whsec_c2VjcmV0"), None);
/// assert_eq!(StrayCharacter::find("\"whsec_c2VjcmV0\""), Some(StrayCharacter::Quote));
/// assert_eq!(StrayCharacter::find("\u{feff}whsec_c2VjcmV0"), Some(StrayCharacter::Invisible));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StrayCharacter {
    /// Whitespace of any kind, such as a line break or a no-break space.
    Whitespace,
    /// A quote.
    Quote,
    /// A control character, or one outside of ASCII, such as a byte order mark or a zero-width space.
    Invisible,
}

impl StrayCharacter {
    /// Returns the kind of the first stray character in or around the text.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        text.chars().find_map(|character| match character {
            _ if character.is_whitespace() => Some(Self::Whitespace),
            '"' | '\'' | '`' | '«' | '»' | '\u{2018}'..='\u{201f}' => Some(Self::Quote),
            _ if character.is_ascii_graphic() => None,
            _ => Some(Self::Invisible),
        })
    }

    /// Returns the kind of the stray character at the start or the end of a text that may contain any characters.
    ///
    /// Quotes count only in pairs.
    #[must_use]
    pub fn find_around(text: &str) -> Option<Self> {
        let (first, last) = (text.chars().next()?, text.chars().next_back()?);
        let either = |is_stray: fn(char) -> bool| is_stray(first) || is_stray(last);
        let is_quoted = first == last && matches!(first, '"' | '\'' | '`') && text.len() > 1;
        if either(char::is_whitespace) {
            Some(Self::Whitespace)
        } else if either(is_invisible) {
            Some(Self::Invisible)
        } else {
            is_quoted.then_some(Self::Quote)
        }
    }
}

fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Writes what the text has, such as "it has quotes in or around it", and what to do.
impl fmt::Display for StrayCharacter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Whitespace => "it has whitespace in or around it; remove it, for example a line break at the end",
            Self::Quote => "it has quotes in or around it; remove them",
            Self::Invisible => {
                "it has characters that are invisible or not ASCII, such as a byte order mark or a zero-width space; \
                 type it again or copy it from the original"
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{StrayCharacter::*, *};

    /// What copying adds, in each kind.
    const STRAY: [(StrayCharacter, &[&str]); 3] = [
        (
            Whitespace,
            &[" ", "\n", "\r\n", "\t", "\u{b}", "\u{85}", "\u{a0}", "\u{2028}", "\u{202f}", "\u{3000}"],
        ),
        (Quote, &["\"", "'", "`", "“", "”", "‘", "’", "„", "«", "»"]),
        (
            Invisible,
            &["\0", "\u{7f}", "\u{ad}", "\u{200b}", "\u{200d}", "\u{2060}", "\u{202a}", "\u{feff}", "é", "–"],
        ),
    ];

    #[test]
    fn a_stray_character_is_found_in_front_of_a_text_behind_it_and_in_it() {
        for (kind, characters) in STRAY {
            for stray in characters {
                for text in
                    [format!("{stray}key"), format!("key{stray}"), format!("k{stray}y"), (*stray).to_owned()]
                {
                    assert_eq!(StrayCharacter::find(&text), Some(kind), "{text:?}");
                }
            }
        }
        let printable: String =
            ('!'..='~').filter(|character| !matches!(character, '"' | '\'' | '`')).collect();
        for clean in ["", &printable] {
            assert_eq!(StrayCharacter::find(clean), None, "{clean:?}");
        }
    }

    #[test]
    fn around_a_text_of_any_characters_only_what_nobody_types_is_stray() {
        for (text, kind) in [
            (" geheim", Some(Whitespace)),
            ("geheim\u{a0}", Some(Whitespace)),
            ("\u{feff}geheim", Some(Invisible)),
            ("geheim\u{200b}", Some(Invisible)),
            ("geheim\0", Some(Invisible)),
            ("\"geheim\"", Some(Quote)),
            ("'geheim'", Some(Quote)),
            ("geheim ✓", None),
            ("the players'", None),
            ("\"", None),
            ("é", None),
            ("", None),
        ] {
            assert_eq!(StrayCharacter::find_around(text), kind, "{text:?}");
        }
    }
}
