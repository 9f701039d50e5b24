use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::{IMessageApp, IMessageAppLayout, TextDecoration, Utf16Range};
use crate::{
    AttachmentId, Handle,
    json::{JsonObject, Tagged, tagged},
    reactions::ReactionResponse,
};

/// A part of a message in a response or a webhook.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type")]
#[non_exhaustive]
pub enum PartResponse {
    /// A text.
    #[serde(rename = "text")]
    Text(TextPartResponse),
    /// An image, a video, an audio file or another file.
    #[serde(rename = "media")]
    Media(MediaPartResponse),
    /// A link with a preview.
    #[serde(rename = "link")]
    Link(LinkPartResponse),
    /// A card of an iMessage app.
    #[serde(rename = "imessage_app")]
    IMessageApp(Box<IMessageAppPartResponse>),
    /// An App Clip.
    #[serde(rename = "app_clip")]
    AppClip(AppClipPartResponse),
    /// A part of a type that this version does not know, or that lacks what its type needs, such as the text of a text part,
    /// with all its fields, `type` included.
    #[serde(untagged)]
    Unknown(JsonObject),
}

impl<'de> Deserialize<'de> for PartResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        tagged(deserializer)
    }
}

impl Tagged for PartResponse {
    #[inline]
    fn read<'de, D: Deserializer<'de>>(tag: Option<&str>, object: D) -> Result<Self, D::Error> {
        Ok(match tag {
            Some("text") => Self::Text(Deserialize::deserialize(object)?),
            Some("media") => Self::Media(MediaPartResponse::deserialize(object)?.identified()?),
            Some("link") => Self::Link(Deserialize::deserialize(object)?),
            Some("imessage_app") => Self::IMessageApp(Deserialize::deserialize(object)?),
            Some("app_clip") => Self::AppClip(Deserialize::deserialize(object)?),
            _ => Self::Unknown(Deserialize::deserialize(object)?),
        })
    }
}

impl PartResponse {
    /// Returns the text of a text part; `None` for other parts.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(&text.value),
            _ => None,
        }
    }

    /// Returns the file of a media part; `None` for other parts.
    #[must_use]
    pub fn as_media(&self) -> Option<&MediaPartResponse> {
        match self {
            Self::Media(media) => Some(media),
            _ => None,
        }
    }
}

/// A text in a message.
#[doc(alias = "SchemasTextPartResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TextPartResponse {
    /// The text.
    pub value: String,
    /// The [styles and animations](TextDecoration) of ranges of the text.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub text_decorations: Vec<TextDecoration>,
    /// The [images](InlineStickerResponse) shown inside the text.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub inline_stickers: Vec<InlineStickerResponse>,
    /// The [mentions](Mention) in the text. The 2025-01-01 webhook format has none.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// The participant of the first mention; `None` if there is none.
    #[deprecated(note = "use `mentions`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<Handle>,
    /// The range of the first mention; `None` if there is none.
    #[deprecated(note = "use `mentions`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention_range: Option<Utf16Range>,
    /// The [reactions](ReactionResponse) to this part. Webhooks have none.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<ReactionResponse>,
}

/// A file in a message.
#[doc(alias = "SchemasMediaPartResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MediaPartResponse {
    /// The id of the file; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<AttachmentId>,
    /// The name of the file; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// The media type of the file, such as `image/jpeg`; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// The size of the file in bytes; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
    /// The signed URL to download the file from, valid for one hour; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The width in pixels; `None` outside webhooks. Undocumented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// The height in pixels; `None` outside webhooks. Undocumented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// The [reactions](ReactionResponse) to this part. Webhooks have none.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<ReactionResponse>,
}

impl MediaPartResponse {
    /// Checks that the media has a URL or an id.
    pub(crate) fn identified<E: Error>(self) -> Result<Self, E> {
        match self.url.is_some() || self.id.is_some() {
            true => Ok(self),
            false => Err(E::missing_field("url")),
        }
    }
}

/// A link in a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LinkPartResponse {
    /// The URL.
    pub value: String,
    /// The [reactions](ReactionResponse) to this part. Webhooks have none.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<ReactionResponse>,
}

/// A card of an iMessage app in a message.
#[doc(alias = "MessagePartIMessageAppPartResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IMessageAppPartResponse {
    /// The [app](IMessageApp) that renders the card; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<IMessageApp>,
    /// The [layout](IMessageAppLayout) of the card; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<IMessageAppLayout>,
    /// The URL passed to the app when the card is opened; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The text sent instead where the card cannot be rendered; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_text: Option<String>,
    /// The [reactions](ReactionResponse) to this part. Webhooks have none.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<ReactionResponse>,
}

/// An App Clip in a message.
#[doc(alias = "MessagePartAppClipPartResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AppClipPartResponse {
    /// The URL of the App Clip.
    pub value: String,
    /// The title of the App Clip; `None` if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The description of the App Clip; `None` if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The URL of the image; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// The [reactions](ReactionResponse) to this part. Webhooks have none.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<ReactionResponse>,
}

/// An image shown inside a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InlineStickerResponse {
    /// The [range](Utf16Range) of the text that the image replaces; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<Utf16Range>,
    /// The id of the image; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<AttachmentId>,
    /// The file name of the image; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// The media type of the image; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// The URL to download the image from; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A mention of a participant in a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Mention {
    /// The address of the participant.
    pub handle: Handle,
    /// Whether the participant is your line; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_me: Option<bool>,
    /// The [range](Utf16Range) of the text that is the mention; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<Utf16Range>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_part_of_unknown_type_keeps_all_its_fields() {
        let json = json!({ "type": "hologram", "value": { "depth": 3 } });
        let part: PartResponse = serde_json::from_value(json.clone()).unwrap();
        assert!(matches!(part, PartResponse::Unknown(_)));
        assert_eq!(serde_json::to_value(&part).unwrap(), json);
    }

    #[test]
    fn a_part_with_two_types_is_an_error_wherever_they_are() {
        for json in [
            r#"{"type": "text", "value": "hi", "type": "link"}"#,
            r#"{"value": "hi", "type": "text", "type": "text"}"#,
            r#"{"type": "hologram", "type": "text", "value": "hi"}"#,
        ] {
            let error = serde_json::from_str::<PartResponse>(json).unwrap_err().to_string();
            assert!(error.starts_with("duplicate field `type`"), "{error}");
        }
    }

    #[test]
    fn the_type_selects_the_variant_wherever_it_is() {
        let part: PartResponse = serde_json::from_str(r#"{"value": "hi", "type": "text"}"#).unwrap();
        assert_eq!(part.as_text(), Some("hi"));
        let link: PartResponse = serde_json::from_str(r#"{"type": "link", "value": "hi"}"#).unwrap();
        assert!(matches!(link, PartResponse::Link(_)));
    }

    #[test]
    fn a_known_part_without_a_required_field_is_an_error() {
        assert!(serde_json::from_str::<PartResponse>(r#"{"type": "text"}"#).is_err());
    }
}
