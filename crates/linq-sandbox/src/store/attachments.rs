use bytes::Bytes;
use linq_types::{
    AttachmentId,
    attachments::{ContentType, NewAttachment},
    error::ErrorCode,
};

use super::{Store};
use crate::{clock::Moment, error::ApiError, model::{Attachment, Space}};


impl Store {
    pub(crate) fn announce(&mut self, now: Moment, new: NewAttachment) -> Result<&Attachment, ApiError> {
        let NewAttachment { filename, content_type, size_bytes, .. } = new;
        if !(1..=MAX_NAME).contains(&filename.chars().count()) {
            return Err(parameter("`filename` must have 1 to 255 characters"));
        }
        self.check_content_type(&content_type)?;
        if size_bytes == 0 {
            return Err(parameter("`size_bytes` must be more than 0"));
        }
        if size_bytes > MAX_SIZE {
            return Err(ApiError::new(
                ErrorCode::FILE_TOO_LARGE,
                "`size_bytes`: a file may have 104,857,600 bytes at most",
            ));
        }
        let id = AttachmentId::from(self.ids.uuid());
        let attachment = Attachment {
            id: id.clone(),
            filename,
            content_type,
            size_bytes,
            created_at: now,
            expires_at: now + UPLOAD_WITHIN,
            signature: self.ids.signature(),
            file: None,
        };
        Ok(self.attachments.list.entry(id).insert_entry(attachment).into_mut())
    }

    fn check_content_type(&self, content_type: &ContentType) -> Result<(), ApiError> {
        let taken = match content_type {
            ContentType::Unknown(_) => false,
            ContentType::ImageWebp | ContentType::ImageSvg => self.config.rules.take_webp_and_svg,
            _ => true,
        };
        if taken {
            return Ok(());
        }
        Err(ApiError::new(
            ErrorCode::MEDIA_TYPE_NOT_ALLOWED,
            format!("`content_type`: `{content_type}` is not allowed"),
        ))
    }

    pub(crate) fn attachment(&self, id: &str) -> Result<&Attachment, ApiError> {
        self.attachments.get(id).ok_or_else(|| not_found(id))
    }

    /// Keeps an uploaded file. One that came before is replaced.
    pub(crate) fn keep_upload(&mut self, id: &str, bytes: Bytes, space: Space) {
        if let Some(attachment) = self.attachments.list.get_mut(id) {
            attachment.file = Some((bytes, space));
        }
    }

    pub(crate) fn delete_attachment(&mut self, id: &str) -> Result<(), ApiError> {
        if uuid::Uuid::try_parse(id).is_err() {
            return Err(parameter(&format!("`{id}` is no UUID")));
        }
        self.attachments.list.remove(id).map(drop).ok_or_else(|| not_found(id))
    }
}

fn not_found(id: &str) -> ApiError {
    ApiError::not_found(ErrorCode::ATTACHMENT_NOT_FOUND, "attachment", id)
}

fn parameter(message: &str) -> ApiError {
    ApiError::new(ErrorCode::INVALID_PARAMETER, message)
}
