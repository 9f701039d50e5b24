use super::{Check, Rule, Violation, field, require};
use crate::parts::{InlineSticker, LinkPart, MediaPart, Part, TextDecoration, TextPart, Utf16Range};

const MAX_TEXT_CHARS: usize = 10_000;
const MAX_LINK_CHARS: usize = 2_048;

impl Check for Part {
    fn check(&self) -> Result<(), Violation> {
        match self {
            Self::Text(text) => text.check(),
            Self::Media(media) => media.check(),
            Self::Link(link) => link.check(),
            Self::IMessageApp(_) | Self::AppClip(_) => Ok(()),
        }
    }
}

impl Check for MediaPart {
    fn check(&self) -> Result<(), Violation> {
        require(self.url.is_some() != self.attachment_id.is_some(), Rule::UrlOrAttachment, "")
    }
}

impl Check for LinkPart {
    fn check(&self) -> Result<(), Violation> {
        require(self.value.chars().count() <= MAX_LINK_CHARS, Rule::LinkLength, "value")
    }
}

impl Check for TextPart {
    fn check(&self) -> Result<(), Violation> {
        require((1..=MAX_TEXT_CHARS).contains(&self.value.chars().count()), Rule::TextLength, "value")?;
        field("text_decorations", &self.text_decorations)?;
        field("inline_stickers", &self.inline_stickers)?;
        field("mention", &self.mention)?;
        check_ranges(self)?;
        check_animations(self)
    }
}

impl Check for TextDecoration {
    fn check(&self) -> Result<(), Violation> {
        require(self.style.is_some() != self.animation.is_some(), Rule::StyleOrAnimation, "")
    }
}

impl Check for InlineSticker {
    fn check(&self) -> Result<(), Violation> {
        require(self.url.is_some() != self.attachment_id.is_some(), Rule::UrlOrAttachment, "")
    }
}

fn decorations(part: &TextPart) -> &[TextDecoration] {
    part.text_decorations.as_deref().unwrap_or_default()
}

fn stickers(part: &TextPart) -> &[InlineSticker] {
    part.inline_stickers.as_deref().unwrap_or_default()
}

fn check_ranges(part: &TextPart) -> Result<(), Violation> {
    if decorations(part).is_empty() && stickers(part).is_empty() && part.mention_range.is_none() {
        return Ok(());
    }
    let units: Vec<_> = part.value.encode_utf16().collect();
    let cuts_pair = |at: u32| matches!(units.get(at as usize), Some(0xdc00..=0xdfff));
    let fits = |Utf16Range { start, end }: Utf16Range| {
        start < end && end as usize <= units.len() && !cuts_pair(start) && !cuts_pair(end)
    };
    let within = |list: &str, at: usize| Violation::new(Rule::Range).within(&format!("{list}[{at}].range"));
    if let Some(at) = decorations(part).iter().position(|decoration| !fits(decoration.range)) {
        return Err(within("text_decorations", at));
    }
    if let Some(at) = stickers(part).iter().position(|sticker| !fits(sticker.range)) {
        return Err(within("inline_stickers", at));
    }
    require(part.mention_range.is_none_or(fits), Rule::Range, "mention_range")
}

fn check_animations(part: &TextPart) -> Result<(), Violation> {
    let decorations = decorations(part);
    let overlaps = |at: usize, range: Utf16Range| {
        let others = decorations.iter().enumerate().filter(|(other, _)| *other != at);
        let others = others.map(|(_, decoration)| decoration.range);
        let stickers = stickers(part).iter().map(|sticker| sticker.range);
        others.chain(stickers).any(|other| range.start < other.end && other.start < range.end)
    };
    let mut animations =
        decorations.iter().enumerate().filter(|(_, decoration)| decoration.animation.is_some());
    match animations.find(|(at, animation)| overlaps(*at, animation.range)) {
        Some((at, _)) => {
            Err(Violation::new(Rule::AnimationOverlap).within(&format!("text_decorations[{at}]")))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::{TextAnimation::Shake, TextStyle::Bold, TextStyle::Italic};

    /// Eight UTF-16 units.
    fn text() -> TextPart {
        TextPart::new("Hi 🎉 ok")
    }

    fn decorated(decorations: impl IntoIterator<Item = TextDecoration>) -> Part {
        text().text_decorations(decorations).into()
    }

    fn style(start: u32, end: u32) -> TextDecoration {
        TextDecoration::style([start, end], Bold)
    }

    fn animation(start: u32, end: u32) -> TextDecoration {
        TextDecoration::animation([start, end], Shake)
    }

    fn sticker(start: u32, end: u32) -> InlineSticker {
        InlineSticker::from_url([start, end], "https://example.com/a.png")
    }

    #[test]
    fn parts_within_the_rules_pass() {
        for part in [
            Part::text("é".repeat(10_000)),
            Part::link("é".repeat(2_048)),
            Part::media_url("https://example.com/a.png"),
            Part::attachment("a"),
            decorated([style(0, 8), TextDecoration::style([2, 5], Italic)]),
            decorated([style(0, 3), animation(3, 5), animation(5, 8)]),
            text().inline_stickers([sticker(3, 5)]).text_decorations([animation(0, 3)]).into(),
            text().mention("+12025550199").mention_range([0, 2]).into(),
        ] {
            assert_eq!(part.check(), Ok(()), "{part:?}");
        }
    }

    #[test]
    fn a_range_that_cuts_a_surrogate_pair_is_rejected_with_its_path() {
        let texts = ["Hi 🎉 ok", "🎉", "🎉🎉", "a👩‍👩‍👧b", "plain é"];
        for text in texts {
            let length = u32::try_from(text.encode_utf16().count()).unwrap();
            let boundaries: Vec<_> = text
                .char_indices()
                .map(|(at, _)| u32::try_from(text[..at].encode_utf16().count()).unwrap())
                .chain([length])
                .collect();
            for (start, end) in
                (0..length).flat_map(|start| (start + 1..=length).map(move |end| (start, end)))
            {
                let part = TextPart::new(text);
                for (part, path) in [
                    (part.clone().text_decorations([style(start, end)]), "text_decorations[0].range"),
                    (part.clone().inline_stickers([sticker(start, end)]), "inline_stickers[0].range"),
                    (part.mention("+12025550199").mention_range([start, end]), "mention_range"),
                ] {
                    let whole = boundaries.contains(&start) && boundaries.contains(&end);
                    let violation = Violation { rule: Rule::Range, path: path.into() };
                    assert_eq!(
                        part.check(),
                        if whole { Ok(()) } else { Err(violation) },
                        "{text} {start}..{end}"
                    );
                }
            }
        }
        let cut = Violation { rule: Rule::Range, path: "text_decorations[0].range".into() };
        assert_eq!(decorated([style(3, 4)]).check(), Err(cut));
    }

    #[test]
    fn a_part_that_violates_a_rule_is_rejected_with_the_rule_and_the_path() {
        let both = MediaPart {
            url: Some("https://example.com/a.png".into()),
            attachment_id: Some("a".into()),
            ..MediaPart::default()
        };
        let neither_decoration = TextDecoration { style: None, ..style(0, 1) };
        let both_decorations = TextDecoration { animation: Some(Shake), ..style(0, 1) };
        let neither_sticker = InlineSticker { url: None, ..sticker(0, 1) };
        let both_sticker = InlineSticker { attachment_id: Some("a".into()), ..sticker(0, 1) };
        for (part, rule, path) in [
            (Part::text(""), Rule::TextLength, "value"),
            (Part::text("é".repeat(10_001)), Rule::TextLength, "value"),
            (Part::link("é".repeat(2_049)), Rule::LinkLength, "value"),
            (both.into(), Rule::UrlOrAttachment, ""),
            (MediaPart::default().into(), Rule::UrlOrAttachment, ""),
            (decorated([style(0, 9)]), Rule::Range, "text_decorations[0].range"),
            (decorated([style(0, 1), style(2, 2)]), Rule::Range, "text_decorations[1].range"),
            (decorated([style(3, 2)]), Rule::Range, "text_decorations[0].range"),
            (decorated([neither_decoration]), Rule::StyleOrAnimation, "text_decorations[0]"),
            (decorated([both_decorations]), Rule::StyleOrAnimation, "text_decorations[0]"),
            (decorated([style(0, 5), animation(3, 5)]), Rule::AnimationOverlap, "text_decorations[1]"),
            (decorated([animation(0, 5), animation(3, 5)]), Rule::AnimationOverlap, "text_decorations[0]"),
            (decorated([animation(0, 3), animation(0, 3)]), Rule::AnimationOverlap, "text_decorations[0]"),
            (
                text().text_decorations([animation(2, 5)]).inline_stickers([sticker(3, 5)]).into(),
                Rule::AnimationOverlap,
                "text_decorations[0]",
            ),
            (text().inline_stickers([neither_sticker]).into(), Rule::UrlOrAttachment, "inline_stickers[0]"),
            (text().inline_stickers([both_sticker]).into(), Rule::UrlOrAttachment, "inline_stickers[0]"),
            (text().inline_stickers([sticker(7, 9)]).into(), Rule::Range, "inline_stickers[0].range"),
            (text().mention("Ada").into(), Rule::Handle, "mention"),
            (text().mention("+12025550199").mention_range([8, 9]).into(), Rule::Range, "mention_range"),
        ] {
            assert_eq!(part.check(), Err(Violation { rule, path: path.into() }), "{part:?}");
        }
    }
}
