//! Turns the parts of a request into stored ones.

use linq_types::{
    AttachmentId,
    error::ErrorCode,
    parts::{InlineSticker, MediaPart, Part, TextPart},
};

use crate::{
    clock::Moment,
    error::ApiError,
    ids::Ids,
    model::{AppCard, Attachment, Attachments, Content, File, Media, Mention, Sticker, Text, UPLOAD_WITHIN},
};

/// What it takes to store a part: files are signed as of now, and a file at a URL becomes an attachment.
pub(crate) struct Intake<'s> {
    pub(crate) now: Moment,
    pub(crate) ids: &'s mut Ids,
    pub(crate) attachments: &'s mut Attachments,
}

impl Intake<'_> {
    /// Turns the parts of a request that [`check`] found valid into stored ones; media at an address is re-hosted
    /// on the sandbox.
    pub(crate) fn accept(&mut self, parts: Vec<Part>) -> Result<Vec<Content>, ApiError> {
        parts.into_iter().map(|part| self.accept_one(part)).collect()
    }

    fn accept_one(&mut self, part: Part) -> Result<Content, ApiError> {
        Ok(match part {
            Part::Text(part) => Content::Text(self.accept_text(part)?),
            Part::Media(MediaPart { url, attachment_id, .. }) => {
                Content::Media(self.fetch(url, attachment_id.as_ref())?)
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

    fn accept_text(&mut self, part: TextPart) -> Result<Text, ApiError> {
        let stickers = part
            .inline_stickers
            .map(|stickers| stickers.into_iter().map(|sticker| self.accept_sticker(sticker)).collect());
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

    fn accept_sticker(&mut self, sticker: InlineSticker) -> Result<Sticker, ApiError> {
        let Media { id, filename, mime_type, url, .. } =
            self.fetch(sticker.url, sticker.attachment_id.as_ref())?;
        Ok(Sticker { range: sticker.range, id, file_name: filename, mime_type, url })
    }

    /// Returns the file at a URL, or an uploaded one.
    pub(crate) fn fetch(
        &mut self,
        url: Option<String>,
        attachment_id: Option<&AttachmentId>,
    ) -> Result<Media, ApiError> {
        match (url, attachment_id) {
            (Some(url), None) => Ok(self.rehost(&url)),
            (_, Some(id)) => self.attachments.media(self.now, id),
            (None, None) => Err(ApiError::missing("url")),
        }
    }

    /// Returns the file at a URL as if the API had re-hosted it. Nothing is fetched: size and bytes are made up.
    pub(crate) fn rehost(&mut self, url: &str) -> Media {
        let attachment = self.rehosted(url);
        let media = self.attachments.signed(self.now, &attachment);
        self.attachments.add(attachment);
        media
    }

    /// Like [`rehost`](Self::rehost), but returns a URL that does not expire.
    pub(crate) fn rehost_for_good(&mut self, url: &str) -> String {
        let attachment = self.rehosted(url);
        let url = self.attachments.url(&attachment, None);
        self.attachments.add(attachment);
        url
    }

    fn rehosted(&mut self, url: &str) -> Attachment {
        let path = url.split(['?', '#']).next().unwrap_or(url);
        let name = path.rsplit('/').next().filter(|name| name.contains('.')).unwrap_or("file");
        Attachment {
            id: self.ids.uuid().into(),
            filename: name.to_owned(),
            content_type: mime_guess::from_path(name).first_or_octet_stream().to_string().into(),
            size_bytes: self.ids.file_size(),
            created_at: self.now,
            expires_at: self.now + UPLOAD_WITHIN,
            signature: String::new(),
            file: Some(File::MadeUp),
        }
    }
}
