use linq_types::{
    Handle,
    parts::{IMessageApp, IMessageAppLayout, TextDecoration, Utf16Range},
};
use serde::Serialize;

use super::poll::Poll;

/// One part, without the reactions on it.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type")]
pub(crate) enum Content {
    #[serde(rename = "text")]
    Text(Text),
    #[serde(rename = "media")]
    Media(Media),
    #[serde(rename = "link")]
    Link { value: String },
    #[serde(rename = "imessage_app")]
    IMessageApp(Box<AppCard>),
    #[serde(rename = "app_clip")]
    AppClip { value: String },
    /// Responses do not list it among the parts.
    #[serde(skip)]
    Poll(Poll),
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Text {
    pub(crate) value: String,
    pub(crate) text_decorations: Option<Vec<TextDecoration>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) inline_stickers: Option<Vec<Sticker>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mention: Option<Handle>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mention_range: Option<Utf16Range>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mentions: Option<[Mention; 1]>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Mention {
    pub(crate) handle: Handle,
    pub(crate) is_me: bool,
    pub(crate) range: Utf16Range,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Sticker {
    pub(crate) range: Utf16Range,
    pub(crate) id: String,
    pub(crate) file_name: String,
    pub(crate) mime_type: String,
    pub(crate) url: String,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Media {
    pub(crate) id: String,
    pub(crate) filename: String,
    pub(crate) mime_type: String,
    pub(crate) size_bytes: u64,
    pub(crate) url: String,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct AppCard {
    pub(crate) app: IMessageApp,
    pub(crate) layout: IMessageAppLayout,
    pub(crate) url: String,
    pub(crate) fallback_text: Option<String>,
}

impl Text {
    pub(crate) fn value(&self) -> &str {
        &self.value
    }
}

impl Content {
    /// Creates a text part without decorations, stickers or mentions.
    pub(crate) fn words(value: impl Into<String>) -> Self {
        Self::Text(Text {
            value: value.into(),
            text_decorations: None,
            inline_stickers: None,
            mention: None,
            mention_range: None,
            mentions: None,
        })
    }

    /// Returns a one-line summary for the transcript.
    pub(crate) fn summary(&self) -> String {
        match self {
            Self::Text(text) => text.value.replace('\n', " "),
            Self::Media(media) => format!("[{}]", media.filename),
            Self::Link { value } => value.clone(),
            Self::IMessageApp(card) => format!("[card of {}]", card.app.name),
            Self::AppClip { value } => format!("[App Clip {value}]"),
            Self::Poll(poll) => poll.summary(),
        }
    }
}
