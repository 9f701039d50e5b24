use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, value::MapAccessDeserializer},
};

use super::{IMessageApp, IMessageAppLayout, TextDecoration, Utf16Range};
use crate::{
    AttachmentId, Handle,
    json::{FieldBuffer, JsonObject, TAG, Text},
    reactions::ReactionResponse,
};

/// One part of a message as the service reports it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type")]
#[non_exhaustive]
pub enum PartResponse {
    /// Words.
    #[serde(rename = "text")]
    Text(TextPartResponse),
    /// A picture, a video, a sound, a file.
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
    /// A kind of part that this version does not know, with all its fields (`type` included).
    #[serde(untagged)]
    Unknown(JsonObject),
}

impl<'de> Deserialize<'de> for PartResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PartVisitor)
    }
}

/// The service writes the `type` first, but it can be at any place: the fields before it are buffered.
struct PartVisitor;

impl<'de> de::Visitor<'de> for PartVisitor {
    type Value = PartResponse;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message part")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<PartResponse, A::Error> {
        let mut buffer = FieldBuffer::default();
        while let Some(name) = map.next_key::<Text<'de>>()? {
            if name.0 == TAG {
                let kind = map.next_value()?;
                return of_kind(kind, MapAccessDeserializer::new(buffer.chain(Some(map))));
            }
            buffer.push(name, &mut map)?;
        }
        JsonObject::deserialize(MapAccessDeserializer::new(buffer.chain(None::<A>)))
            .map(PartResponse::Unknown)
    }
}

fn of_kind<'de, D: Deserializer<'de>>(kind: Option<Text<'de>>, fields: D) -> Result<PartResponse, D::Error> {
    Ok(match kind.as_ref().map(|kind| &*kind.0) {
        Some("text") => PartResponse::Text(Deserialize::deserialize(fields)?),
        Some("media") => PartResponse::Media(Deserialize::deserialize(fields)?),
        Some("link") => PartResponse::Link(Deserialize::deserialize(fields)?),
        Some("imessage_app") => PartResponse::IMessageApp(Deserialize::deserialize(fields)?),
        Some("app_clip") => PartResponse::AppClip(Deserialize::deserialize(fields)?),
        _ => {
            let others = JsonObject::deserialize(fields)?;
            PartResponse::Unknown(others.with(TAG, kind.map(|kind| kind.0)))
        }
    })
}

impl PartResponse {
    /// The words of a text part.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(&text.value),
            _ => None,
        }
    }
}

/// Words in a message.
#[doc(alias = "SchemasTextPartResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TextPartResponse {
    /// The text.
    pub value: String,
    /// How stretches of the text look or move.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub text_decorations: Vec<TextDecoration>,
    /// Pictures that stand in the text.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub inline_stickers: Vec<InlineStickerResponse>,
    /// Everybody mentioned.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// The first of [`mentions`](Self::mentions).
    #[deprecated(note = "use `mentions`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<Handle>,
    /// The stretch of the first of [`mentions`](Self::mentions).
    #[deprecated(note = "use `mentions`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention_range: Option<Utf16Range>,
    /// Reactions on this part. Webhooks have none.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<ReactionResponse>,
}

/// A file in a message.
#[doc(alias = "SchemasMediaPartResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MediaPartResponse {
    /// The file's id.
    pub id: AttachmentId,
    /// The file's name.
    pub filename: String,
    /// The file's media type, such as `image/jpeg`.
    pub mime_type: String,
    /// The file's size in bytes.
    pub size_bytes: u64,
    /// Where to download it: signed, valid for one hour.
    pub url: String,
    /// Width in pixels. Undocumented, seen in webhooks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height in pixels. Undocumented, seen in webhooks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Reactions on this part. Webhooks have none.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<ReactionResponse>,
}

/// A link in a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LinkPartResponse {
    /// The address.
    pub value: String,
    /// Reactions on this part. Webhooks have none.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<ReactionResponse>,
}

/// A card of an iMessage app in a message.
#[doc(alias = "MessagePartIMessageAppPartResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IMessageAppPartResponse {
    /// The app that draws the card.
    pub app: IMessageApp,
    /// What the card shows.
    pub layout: IMessageAppLayout,
    /// Handed to the app when the card is opened.
    pub url: String,
    /// Sent in place of the card where it cannot be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_text: Option<String>,
    /// Reactions on this part. Webhooks have none.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<ReactionResponse>,
}

/// An App Clip in a message.
#[doc(alias = "MessagePartAppClipPartResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AppClipPartResponse {
    /// The App Clip's address.
    pub value: String,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// A line about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// Reactions on this part. Webhooks have none.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<ReactionResponse>,
}

/// A picture that stands in a received text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InlineStickerResponse {
    /// The stretch of text the picture replaces.
    pub range: Utf16Range,
    /// The picture's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<AttachmentId>,
    /// The picture's file name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// The picture's media type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// Where to download it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Somebody mentioned in a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Mention {
    /// Who.
    pub handle: Handle,
    /// Whether it is your line.
    pub is_me: bool,
    /// The stretch of text that is the mention.
    pub range: Utf16Range,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_part_of_unknown_kind_is_kept_whole() {
        let json = json!({ "type": "hologram", "value": { "depth": 3 } });
        let part: PartResponse = serde_json::from_value(json.clone()).unwrap();
        assert!(matches!(part, PartResponse::Unknown(_)));
        assert_eq!(serde_json::to_value(&part).unwrap(), json);
    }

    #[test]
    fn a_part_with_two_kinds_is_refused_wherever_they_stand() {
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
    fn the_kind_decides_wherever_it_stands() {
        let part: PartResponse = serde_json::from_str(r#"{"value": "hi", "type": "text"}"#).unwrap();
        assert_eq!(part.as_text(), Some("hi"));
        let link: PartResponse = serde_json::from_str(r#"{"type": "link", "value": "hi"}"#).unwrap();
        assert!(matches!(link, PartResponse::Link(_)));
    }

    #[test]
    fn a_known_part_that_lacks_a_field_is_an_error() {
        assert!(serde_json::from_str::<PartResponse>(r#"{"type": "text"}"#).is_err());
    }
}
