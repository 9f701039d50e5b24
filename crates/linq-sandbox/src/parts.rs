//! What a stored message consists of, in the shape the API answers with.

mod check;

use linq_types::{
    AttachmentId, Handle,
    error::ErrorCode,
    parts::{InlineSticker, MediaPart, Part, TextDecoration, TextPart, Utf16Range},
};
use serde::Serialize;

use crate::{
    error::ApiError,
    ids::Ids,
    store::{Attachments, Poll},
};

pub(crate) use check::{check, check_key, has_link, has_visible_field};

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
    /// Answers show it apart from the parts.
    #[serde(skip)]
    Poll(Poll),
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Text {
    value: String,
    text_decorations: Option<Vec<TextDecoration>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inline_stickers: Option<Vec<Sticker>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mention: Option<Handle>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mention_range: Option<Utf16Range>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mentions: Option<[Mention; 1]>,
}

#[derive(Debug, Clone, Serialize)]
struct Mention {
    handle: Handle,
    is_me: bool,
    range: Utf16Range,
}

#[derive(Debug, Clone, Serialize)]
struct Sticker {
    range: Utf16Range,
    id: String,
    file_name: String,
    mime_type: String,
    url: String,
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
    pub(crate) app: linq_types::parts::IMessageApp,
    pub(crate) layout: linq_types::parts::IMessageAppLayout,
    pub(crate) url: String,
    pub(crate) fallback_text: Option<String>,
}

impl Text {
    pub(crate) fn value(&self) -> &str {
        &self.value
    }
}

impl Content {
    /// Plain words, as a person types them.
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

    /// One line for people.
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

/// Turns the parts of a request that [`check`] found valid into stored ones; media at an address is re-hosted
/// on the sandbox.
pub(crate) fn accept(
    parts: Vec<Part>,
    ids: &mut Ids,
    attachments: &Attachments,
) -> Result<Vec<Content>, ApiError> {
    parts.into_iter().map(|part| accept_one(part, ids, attachments)).collect()
}

fn accept_one(part: Part, ids: &mut Ids, attachments: &Attachments) -> Result<Content, ApiError> {
    Ok(match part {
        Part::Text(part) => Content::Text(accept_text(part, ids, attachments)?),
        Part::Media(MediaPart { url, attachment_id, .. }) => {
            Content::Media(fetch(url, attachment_id.as_ref(), ids, attachments)?)
        }
        Part::Link(part) => Content::Link { value: part.value },
        Part::IMessageApp(part) => Content::IMessageApp(Box::new(AppCard {
            app: part.app,
            layout: part.layout,
            url: part.url.unwrap_or_default(),
            fallback_text: part.fallback_text,
        })),
        Part::AppClip(part) => Content::AppClip { value: part.value },
        _ => {
            return Err(ApiError::new(
                ErrorCode::INVALID_CONTENT,
                "the sandbox does not know this kind of part",
            ));
        }
    })
}

fn accept_text(part: TextPart, ids: &mut Ids, attachments: &Attachments) -> Result<Text, ApiError> {
    let stickers = part.inline_stickers.map(|stickers| {
        stickers.into_iter().map(|sticker| accept_sticker(sticker, ids, attachments)).collect()
    });
    let mention = part.mention.clone().zip(part.mention_range);
    Ok(Text {
        value: part.value,
        text_decorations: part.text_decorations,
        inline_stickers: stickers.transpose()?,
        mention: part.mention,
        mention_range: part.mention_range,
        mentions: mention.map(|(handle, range)| [Mention { handle, is_me: false, range }]),
    })
}

fn accept_sticker(
    sticker: InlineSticker,
    ids: &mut Ids,
    attachments: &Attachments,
) -> Result<Sticker, ApiError> {
    let Media { id, filename, mime_type, url, .. } =
        fetch(sticker.url, sticker.attachment_id.as_ref(), ids, attachments)?;
    Ok(Sticker { range: sticker.range, id, file_name: filename, mime_type, url })
}

/// The file at an address, or one that was uploaded.
pub(crate) fn fetch(
    url: Option<String>,
    attachment_id: Option<&AttachmentId>,
    ids: &mut Ids,
    attachments: &Attachments,
) -> Result<Media, ApiError> {
    match (url, attachment_id) {
        (Some(url), None) => Ok(rehost(&url, ids, attachments)),
        (_, Some(id)) => attachments.media(id),
        (None, None) => Err(ApiError::missing("url")),
    }
}

/// The file as the API would hold it. Nothing is fetched: its size is made up.
pub(crate) fn rehost(url: &str, ids: &mut Ids, attachments: &Attachments) -> Media {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let name = path.rsplit('/').next().filter(|name| name.contains('.')).unwrap_or("file");
    let id = ids.uuid();
    Media {
        url: format!("{}/media/{id}/{name}", attachments.origin),
        id,
        filename: name.to_owned(),
        mime_type: mime_guess::from_path(name).first_or_octet_stream().to_string(),
        size_bytes: ids.file_size(),
    }
}
