//! What a message consists of: text, media, a link, an app card, an App Clip.
//!
//! [`Part`] is what you send, [`PartResponse`] what comes back and what webhooks carry.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{AttachmentId, Handle};

mod effect;
mod experience;
mod imessage_app;
mod reply_to;
mod response;
mod utf16_range;

pub use effect::{Effect, EffectKind, EffectName};
pub use experience::RunExperience;
pub use imessage_app::{IMessageApp, IMessageAppLayout, IMessageAppPart};
pub use reply_to::ReplyTo;
pub use response::{
    AppClipPartResponse, IMessageAppPartResponse, InlineStickerResponse, LinkPartResponse, MediaPartResponse,
    Mention, PartResponse, TextPartResponse,
};
pub use utf16_range::Utf16Range;

/// One part of a message to send.
///
/// A message has 1 to 100 parts. Two text parts may not be neighbours; a link, an app card and an App Clip
/// each stand alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[non_exhaustive]
pub enum Part {
    /// Words.
    #[serde(rename = "text")]
    Text(TextPart),
    /// A picture, a video, a sound, a file.
    #[serde(rename = "media")]
    Media(MediaPart),
    /// A link with a preview.
    #[serde(rename = "link")]
    Link(LinkPart),
    /// A card of an iMessage app.
    #[serde(rename = "imessage_app")]
    IMessageApp(Box<IMessageAppPart>),
    /// An App Clip.
    #[serde(rename = "app_clip")]
    AppClip(AppClipPart),
}

impl Part {
    /// Words, sent literally: Markdown is not interpreted. 1 to 10,000 characters.
    pub fn text(value: impl Into<String>) -> Self {
        Self::Text(TextPart::new(value))
    }

    /// A file that the service fetches: `https`, up to 10 MB.
    pub fn media_url(url: impl Into<String>) -> Self {
        Self::Media(MediaPart { url: Some(url.into()), ..MediaPart::default() })
    }

    /// A file that was uploaded before, up to 100 MB.
    pub fn attachment(id: impl Into<AttachmentId>) -> Self {
        Self::Media(MediaPart { attachment_id: Some(id.into()), ..MediaPart::default() })
    }

    /// A link with a preview, up to 2,048 characters. It must be the message's only part.
    pub fn link(url: impl Into<String>) -> Self {
        Self::Link(LinkPart { value: url.into() })
    }
}

impl From<TextPart> for Part {
    fn from(part: TextPart) -> Self {
        Self::Text(part)
    }
}

impl From<MediaPart> for Part {
    fn from(part: MediaPart) -> Self {
        Self::Media(part)
    }
}

impl From<LinkPart> for Part {
    fn from(part: LinkPart) -> Self {
        Self::Link(part)
    }
}

impl From<IMessageAppPart> for Part {
    fn from(part: IMessageAppPart) -> Self {
        Self::IMessageApp(Box::new(part))
    }
}

impl From<AppClipPart> for Part {
    fn from(part: AppClipPart) -> Self {
        Self::AppClip(part)
    }
}

/// Words to send.
///
/// Decorations and mentions are given by a range of bytes, as Rust counts text, or by the words themselves; the
/// service's UTF-16 code units are counted for you. Words that are not there, and bytes that are not whole
/// characters, give [`Utf16Range::NOWHERE`], which the check before sending refuses.
///
/// ```
/// use linq_types::parts::{TextAnimation, TextPart, TextStyle, Utf16Range};
///
/// let text = TextPart::new("Grüße 🎉 bold").style(0..7, TextStyle::Italic).style_substring("bold", TextStyle::Bold);
/// let text = text.animation_substring("🎉", TextAnimation::Shake);
/// let ranges = text.text_decorations.into_iter().flatten().map(|decoration| decoration.range);
/// assert_eq!(ranges.collect::<Vec<_>>(), [[0, 5], [9, 13], [6, 8]].map(Utf16Range::from));
/// ```
#[doc(alias = "TextPartParam")]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TextPart {
    /// The text, 1 to 10,000 characters, sent literally.
    pub value: String,
    /// How stretches of the text look or move. Shown to iMessage recipients only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_decorations: Option<Vec<TextDecoration>>,
    /// Pictures that stand in the text like emoji: up to 100, of up to 10 different images.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inline_stickers: Option<Vec<InlineSticker>>,
    /// A participant to mention. Groups only: error 2023 otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<Handle>,
    /// The stretch of text that is the mention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention_range: Option<Utf16Range>,
}

impl TextPart {
    /// Plain words.
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: value.into(), ..Self::default() }
    }

    /// Makes these bytes of the text look different.
    #[must_use]
    pub fn style(self, bytes: Range<usize>, style: TextStyle) -> Self {
        let range = self.range(bytes);
        self.decorate(TextDecoration::style(range, style))
    }

    /// Makes the first occurrence of `words` look different.
    #[must_use]
    pub fn style_substring(self, words: &str, style: TextStyle) -> Self {
        let range = self.range_of(words);
        self.decorate(TextDecoration::style(range, style))
    }

    /// Makes these bytes of the text move.
    #[must_use]
    pub fn animation(self, bytes: Range<usize>, animation: TextAnimation) -> Self {
        let range = self.range(bytes);
        self.decorate(TextDecoration::animation(range, animation))
    }

    /// Makes the first occurrence of `words` move.
    #[must_use]
    pub fn animation_substring(self, words: &str, animation: TextAnimation) -> Self {
        let range = self.range_of(words);
        self.decorate(TextDecoration::animation(range, animation))
    }

    /// Makes these bytes of the text the mention of a participant.
    #[must_use]
    pub fn mention_at(self, bytes: Range<usize>, who: impl Into<Handle>) -> Self {
        let range = self.range(bytes);
        self.mention(who).mention_range(range)
    }

    /// Makes the first occurrence of `words` the mention of a participant.
    #[must_use]
    pub fn mention_substring(self, words: &str, who: impl Into<Handle>) -> Self {
        let range = self.range_of(words);
        self.mention(who).mention_range(range)
    }

    fn range(&self, bytes: Range<usize>) -> Utf16Range {
        Utf16Range::of(&self.value, bytes).unwrap_or(Utf16Range::NOWHERE)
    }

    fn range_of(&self, words: &str) -> Utf16Range {
        Utf16Range::find(&self.value, words).unwrap_or(Utf16Range::NOWHERE)
    }

    fn decorate(mut self, decoration: TextDecoration) -> Self {
        self.text_decorations.get_or_insert_default().push(decoration);
        self
    }

    setters! {
        /// Sets how stretches of the text look or move.
        text_decorations: Vec<TextDecoration>,
        /// Sets the pictures that stand in the text.
        inline_stickers: Vec<InlineSticker>,
        /// Mentions a participant.
        mention: Handle,
        /// Sets the stretch of text that is the mention.
        mention_range: Utf16Range,
    }
}

/// A file to send: exactly one of `url` and `attachment_id`.
#[doc(alias = "MediaPartParam")]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MediaPart {
    /// An `https` address that the service fetches, up to 10 MB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A file uploaded before, up to 100 MB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment_id: Option<AttachmentId>,
    /// Whether to send the picture as a sticker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sticker: Option<bool>,
}

impl MediaPart {
    setters! {
        /// Sends the picture as a sticker.
        sticker: bool,
    }
}

/// A link to send, alone in its message.
#[doc(alias = "LinkPartParam")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LinkPart {
    /// The address, up to 2,048 characters.
    pub value: String,
}

/// An App Clip to send, alone in its message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AppClipPart {
    /// The App Clip's address.
    pub value: String,
    /// A line of text beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}

impl AppClipPart {
    /// The App Clip at this address.
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: value.into(), caption: None }
    }

    setters! {
        /// Sets the line of text beside it.
        caption: String,
    }
}

/// How a stretch of text looks (`style`) or moves (`animation`): exactly one of the two.
///
/// Styles may overlap each other; an animation overlaps nothing.
#[doc(alias = "TextDecorationParam")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TextDecoration {
    /// The stretch.
    pub range: Utf16Range,
    /// How it looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<TextStyle>,
    /// How it moves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub animation: Option<TextAnimation>,
}

impl TextDecoration {
    /// A stretch that looks different.
    pub fn style(range: impl Into<Utf16Range>, style: TextStyle) -> Self {
        Self { range: range.into(), style: Some(style), animation: None }
    }

    /// A stretch that moves.
    pub fn animation(range: impl Into<Utf16Range>, animation: TextAnimation) -> Self {
        Self { range: range.into(), style: None, animation: Some(animation) }
    }
}

open_enum! {
    /// How text looks.
    pub enum TextStyle {
        /// Heavy.
        Bold = "bold",
        /// Slanted.
        Italic = "italic",
        /// Crossed out.
        Strikethrough = "strikethrough",
        /// Underlined.
        Underline = "underline",
    }
}

open_enum! {
    /// How text moves.
    pub enum TextAnimation {
        /// Grows.
        Big = "big",
        /// Shrinks.
        Small = "small",
        /// Shakes.
        Shake = "shake",
        /// Nods.
        Nod = "nod",
        /// Bursts.
        Explode = "explode",
        /// Runs through in waves.
        Ripple = "ripple",
        /// Glows up.
        Bloom = "bloom",
        /// Trembles.
        Jitter = "jitter",
    }
}

/// A picture that stands in the text: exactly one of `url` and `attachment_id`.
#[doc(alias = "InlineStickerParam")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InlineSticker {
    /// The stretch of text the picture replaces.
    pub range: Utf16Range,
    /// An `https` address that the service fetches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A picture uploaded before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment_id: Option<AttachmentId>,
}

impl InlineSticker {
    /// A picture that the service fetches.
    pub fn url(range: impl Into<Utf16Range>, url: impl Into<String>) -> Self {
        Self { range: range.into(), url: Some(url.into()), attachment_id: None }
    }

    /// A picture uploaded before.
    pub fn attachment(range: impl Into<Utf16Range>, id: impl Into<AttachmentId>) -> Self {
        Self { range: range.into(), url: None, attachment_id: Some(id.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Check, Rule};
    use serde_json::json;

    #[test]
    fn each_way_to_decorate_and_mention_gives_the_same_json() {
        let by_bytes = TextPart::new("🎉 Ada")
            .style(5..8, TextStyle::Bold)
            .animation(0..4, TextAnimation::Shake)
            .mention_at(5..8, "+12025550199");
        let by_words = TextPart::new("🎉 Ada")
            .style_substring("Ada", TextStyle::Bold)
            .animation_substring("🎉", TextAnimation::Shake)
            .mention_substring("Ada", "+12025550199");
        assert_eq!(by_bytes, by_words);
        assert_eq!(
            serde_json::to_value(&by_bytes).unwrap(),
            json!({
                "value": "🎉 Ada",
                "text_decorations": [{ "range": [3, 6], "style": "bold" }, { "range": [0, 2], "animation": "shake" }],
                "mention": "+12025550199",
                "mention_range": [3, 6],
            })
        );
    }

    #[test]
    fn the_check_refuses_decorations_of_what_is_not_there() {
        for part in [
            TextPart::new("Grüße").style_substring("gruß", TextStyle::Bold),
            TextPart::new("Grüße").style_substring("", TextStyle::Bold),
            TextPart::new("Grüße").animation(3..4, TextAnimation::Big),
            TextPart::new("Grüße").mention_substring("Ada", "+12025550199"),
            TextPart::new("Grüße").mention_at(0..9, "+12025550199"),
        ] {
            assert_eq!(part.check().unwrap_err().rule, Rule::Range, "{part:?}");
        }
    }
}
