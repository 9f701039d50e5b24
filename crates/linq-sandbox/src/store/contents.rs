//! Turns the parts of a request into stored ones.

use linq_types::{
    AttachmentId,
    error::ErrorCode,
    parts::{InlineSticker, MediaPart, Part, TextPart},
};

use crate::{
    error::ApiError,
    ids::Ids,
    model::{AppCard, Attachments, Content, Media, Mention, Sticker, Text},
};

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

/// Returns the file at a URL, or an uploaded one.
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

/// Returns the file at a URL as if the API had re-hosted it. Nothing is fetched: the size is made up.
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
