use std::borrow::Cow;

use crate::parts::{IMessageAppLayout, Part, PartResponse};

/// Returns the plain text of parts, one line or more for each: for logs, search and language models.
///
/// Works with the parts of requests ([`Part`]) and of responses and webhooks ([`PartResponse`]).
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::{parts::{Part, TextPart, TextStyle}, text::plain_text};
///
/// let parts = [TextPart::new("Look!").style(0..4, TextStyle::Bold).into(), Part::media_url("https://example.com/a.jpg")];
/// assert_eq!(plain_text(&parts), "Look!\n[https://example.com/a.jpg]");
/// ```
pub fn plain_text<'p, P: PlainText + 'p>(parts: impl IntoIterator<Item = &'p P>) -> String {
    let texts = parts.into_iter().map(P::plain_text).filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join("\n")
}

/// A part of a message that has a plain text.
pub trait PlainText: sealed::Sealed {
    /// Returns the plain text: the value of a text, the URL of a link or an App Clip, the fallback text, caption or URL of an
    /// app card, and the name, type, URL or id of a file in brackets. Empty for a part of unknown type.
    fn plain_text(&self) -> Cow<'_, str>;
}

impl PlainText for Part {
    fn plain_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => text.value.as_str().into(),
            Self::Media(media) => {
                let id = media.attachment_id.as_ref().map(|id| id.as_str());
                file([media.url.as_deref(), id]).into()
            }
            Self::Link(link) => link.value.as_str().into(),
            Self::IMessageApp(card) => {
                app_card(card.fallback_text.as_deref(), Some(&card.layout), card.url.as_deref())
            }
            Self::AppClip(clip) => clip.value.as_str().into(),
        }
    }
}

impl PlainText for PartResponse {
    fn plain_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => text.value.as_str().into(),
            Self::Media(media) => {
                let id = media.id.as_ref().map(|id| id.as_str());
                file([media.filename.as_deref(), media.mime_type.as_deref(), id]).into()
            }
            Self::Link(link) => link.value.as_str().into(),
            Self::IMessageApp(card) => {
                app_card(card.fallback_text.as_deref(), card.layout.as_ref(), card.url.as_deref())
            }
            Self::AppClip(clip) => clip.value.as_str().into(),
            Self::Unknown(_) => "".into(),
        }
    }
}

/// Returns the first of the names.
fn file<const N: usize>(names: [Option<&str>; N]) -> String {
    let name = names.into_iter().flatten().find(|name| !name.is_empty());
    format!("[{}]", name.unwrap_or("file"))
}

fn app_card<'c>(
    fallback_text: Option<&'c str>,
    layout: Option<&'c IMessageAppLayout>,
    url: Option<&'c str>,
) -> Cow<'c, str> {
    let caption = layout.and_then(|layout| layout.caption.as_deref());
    fallback_text.or(caption).or(url).unwrap_or("[app card]").into()
}

mod sealed {
    use crate::parts::{Part, PartResponse};

    #[expect(unnameable_types, reason = "seals the trait")]
    pub trait Sealed {}

    impl Sealed for Part {}

    impl Sealed for PartResponse {}
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::parts::{AppClipPart, IMessageApp, IMessageAppPart, TextPart};

    #[test]
    fn each_part_to_send_has_a_plain_text() {
        let card = |layout| IMessageAppPart::new(IMessageApp::new("b", "n", "t"), layout);
        let captioned = card(IMessageAppLayout::new().caption("Table for two"));
        for (part, text) in [
            (
                Part::from(TextPart::new("Grüße 🎉").style_substring("🎉", crate::parts::TextStyle::Bold)),
                "Grüße 🎉",
            ),
            (Part::media_url("https://example.com/a.jpg"), "[https://example.com/a.jpg]"),
            (Part::attachment("file-1"), "[file-1]"),
            (Part::link("https://example.com"), "https://example.com"),
            (captioned.clone().into(), "Table for two"),
            (captioned.fallback_text("A table").into(), "A table"),
            (card(IMessageAppLayout::new()).url("https://example.com/t").into(), "https://example.com/t"),
            (card(IMessageAppLayout::new()).into(), "[app card]"),
            (AppClipPart::new("https://example.com/clip").into(), "https://example.com/clip"),
        ] {
            assert_eq!(part.plain_text(), text, "{part:?}");
        }
    }

    #[test]
    fn each_received_part_has_a_plain_text_and_unknown_ones_are_left_out() {
        let parts: Vec<PartResponse> = serde_json::from_value(json!([
            { "type": "text", "value": "Look" },
            { "type": "media", "id": "m1", "filename": "cat.jpg", "mime_type": "image/jpeg" },
            { "type": "media", "id": "m1", "mime_type": "image/jpeg" },
            { "type": "media", "id": "m1" },
            { "type": "media", "url": "https://example.com/signed" },
            { "type": "link", "value": "https://example.com" },
            { "type": "imessage_app", "fallback_text": "A table" },
            { "type": "hologram", "value": 3 },
            { "type": "app_clip", "value": "https://example.com/clip" },
        ]))
        .unwrap();
        assert_eq!(
            plain_text(&parts),
            "Look\n[cat.jpg]\n[image/jpeg]\n[m1]\n[file]\nhttps://example.com\nA table\nhttps://example.com/clip"
        );
        assert_eq!(plain_text(&[] as &[Part]), "");
    }
}
