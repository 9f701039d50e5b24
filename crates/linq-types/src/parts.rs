//! What a message consists of: text, media, a link, an app card, an App Clip.
//!
//! [`Part`] is what you send, [`PartResponse`] what comes back and what webhooks carry.

use std::{collections::BTreeMap, ops::Range};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{AttachmentId, Handle, MessageId};

mod effect;
mod response;

pub use effect::{Effect, EffectKind, EffectName};
pub use response::{
    AppClipPartResponse, IMessageAppPartResponse, InlineStickerResponse, LinkPartResponse, MediaPartResponse,
    Mention, PartResponse, TextPartResponse,
};

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

/// A card of an iMessage app to send.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IMessageAppPart {
    /// The app that draws the card.
    pub app: IMessageApp,
    /// What the card shows.
    pub layout: IMessageAppLayout,
    /// Sent in place of the card where it cannot be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_text: Option<String>,
    /// Whether tapping the card opens the app in place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interactive: Option<bool>,
    /// Handed to the app when the card is opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl IMessageAppPart {
    /// A card of `app` that shows `layout`.
    #[must_use]
    pub fn new(app: IMessageApp, layout: IMessageAppLayout) -> Self {
        Self { app, layout, fallback_text: None, interactive: None, url: None }
    }

    setters! {
        /// Sets what is sent where the card cannot be shown.
        fallback_text: String,
        /// Sets whether tapping the card opens the app in place.
        interactive: bool,
        /// Sets what is handed to the app when the card is opened.
        url: String,
    }
}

/// An iMessage app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IMessageApp {
    /// The bundle id of the app's Messages extension.
    pub bundle_id: String,
    /// The app's name.
    pub name: String,
    /// Apple's team id, ten characters.
    pub team_id: String,
    /// The app's number in the App Store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_store_id: Option<u64>,
}

impl IMessageApp {
    /// An app by its bundle id, name and team id.
    pub fn new(bundle_id: impl Into<String>, name: impl Into<String>, team_id: impl Into<String>) -> Self {
        Self { bundle_id: bundle_id.into(), name: name.into(), team_id: team_id.into(), app_store_id: None }
    }

    /// Sets the app's number in the App Store.
    #[must_use]
    pub fn app_store_id(mut self, app_store_id: u64) -> Self {
        self.app_store_id = Some(app_store_id);
        self
    }
}

/// What an app card shows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IMessageAppLayout {
    /// Main line, left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Line below the caption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subcaption: Option<String>,
    /// Main line, right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trailing_caption: Option<String>,
    /// Second line, right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trailing_subcaption: Option<String>,
    /// Title over the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_title: Option<String>,
    /// Line below the picture's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_subtitle: Option<String>,
    /// The picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

impl IMessageAppLayout {
    /// An empty card.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Sets the main line, left.
        caption: String,
        /// Sets the line below the caption.
        subcaption: String,
        /// Sets the main line, right.
        trailing_caption: String,
        /// Sets the second line, right.
        trailing_subcaption: String,
        /// Sets the title over the picture.
        image_title: String,
        /// Sets the line below the picture's title.
        image_subtitle: String,
        /// Sets the picture.
        image_url: String,
    }
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

/// A stretch of text, `[start, end)`, counted in UTF-16 code units as the service does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "[u32; 2]", into = "[u32; 2]")]
#[non_exhaustive]
pub struct Utf16Range {
    /// The first code unit.
    pub start: u32,
    /// The code unit after the last.
    pub end: u32,
}

impl Utf16Range {
    /// The range of what is not in the text. The check before sending refuses it.
    pub const NOWHERE: Self = Self { start: u32::MAX, end: u32::MAX };

    /// The range that these bytes of `text` have; `None` when they are not whole characters of it.
    ///
    /// ```
    /// use linq_types::parts::Utf16Range;
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

    /// The range of the first occurrence of `words` in `text`; `None` when there is none.
    #[must_use]
    pub fn find(text: &str, words: &str) -> Option<Self> {
        let start = text.find(words)?;
        Self::of(text, start..start + words.len())
    }

    /// From `start` up to, not including, `end`.
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

/// The message that a message answers.
#[doc(alias = "ReplyToParam")]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReplyTo {
    /// The message answered. Always there in what you send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// Which part of it, from 0; absent means the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_index: Option<u32>,
}

impl ReplyTo {
    /// An answer to a message.
    pub fn new(message_id: impl Into<MessageId>) -> Self {
        Self { message_id: Some(message_id.into()), part_index: None }
    }

    /// Answers one part of the message, counted from 0.
    #[must_use]
    pub fn part_index(mut self, part_index: u32) -> Self {
        self.part_index = Some(part_index);
        self
    }
}

impl From<MessageId> for ReplyTo {
    fn from(message_id: MessageId) -> Self {
        Self::new(message_id)
    }
}

impl From<&MessageId> for ReplyTo {
    fn from(message_id: &MessageId) -> Self {
        Self::new(message_id)
    }
}

/// What an installed experience is asked to do, in place of parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Experience {
    /// The experience's name.
    pub name: String,
    /// The action to run.
    pub action: String,
    /// What the action is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<BTreeMap<String, Value>>,
}

impl Experience {
    /// An action of an experience.
    pub fn new(name: impl Into<String>, action: impl Into<String>) -> Self {
        Self { name: name.into(), action: action.into(), params: None }
    }

    setters! {
        /// Sets what the action is given.
        params: BTreeMap<String, Value>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Check, Rule};
    use serde_json::json;

    #[test]
    fn bytes_are_counted_in_utf16_units_and_what_is_not_there_is_nowhere() {
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
        assert_eq!(Utf16Range::find(text, "ok"), Some(Utf16Range::new(9, 11)));
        assert_eq!(Utf16Range::find(text, "OK"), None);
    }

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
