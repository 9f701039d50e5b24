use std::ops::Range;

/// Finds what people and devices read as links: URLs with a scheme, domains with or without a path, and email addresses.
///
/// Punctuation after a link does not belong to it.
pub(super) fn links(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    text.split_inclusive(ends_word).filter_map(move |piece| {
        let start = at;
        at += piece.len();
        let word = piece.trim_end_matches(ends_word);
        let opening = word.find(|c: char| c.is_ascii_alphanumeric())?;
        let word = without_closing(&word[opening..]);
        let link = start_of_link(word)?;
        let url = without_closing(&word[link..]);
        let start = start + opening + link;
        Some(start..start + url.len())
    })
}

/// Returns `true` if the text is one URL of the web.
#[cfg(feature = "markdown")]
pub(super) fn is_web_link(text: &str) -> bool {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    is_web && links(text).next() == Some(0..text.len())
}

/// Whitespace, and the punctuation that no URL has.
fn ends_word(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '<' | '>' | '"' | '“' | '”' | '„' | '«' | '»')
        || matches!(character, '\u{3000}'..='\u{303f}' | '！' | '（' | '）' | '，' | '：' | '；' | '？' | '｡')
}

/// Cuts off punctuation at the end. A closing bracket stays if the word has the opening one.
fn without_closing(mut word: &str) -> &str {
    while let Some(last) = word.chars().next_back() {
        let is_closing = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '~' | '…' => true,
            ')' => word.matches('(').count() < word.matches(')').count(),
            ']' => word.matches('[').count() < word.matches(']').count(),
            '}' => word.matches('{').count() < word.matches('}').count(),
            _ => false,
        };
        if !is_closing {
            break;
        }
        word = &word[..word.len() - last.len_utf8()];
    }
    word
}

fn start_of_link(word: &str) -> Option<usize> {
    if let Some(colon) = word.find("://") {
        let scheme = word[..colon].rsplit(|c| !is_scheme(c)).next()?;
        let scheme = scheme.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
        return (!scheme.is_empty()).then_some(colon - scheme.len());
    }
    let head = word.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = head.rsplit('@').next().unwrap_or_default();
    let is_mail = ["mailto:", "tel:", "sms:"].iter().any(|scheme| word.starts_with(scheme));
    (is_mail || is_domain(host)).then_some(0)
}

fn is_scheme(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '+' | '-' | '.')
}

fn is_domain(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    host.rsplit_once('.').is_some_and(|(labels, top)| {
        top.len() >= 2
            && top.bytes().all(|byte| byte.is_ascii_alphabetic())
            && labels.split('.').all(is_label)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_without_the_punctuation_around_them() {
        for (text, found) in [
            ("", &[][..]),
            ("no link here, e.g. 3.5 or a/b", &[]),
            ("see https://example.com/a?b=c#d.", &["https://example.com/a?b=c#d"]),
            ("(https://en.wikipedia.org/wiki/Rust_(film))", &["https://en.wikipedia.org/wiki/Rust_(film)"]),
            ("[menu](https://example.com/menu)!", &["https://example.com/menu"]),
            (
                "example.com, www.example.com/x and a@b.example",
                &["example.com", "www.example.com/x", "a@b.example"],
            ),
            ("<https://a.example>\nhttps://b.example", &["https://a.example", "https://b.example"]),
            ("请看https://example.com/菜单。谢谢", &["https://example.com/菜单"]),
            ("mailto:ada@example.com tel:+12025550199", &["mailto:ada@example.com", "tel:+12025550199"]),
            ("👉https://example.com👈 ok", &["https://example.com👈"]),
            ("1.https://example.com", &["https://example.com"]),
            ("://", &[]),
        ] {
            assert_eq!(links(text).map(|range| &text[range]).collect::<Vec<_>>(), found, "{text}");
        }
    }
}
