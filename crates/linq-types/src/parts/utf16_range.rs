use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A range of text in UTF-16 code units, the unit of the API: `start` inclusive, `end` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[serde(from = "[u32; 2]", into = "[u32; 2]")]
#[non_exhaustive]
pub struct Utf16Range {
    /// The index of the first code unit.
    pub start: u32,
    /// The index after the last code unit.
    pub end: u32,
}

impl Utf16Range {
    /// A range that no text has. The check before sending rejects it.
    pub const INVALID: Self = Self { start: u32::MAX, end: u32::MAX };

    /// Converts a byte range of `text`; `None` if it does not lie on character boundaries of `text`.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; }
    /// use linq::types::parts::Utf16Range;
    ///
    /// assert_eq!(Utf16Range::of("🎉 ok", 5..7), Some(Utf16Range::new(3, 5)));
    /// assert_eq!(Utf16Range::of("🎉 ok", 1..7), None);
    /// ```
    #[must_use]
    pub fn of(text: &str, bytes: Range<usize>) -> Option<Self> {
        let length = |text: &str| u32::try_from(text.encode_utf16().count()).ok();
        let start = length(text.get(..bytes.start)?)?;
        Some(Self { start, end: start.checked_add(length(text.get(bytes)?)?)? })
    }

    /// Returns the range of the first occurrence of `substring` in `text`; `None` if there is none.
    #[must_use]
    pub fn find(text: &str, substring: &str) -> Option<Self> {
        let start = text.find(substring)?;
        Self::of(text, start..start + substring.len())
    }

    /// Converts the range to a byte range of `text`; `None` if `text` has no such range, or if it would cut a character.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; }
    /// use linq::types::parts::Utf16Range;
    ///
    /// let text = "🎉 ok";
    /// assert_eq!(Utf16Range::new(3, 5).bytes_in(text).map(|bytes| &text[bytes]), Some("ok"));
    /// assert_eq!(Utf16Range::new(1, 5).bytes_in(text), None);
    /// ```
    #[must_use]
    pub fn bytes_in(self, text: &str) -> Option<Range<usize>> {
        let mut units = 0;
        let ends = text.char_indices().map(|(at, character)| {
            let start = units;
            units += character.len_utf16();
            (start, at)
        });
        let length = text.encode_utf16().count();
        let mut boundaries = ends.chain([(length, text.len())]);
        let mut byte_at = |unit: u32| {
            let unit = usize::try_from(unit).ok()?;
            boundaries.find(|(start, _)| *start >= unit).filter(|(start, _)| *start == unit)
        };
        let (_, start) = byte_at(self.start)?;
        if self.end == self.start {
            return Some(start..start);
        }
        byte_at(self.end).map(|(_, end)| start..end)
    }

    /// Creates a range from `start` (inclusive) to `end` (exclusive).
    #[must_use]
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }
}

impl From<[u32; 2]> for Utf16Range {
    fn from([start, end]: [u32; 2]) -> Self {
        Self { start, end }
    }
}

impl From<Utf16Range> for [u32; 2] {
    fn from(range: Utf16Range) -> Self {
        [range.start, range.end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_ranges_become_utf16_ranges_and_invalid_ones_none() {
        let text = "Grüße 🎉 ok";
        for (bytes, range) in [
            (0..4, Some([0, 3])),
            (8..12, Some([6, 8])),
            (13..15, Some([9, 11])),
            (15..15, Some([11, 11])),
            (2..3, None),
            (3..4, None),
            (9..12, None),
            (13..16, None),
            (usize::MAX..usize::MAX, None),
            #[expect(clippy::reversed_empty_ranges, reason = "that is what is tested")]
            (4..0, None),
        ] {
            assert_eq!(Utf16Range::of(text, bytes.clone()), range.map(Utf16Range::from), "{bytes:?}");
        }
        for (start, end) in
            (0..=text.len()).flat_map(|start| (start..=text.len()).map(move |end| (start, end)))
        {
            if let Some(range) = Utf16Range::of(text, start..end) {
                assert_eq!(range.bytes_in(text), Some(start..end), "{range:?}");
            }
        }
        for [start, end] in [[7, 8], [6, 7], [3, 2], [0, 12], [12, 12]] {
            assert_eq!(Utf16Range::new(start, end).bytes_in(text), None, "{start}..{end}");
        }
        assert_eq!(Utf16Range::INVALID.bytes_in(text), None);
        assert_eq!(Utf16Range::find(text, "ok"), Some(Utf16Range::new(9, 11)));
        assert_eq!(Utf16Range::find(text, "OK"), None);
    }
}
