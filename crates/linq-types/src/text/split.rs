use std::{iter::Peekable, ops::Range};

use unicode_segmentation::UnicodeSegmentation;

use super::links::links;
use crate::parts::{InlineSticker, TextDecoration, TextPart, Utf16Range};

/// The most characters (Unicode scalar values) of a text part.
pub const MAX_CHARS: usize = 10_000;

/// Splits text into pieces of a limited number of characters.
///
/// A piece ends at the last break in reach of the best kind: the end of a paragraph, else of a line, of a sentence, of a
/// word. A paragraph, sentence or word that fits into a piece is therefore never cut. The sentences and words of all
/// scripts are those of [UAX #29](https://www.unicode.org/reports/tr29/). Whitespace around pieces is removed, and nothing
/// else.
///
/// A grapheme, such as an emoji of several code points, and a link are never cut. One that is longer than the limit of the
/// splitter is a piece of its own; only one of more than [`MAX_CHARS`] characters, which the API rejects, is cut.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::text::Splitter;
///
/// let splitter = Splitter::new().max_chars(12);
/// assert_eq!(splitter.split("One. Two three four."), ["One.", "Two three", "four."]);
/// assert_eq!(splitter.split("One.\n\nTwo."), ["One.\n\nTwo."]);
/// assert_eq!(splitter.each_paragraph().split("One.\n\nTwo."), ["One.", "Two."]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Splitter {
    max_chars: usize,
    each_paragraph: bool,
}

impl Splitter {
    /// Creates a splitter into pieces of at most [`MAX_CHARS`] characters, the limit of the API.
    #[must_use]
    pub const fn new() -> Self {
        Self { max_chars: MAX_CHARS, each_paragraph: false }
    }

    /// Sets the most characters of a piece. A number outside of 1 to [`MAX_CHARS`] becomes the nearest one inside.
    #[must_use]
    pub const fn max_chars(mut self, max_chars: usize) -> Self {
        self.max_chars = match max_chars {
            0 => 1,
            1..=MAX_CHARS => max_chars,
            _ => MAX_CHARS,
        };
        self
    }

    /// Makes each paragraph a piece, however short: paragraphs are separated by an empty line.
    #[must_use]
    pub const fn each_paragraph(mut self) -> Self {
        self.each_paragraph = true;
        self
    }

    /// Splits a text. A text without anything but whitespace has no pieces.
    #[must_use]
    pub fn split<'t>(&self, text: &'t str) -> Vec<&'t str> {
        self.pieces(text, whole_links(text, [])).into_iter().map(|piece| &text[piece]).collect()
    }

    /// Splits a text with its decorations, stickers and mention, whose ranges are moved and cut to the pieces.
    ///
    /// Stickers and the mention are not cut. A range that the text does not have becomes [`Utf16Range::INVALID`], which the
    /// check before sending rejects.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; }
    /// use linq::types::{parts::{TextPart, TextStyle}, text::Splitter};
    ///
    /// let text = TextPart::new("🎉 It is done. Thanks!").style_substring("done. Thanks", TextStyle::Bold);
    /// let pieces = Splitter::new().max_chars(16).split_part(&text);
    /// assert_eq!(pieces, [
    ///     TextPart::new("🎉 It is done.").style_substring("done.", TextStyle::Bold),
    ///     TextPart::new("Thanks!").style_substring("Thanks", TextStyle::Bold),
    /// ]);
    /// ```
    #[must_use]
    pub fn split_part(&self, part: &TextPart) -> Vec<TextPart> {
        let text = &part.value;
        let stickers = part.inline_stickers.iter().flatten().map(|sticker| sticker.range);
        let uncut = stickers.chain(part.mention_range).filter_map(|range| range.bytes_in(text));
        let pieces = self.pieces(text, whole_links(text, uncut));
        let text_end = utf16_len(text);
        let (mut bytes, mut units) = (0, 0);
        let mut unit_at = |at: usize| {
            units += utf16_len(&text[bytes..at]);
            bytes = at;
            units
        };
        let parts = pieces.into_iter().enumerate().map(|(index, piece)| {
            let (start, end) = (unit_at(piece.start), unit_at(piece.end));
            let moved = |range: Utf16Range| {
                if range.start >= range.end || range.end > text_end {
                    return (index == 0).then_some(Utf16Range::INVALID);
                }
                let (from, to) = (range.start.max(start), range.end.min(end));
                (from < to).then(|| Utf16Range::new(from - start, to - start))
            };
            let decorations = part.text_decorations.iter().flatten();
            let decorations = decorations
                .filter_map(|own| Some(TextDecoration { range: moved(own.range)?, ..own.clone() }))
                .collect();
            let stickers = part.inline_stickers.iter().flatten();
            let stickers = stickers
                .filter_map(|own| Some(InlineSticker { range: moved(own.range)?, ..own.clone() }))
                .collect();
            let mention_range = part.mention_range.and_then(moved);
            let has_mention = mention_range.is_some() || (part.mention_range.is_none() && index == 0);
            TextPart {
                value: text[piece].to_owned(),
                text_decorations: Some(decorations).filter(|list: &Vec<_>| !list.is_empty()),
                inline_stickers: Some(stickers).filter(|list: &Vec<_>| !list.is_empty()),
                mention: part.mention.clone().filter(|_| has_mention),
                mention_range,
            }
        });
        parts.collect()
    }

    fn pieces(&self, text: &str, uncut: Vec<Range<usize>>) -> Vec<Range<usize>> {
        let breaks = breaks(text, uncut);
        let mut pieces = Vec::new();
        let (mut start, mut start_chars, mut at) = (0, 0, 0);
        // Whitespace in front of the text.
        if let Some(first) = breaks.first().filter(|first| first.end == 0) {
            (start, start_chars, at) = (first.next, first.next_chars, 1);
        }
        while at < breaks.len() {
            // Without a break in reach, the piece is a single grapheme or link.
            let mut best = at;
            for (index, candidate) in breaks.iter().enumerate().skip(at) {
                if candidate.chars - start_chars > self.max_chars {
                    break;
                }
                if candidate.kind >= breaks[best].kind {
                    best = index;
                }
                if self.each_paragraph && candidate.kind >= Kind::Paragraph {
                    break;
                }
            }
            let found = &breaks[best];
            pieces.push(start..found.end);
            (start, start_chars, at) = (found.next, found.next_chars, best + 1);
        }
        pieces
    }
}

impl Default for Splitter {
    fn default() -> Self {
        Self::new()
    }
}

fn utf16_len(text: &str) -> u32 {
    text.encode_utf16().count().try_into().unwrap_or(u32::MAX)
}

/// Returns the links of the text and the other ranges that must not be cut, in order and without overlaps.
fn whole_links(text: &str, others: impl IntoIterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut ranges: Vec<_> = links(text).chain(others).collect();
    ranges.sort_by_key(|range| range.start);
    ranges.dedup_by(|next, range| {
        let overlaps = next.start < range.end;
        if overlaps {
            range.end = range.end.max(next.end);
        }
        overlaps
    });
    ranges.retain(|range| text[range.clone()].chars().count() <= MAX_CHARS);
    ranges
}

/// A place where the text may be cut: in front of `next`, where whitespace after `end` is left out.
struct Break {
    end: usize,
    next: usize,
    /// The number of characters in front of `end`.
    chars: usize,
    /// The number of characters in front of `next`.
    next_chars: usize,
    kind: Kind,
}

/// What ends at a break. The later, the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Grapheme,
    /// A word of a script without spaces, or a part of a word with punctuation.
    Word,
    Space,
    Sentence,
    Line,
    Paragraph,
    Text,
}

/// Returns all breaks of the text, in order. The last one is its end.
fn breaks(text: &str, uncut: Vec<Range<usize>>) -> Vec<Break> {
    let mut sentences = text.split_sentence_bound_indices().map(|(at, _)| at).peekable();
    let mut words = text.split_word_bound_indices().map(|(at, _)| at).peekable();
    let mut uncut = uncut.into_iter().peekable();
    let mut breaks = Vec::new();
    let mut chars = 0;
    let mut gap: Option<Gap> = None;
    for (at, grapheme) in graphemes(text) {
        while uncut.next_if(|range| range.end <= at).is_some() {}
        let (is_uncut, is_inside) =
            uncut.peek().map_or((false, false), |range| (range.start <= at, range.start < at));
        let ends_sentence = is_bound(&mut sentences, at);
        let ends_word = is_bound(&mut words, at);
        if !is_uncut && grapheme.chars().all(char::is_whitespace) {
            let gap = gap.get_or_insert(Gap { end: at, chars, kind: Kind::Grapheme });
            gap.add(grapheme, ends_sentence);
        } else if let Some(gap) = gap.take() {
            let kind = if ends_sentence { gap.kind.max(Kind::Sentence) } else { gap.kind };
            breaks.push(Break { end: gap.end, next: at, chars: gap.chars, next_chars: chars, kind });
        } else if at > 0 && !is_inside {
            let kind = if ends_sentence {
                Kind::Sentence
            } else if ends_word && grapheme.starts_with(char::is_alphanumeric) {
                Kind::Word
            } else {
                Kind::Grapheme
            };
            breaks.push(Break { end: at, next: at, chars, next_chars: chars, kind });
        }
        chars += grapheme.chars().count();
    }
    let (end, end_chars) = gap.map_or((text.len(), chars), |gap| (gap.end, gap.chars));
    breaks.push(Break { end, next: text.len(), chars: end_chars, next_chars: chars, kind: Kind::Text });
    breaks
}

/// Whitespace at which the text may be cut.
struct Gap {
    end: usize,
    chars: usize,
    kind: Kind,
}

impl Gap {
    fn add(&mut self, space: &str, ends_sentence: bool) {
        let kind = match space {
            "\u{2029}" | "\u{c}" => Kind::Paragraph,
            "\n" | "\r\n" | "\r" | "\u{b}" | "\u{85}" | "\u{2028}" if self.kind >= Kind::Line => {
                Kind::Paragraph
            }
            "\n" | "\r\n" | "\r" | "\u{b}" | "\u{85}" | "\u{2028}" => Kind::Line,
            _ if ends_sentence => Kind::Sentence,
            // No-break spaces.
            "\u{a0}" | "\u{2007}" | "\u{202f}" => Kind::Grapheme,
            _ => Kind::Space,
        };
        self.kind = self.kind.max(kind);
    }
}

/// Returns the graphemes with their places. One that is too long for any text is cut into characters.
fn graphemes(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.grapheme_indices(true).flat_map(|(at, grapheme)| {
        let step = if grapheme.chars().count() > MAX_CHARS { 1 } else { usize::MAX };
        let mut rest = grapheme;
        std::iter::from_fn(move || {
            let length = rest.chars().take(step).map(char::len_utf8).sum();
            let start = at + grapheme.len() - rest.len();
            let (piece, left) = rest.split_at(length);
            rest = left;
            (!piece.is_empty()).then_some((start, piece))
        })
    })
}

fn is_bound(bounds: &mut Peekable<impl Iterator<Item = usize>>, at: usize) -> bool {
    while bounds.next_if(|bound| *bound < at).is_some() {}
    bounds.peek() == Some(&at)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::{
        check::Check,
        parts::{TextAnimation, TextStyle},
    };

    /// Text that is hard to split: graphemes of several code points, scripts without spaces or from right to left, links.
    const ATOMS: &[&str] = &[
        "a",
        "word",
        "Sentence. ",
        "Next! ",
        "Dr. ",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\n\n",
        "\n \n",
        "\t",
        "\u{a0}",
        "\u{2028}",
        "👩‍👩‍👧",
        "🇩🇪",
        "👍🏽",
        "❤️",
        "1️⃣",
        "e\u{301}",
        "각",
        "क्षि",
        "日本語。",
        "漢字",
        "שלום. ",
        "مرحبا ",
        "\u{200d}",
        ".",
        ",",
        "(",
        ")",
        "https://example.com/a_(b)?c=d#e",
        "www.example.com",
        "ada@example.com",
        "<https://example.com>",
        "https://例え.jp/パス",
    ];

    fn hard_text() -> impl Strategy<Value = String> {
        let atom = prop_oneof![8 => prop::sample::select(ATOMS).prop_map(str::to_owned), 1 => "\\PC{0,3}"];
        vec(atom, 0..60).prop_map(|atoms| atoms.concat())
    }

    fn splitter() -> impl Strategy<Value = Splitter> {
        (0..40_usize, any::<bool>()).prop_map(|(max_chars, each_paragraph)| Splitter {
            each_paragraph,
            ..Splitter::new().max_chars(max_chars)
        })
    }

    fn chars(text: &str) -> usize {
        text.chars().count()
    }

    /// Returns where the pieces are in the text.
    fn places(text: &str, splitter: Splitter) -> Vec<Range<usize>> {
        let start = |piece: &str| piece.as_ptr() as usize - text.as_ptr() as usize;
        let pieces = splitter.split(text).into_iter();
        pieces.map(|piece| start(piece)..start(piece) + piece.len()).collect()
    }

    fn without_whitespace(text: &str) -> String {
        text.split_whitespace().collect()
    }

    #[test]
    fn a_piece_ends_at_the_best_break_in_reach() {
        let split = |max_chars, text| Splitter::new().max_chars(max_chars).split(text);
        for (max_chars, text, pieces) in [
            (10, "", &[][..]),
            (10, " \n\n ", &[]),
            (10, " one ", &["one"]),
            (10, "One.\nTwo.\n\nThree.", &["One.\nTwo.", "Three."]),
            (12, "One.\nTwo. Three.", &["One.", "Two. Three."]),
            (12, "One. Two three.", &["One.", "Two three."]),
            (8, "one two three", &["one two", "three"]),
            (8, "one-two-three", &["one-two-", "three"]),
            (4, "incomprehensible", &["inco", "mpre", "hens", "ible"]),
            (7, "我喜欢它。你也喜欢吗？", &["我喜欢它。", "你也喜欢吗？"]),
            (3, "🇩🇪🇫🇷🇮🇹", &["🇩🇪", "🇫🇷", "🇮🇹"]),
            (2, "👩‍👩‍👧👍🏽", &["👩‍👩‍👧", "👍🏽"]),
            (3, "e\u{301}e\u{301}", &["e\u{301}", "e\u{301}"]),
            (8, "it is 10\u{a0}km away", &["it is", "10\u{a0}km", "away"]),
            (2, "10\u{a0}km", &["10", "km"]),
            (9, "\u{a0} \u{a0}", &[]),
            (8, "see https://example.com now", &["see", "https://example.com", "now"]),
            (6, "שלום. שלום.", &["שלום.", "שלום."]),
            (9, "one\r\n\r\ntwo three", &["one", "two three"]),
            // The first grapheme of the link begins before it.
            (1, "a \u{d4e}https://example.com b", &["a", "\u{d4e}https://example.com", "b"]),
        ] {
            assert_eq!(split(max_chars, text), pieces, "{max_chars} {text:?}");
        }
    }

    #[test]
    fn each_paragraph_is_a_piece_if_asked_for() {
        let splitter = Splitter::new().each_paragraph();
        assert_eq!(splitter.split("One.\nTwo.\n\nThree.\n\n\nFour."), ["One.\nTwo.", "Three.", "Four."]);
        assert_eq!(
            splitter.max_chars(7).split("One. Two. Three.\n\nFour."),
            ["One.", "Two.", "Three.", "Four."]
        );
    }

    #[test]
    fn the_limit_is_that_of_the_check_before_sending() {
        assert!(TextPart::new("é".repeat(MAX_CHARS)).check().is_ok());
        assert!(TextPart::new("é".repeat(MAX_CHARS + 1)).check().is_err());
        assert_eq!(Splitter::new().max_chars(0), Splitter::new().max_chars(1));
        assert_eq!(Splitter::new().max_chars(usize::MAX), Splitter::default());
    }

    #[test]
    fn a_link_or_grapheme_that_no_text_can_have_is_cut() {
        let link = format!("https://example.com/{}", "a".repeat(MAX_CHARS));
        let grapheme = format!("e{}", "\u{301}".repeat(2 * MAX_CHARS));
        for text in [link, grapheme] {
            let pieces = Splitter::new().split(&text);
            assert_eq!(pieces.concat(), text);
            assert!(pieces.iter().all(|piece| chars(piece) <= MAX_CHARS));
        }
    }

    #[test]
    fn decorations_move_with_their_text() {
        let text = TextPart::new("🎉 One two. 👩‍👩‍👧 Three.")
            .style_substring("One two. 👩‍👩‍👧 Three", TextStyle::Bold)
            .style_substring("two", TextStyle::Italic)
            .animation_substring("🎉", TextAnimation::Shake)
            .mention_substring("Three", "+12025550199");
        assert_eq!(
            Splitter::new().max_chars(12).split_part(&text),
            [
                TextPart::new("🎉 One two.")
                    .style_substring("One two.", TextStyle::Bold)
                    .style_substring("two", TextStyle::Italic)
                    .animation_substring("🎉", TextAnimation::Shake),
                TextPart::new("👩‍👩‍👧 Three.")
                    .style_substring("👩‍👩‍👧 Three", TextStyle::Bold)
                    .mention_substring("Three", "+12025550199"),
            ]
        );
    }

    #[test]
    fn stickers_and_mentions_are_not_cut() {
        let sticker = InlineSticker::from_attachment([3, 7], "s");
        let text = TextPart::new("ab     cd Ada Lovelace").inline_stickers([sticker]);
        let text = text.mention_substring("Ada Lovelace", "+12025550199");
        let pieces = Splitter::new().max_chars(4).split_part(&text);
        let values: Vec<_> = pieces.iter().map(|piece| &*piece.value).collect();
        assert_eq!(values, ["ab", "    ", "cd", "Ada Lovelace"]);
        assert_eq!(pieces[1].inline_stickers.as_ref().unwrap()[0].range, Utf16Range::new(0, 4));
        assert_eq!(pieces[3].mention_range, Some(Utf16Range::new(0, 12)));
        assert!(pieces[..3].iter().all(|piece| piece.mention.is_none()));
    }

    #[test]
    fn an_invalid_range_stays_invalid() {
        let text = TextPart::new("one two three");
        for text in [
            text.clone().style_substring("four", TextStyle::Bold),
            text.clone().text_decorations([TextDecoration::style([3, 99], TextStyle::Bold)]),
            text.clone().inline_stickers([InlineSticker::from_attachment([5, 5], "s")]),
            text.clone().mention("+12025550199").mention_range([0, 99]),
        ] {
            let pieces = Splitter::new().max_chars(7).split_part(&text);
            let invalid = pieces.iter().filter(|piece| piece.check().is_err());
            assert_eq!((pieces.len(), invalid.count()), (2, 1), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn pieces_are_the_text_without_whitespace_at_the_joints(text in hard_text(), splitter in splitter()) {
            let pieces = splitter.split(&text);
            let mut rest = text.as_str();
            for piece in &pieces {
                prop_assert!(!piece.trim().is_empty());
                rest = rest.trim_start().strip_prefix(piece.trim_start()).expect("pieces are in order");
            }
            prop_assert_eq!(rest.trim(), "");
            prop_assert_eq!(without_whitespace(&pieces.concat()), without_whitespace(&text));
        }

        #[test]
        fn a_piece_is_within_the_limit_or_cannot_be_cut(text in hard_text(), splitter in splitter()) {
            for place in places(&text, splitter) {
                let piece = &text[place.clone()];
                // A grapheme may begin before a link, or end after it.
                let mut ends = piece.grapheme_indices(true).skip(1).map(|(at, _)| place.start + at);
                let cannot_be_cut = ends.all(|at| links(&text).any(|link| link.start < at && at < link.end));
                prop_assert!(chars(piece) <= splitter.max_chars || cannot_be_cut, "{:?}", piece);
            }
        }

        #[test]
        fn no_grapheme_or_link_is_cut(text in hard_text(), splitter in splitter()) {
            let boundaries: Vec<_> =
                text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
            for at in places(&text, splitter).iter().flat_map(|piece| [piece.start, piece.end]) {
                prop_assert!(boundaries.binary_search(&at).is_ok(), "grapheme at {}", at);
                prop_assert!(links(&text).all(|link| at <= link.start || link.end <= at), "link at {}", at);
            }
        }

        #[test]
        fn a_text_within_the_limit_is_one_piece(text in hard_text()) {
            let pieces: Vec<_> = Splitter::new().split(&text).into_iter().map(str::trim).collect();
            let whole: Vec<_> = Some(text.trim()).into_iter().filter(|text| !text.is_empty()).collect();
            prop_assert_eq!(pieces, whole);
        }

        #[test]
        fn each_decorated_character_stays_decorated(
            text in hard_text(),
            splitter in splitter(),
            bounds in vec((0..60_usize, 0..60_usize), 0..4),
        ) {
            let places: Vec<_> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let place = |at: usize| places[at % places.len()];
            let part = bounds.iter().fold(TextPart::new(&*text), |part, (left, right)| {
                let (start, end) = (place(*left).min(place(*right)), place(*left).max(place(*right)));
                if start < end { part.style(start..end, TextStyle::Bold) } else { part }
            });
            let decorated = |part: &TextPart| -> String {
                let ranges = part.text_decorations.iter().flatten();
                ranges.map(|own| without_whitespace(&part.value[own.range.bytes_in(&part.value).unwrap()])).collect()
            };
            let pieces = splitter.split_part(&part);
            let values: Vec<_> = pieces.iter().map(|piece| &*piece.value).collect();
            prop_assert_eq!(values, splitter.split(&text));
            for (index, own) in part.text_decorations.iter().flatten().enumerate() {
                let single = part.clone().text_decorations([own.clone()]);
                let moved: String = splitter.split_part(&single).iter().map(decorated).collect();
                prop_assert_eq!(moved, decorated(&single), "{}", index);
            }
        }
    }
}
