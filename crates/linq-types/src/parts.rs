//! The parts of a message: text, media, link, app card and App Clip.
//!
//! Requests carry [`Part`]s; responses and webhooks carry [`PartResponse`]s.

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

/// A part of a message to send.
///
/// A message has 1 to 100 parts. Two text parts must not be adjacent; a link, an app card and an App Clip must each be
/// the only part of a message.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::{messages::MessageContent, parts::{Part, TextPart, TextStyle}};
///
/// let text = TextPart::new("Dinner is at 8").style_substring("at 8", TextStyle::Bold);
/// let message = MessageContent::new([text.into(), Part::media_url("https://example.com/menu.pdf")]);
/// assert!(matches!(message.parts.as_deref(), Some([Part::Text(_), Part::Media(_)])));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema), schemars(example = Self::text("Hello!")))]
#[serde(tag = "type")]
#[non_exhaustive]
pub enum Part {
    /// A text.
    #[serde(rename = "text")]
    Text(TextPart),
    /// An image, a video, an audio file or another file.
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
    /// Creates a text part of 1 to 10,000 characters. The text is sent literally: Markdown is not interpreted.
    pub fn text(value: impl Into<String>) -> Self {
        Self::Text(TextPart::new(value))
    }

    /// Creates a media part from an `https` URL that the API downloads, up to 10 MB.
    pub fn media_url(url: impl Into<String>) -> Self {
        Self::Media(MediaPart::from_url(url))
    }

    /// Creates a media part from an uploaded file, up to 100 MB.
    pub fn attachment(id: impl Into<AttachmentId>) -> Self {
        Self::Media(MediaPart::from_attachment(id))
    }

    /// Creates a link part of up to 2,048 characters. It must be the only part of the message.
    pub fn link(url: impl Into<String>) -> Self {
        Self::Link(LinkPart::new(url))
    }
}

from_text! {
    Part: text;
    TextPart: new;
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

/// A text to send, with decorations, stickers and a mention.
///
/// Decorations and mentions are given as a byte range or as a substring; the SDK converts them to the UTF-16 code units
/// of the API. A substring that does not occur, and a byte range that does not lie on character boundaries, become
/// [`Utf16Range::INVALID`], which the check before sending rejects.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::parts::{TextAnimation, TextPart, TextStyle, Utf16Range};
///
/// let text = TextPart::new("Grüße 🎉 bold").style(0..7, TextStyle::Italic).style_substring("bold", TextStyle::Bold);
/// let text = text.animation_substring("🎉", TextAnimation::Shake);
/// let ranges = text.text_decorations.into_iter().flatten().map(|decoration| decoration.range);
/// assert_eq!(ranges.collect::<Vec<_>>(), [[0, 5], [9, 13], [6, 8]].map(Utf16Range::from));
/// ```
#[doc(alias = "TextPartParam")]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schemars-1",
    derive(schemars::JsonSchema),
    schemars(
        description = "A text to send, with decorations, stickers and a mention. Ranges are in UTF-16 code units."
    )
)]
#[non_exhaustive]
pub struct TextPart {
    /// The text, 1 to 10,000 characters, sent literally.
    pub value: String,
    /// The [styles and animations](TextDecoration) of ranges of the text. Shown to iMessage recipients only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_decorations: Option<Vec<TextDecoration>>,
    /// The [images](InlineSticker) shown inside the text like emoji: up to 100, of up to 10 different images.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inline_stickers: Option<Vec<InlineSticker>>,
    /// The participant to mention. Groups only; otherwise the API responds with
    /// [`MENTION_IN_DIRECT_CHAT`](crate::error::ErrorCode::MENTION_IN_DIRECT_CHAT) (2023).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<Handle>,
    /// The [range](Utf16Range) of the text that is the mention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention_range: Option<Utf16Range>,
}

impl TextPart {
    /// Creates a text without decorations.
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: value.into(), ..Self::default() }
    }

    /// Adds a style to a byte range of the text.
    #[must_use]
    pub fn style(self, bytes: Range<usize>, style: TextStyle) -> Self {
        let range = self.range(bytes);
        self.decorate(TextDecoration::style(range, style))
    }

    /// Adds a style to the first occurrence of a substring.
    #[must_use]
    pub fn style_substring(self, substring: &str, style: TextStyle) -> Self {
        let range = self.range_of(substring);
        self.decorate(TextDecoration::style(range, style))
    }

    /// Adds an animation to a byte range of the text.
    #[must_use]
    pub fn animation(self, bytes: Range<usize>, animation: TextAnimation) -> Self {
        let range = self.range(bytes);
        self.decorate(TextDecoration::animation(range, animation))
    }

    /// Adds an animation to the first occurrence of a substring.
    #[must_use]
    pub fn animation_substring(self, substring: &str, animation: TextAnimation) -> Self {
        let range = self.range_of(substring);
        self.decorate(TextDecoration::animation(range, animation))
    }

    /// Makes a byte range of the text the mention of a participant.
    #[must_use]
    pub fn mention_at(self, bytes: Range<usize>, participant: impl Into<Handle>) -> Self {
        let range = self.range(bytes);
        self.mention(participant).mention_range(range)
    }

    /// Makes the first occurrence of a substring the mention of a participant.
    #[must_use]
    pub fn mention_substring(self, substring: &str, participant: impl Into<Handle>) -> Self {
        let range = self.range_of(substring);
        self.mention(participant).mention_range(range)
    }

    fn range(&self, bytes: Range<usize>) -> Utf16Range {
        Utf16Range::of(&self.value, bytes).unwrap_or(Utf16Range::INVALID)
    }

    fn range_of(&self, substring: &str) -> Utf16Range {
        Utf16Range::find(&self.value, substring).unwrap_or(Utf16Range::INVALID)
    }

    fn decorate(mut self, decoration: TextDecoration) -> Self {
        self.text_decorations.get_or_insert_default().push(decoration);
        self
    }

    setters! {
        /// Sets the styles and animations, replacing those added before.
        list text_decorations: TextDecoration,
        /// Sets the images shown inside the text.
        list inline_stickers: InlineSticker,
        /// Sets the participant to mention.
        mention: Handle,
        /// Sets the range of the text that is the mention.
        mention_range: Utf16Range,
    }
}

/// A file to send: exactly one of `url` and `attachment_id`.
#[doc(alias = "MediaPartParam")]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schemars-1",
    derive(schemars::JsonSchema),
    schemars(example = Self::from_url("https://example.com/cup.jpg"))
)]
#[non_exhaustive]
pub struct MediaPart {
    /// The `https` URL that the API downloads the file from, up to 10 MB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The id of an uploaded file, up to 100 MB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment_id: Option<AttachmentId>,
    /// Whether to send the image as a sticker; `None` means `false`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sticker: Option<bool>,
}

impl MediaPart {
    /// Creates a media part from an `https` URL that the API downloads, up to 10 MB.
    pub fn from_url(url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), ..Self::default() }
    }

    /// Creates a media part from an uploaded file, up to 100 MB.
    pub fn from_attachment(id: impl Into<AttachmentId>) -> Self {
        Self { attachment_id: Some(id.into()), ..Self::default() }
    }

    setters! {
        /// Sets whether to send the image as a sticker.
        plain sticker: bool,
    }
}

/// A link to send. It must be the only part of a message.
#[doc(alias = "LinkPartParam")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LinkPart {
    /// The URL, up to 2,048 characters.
    pub value: String,
}

impl LinkPart {
    /// Creates a link to this URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self { value: url.into() }
    }
}

/// An App Clip to send. It must be the only part of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AppClipPart {
    /// The URL of the App Clip.
    pub value: String,
    /// The caption beside the App Clip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}

impl AppClipPart {
    /// Creates a part for the App Clip at this URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self { value: url.into(), caption: None }
    }

    setters! {
        /// Sets the caption beside the App Clip.
        caption: String,
    }
}

/// A style or an animation of a range of text: exactly one of `style` and `animation`.
///
/// Styles may overlap each other; an animation must overlap nothing.
#[doc(alias = "TextDecorationParam")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TextDecoration {
    /// The [range](Utf16Range) of the text.
    pub range: Utf16Range,
    /// The [style](TextStyle); `None` if the decoration is an animation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<TextStyle>,
    /// The [animation](TextAnimation); `None` if the decoration is a style.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub animation: Option<TextAnimation>,
}

impl TextDecoration {
    /// Creates a styled range.
    pub fn style(range: impl Into<Utf16Range>, style: TextStyle) -> Self {
        Self { range: range.into(), style: Some(style), animation: None }
    }

    /// Creates an animated range.
    pub fn animation(range: impl Into<Utf16Range>, animation: TextAnimation) -> Self {
        Self { range: range.into(), style: None, animation: Some(animation) }
    }
}

open_enum! {
    /// A text style.
    pub enum TextStyle {
        /// Bold.
        Bold = "bold",
        /// Italic.
        Italic = "italic",
        /// Strikethrough.
        Strikethrough = "strikethrough",
        /// Underline.
        Underline = "underline",
    }
}

open_enum! {
    /// A text animation.
    pub enum TextAnimation {
        /// The text grows.
        Big = "big",
        /// The text shrinks.
        Small = "small",
        /// The text shakes.
        Shake = "shake",
        /// The text nods.
        Nod = "nod",
        /// The text explodes.
        Explode = "explode",
        /// A wave runs through the text.
        Ripple = "ripple",
        /// The text glows.
        Bloom = "bloom",
        /// The text jitters.
        Jitter = "jitter",
    }
}

/// An image shown inside a text: exactly one of `url` and `attachment_id`.
#[doc(alias = "InlineStickerParam")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct InlineSticker {
    /// The [range](Utf16Range) of the text that the image replaces.
    pub range: Utf16Range,
    /// The `https` URL that the API downloads the image from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The id of an uploaded image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment_id: Option<AttachmentId>,
}

impl InlineSticker {
    /// Creates a sticker from an `https` URL that the API downloads.
    pub fn from_url(range: impl Into<Utf16Range>, url: impl Into<String>) -> Self {
        Self { range: range.into(), url: Some(url.into()), attachment_id: None }
    }

    /// Creates a sticker from an uploaded image.
    pub fn from_attachment(range: impl Into<Utf16Range>, id: impl Into<AttachmentId>) -> Self {
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
    fn the_check_rejects_decorations_of_text_that_does_not_occur() {
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
