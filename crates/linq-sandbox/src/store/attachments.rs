use bytes::Bytes;
use linq_types::{
    attachments::{ContentType, NewAttachment},
    check::{Check as _, Rule, Violation},
    error::ErrorCode,
};

use super::Store;
use crate::{
    check,
    clock::Moment,
    error::ApiError,
    model::{Attachment, UPLOAD_WITHIN},
};

impl Store {
    pub(crate) fn announce(&mut self, now: Moment, new: NewAttachment) -> Result<&Attachment, ApiError> {
        if let Err(violation) = new.check() {
            return Err(match violation.rule {
                Rule::FileSize if new.size_bytes == 0 => {
                    ApiError::invalid("`size_bytes` must be more than 0")
                }
                _ => check::rejection(&violation),
            });
        }
        self.check_content_type(&new.content_type)?;
        Ok(self.announced(now, new))
    }

    fn announced(&mut self, now: Moment, new: NewAttachment) -> &Attachment {
        let NewAttachment { filename, content_type, size_bytes, .. } = new;
        self.attachments.add(Attachment {
            id: self.ids.uuid().into(),
            filename,
            content_type,
            size_bytes,
            created_at: now,
            expires_at: now + UPLOAD_WITHIN,
            signature: self.ids.signature(),
            file: None,
        })
    }

    /// Stores a file of any type at once.
    pub(crate) fn upload(
        &mut self,
        now: Moment,
        new: NewAttachment,
        file: &[u8],
    ) -> Result<&Attachment, ApiError> {
        match new.check() {
            Ok(()) | Err(Violation { rule: Rule::MediaType, .. }) => {}
            Err(violation) => return Err(check::rejection(&violation)),
        }
        let space = self.attachments.space(new.size_bytes);
        let space =
            space.and_then(|mut space| space.grow_to(file.len()).then_some(space)).ok_or_else(|| {
                ApiError::new(ErrorCode::SERVICE_UNAVAILABLE, "the sandbox keeps no more files: delete some")
            })?;
        let id = self.announced(now, new).id.clone();
        self.attachments.keep_upload(id.as_str(), Bytes::copy_from_slice(file), space);
        self.attachment(id.as_str())
    }

    /// Returns the URL of a file that an attachment is retrieved with.
    pub(crate) fn download_url(&self, now: Moment, attachment: &Attachment) -> String {
        let expires = self.config.assumptions.download_url_ttl.map(|ttl| now + ttl);
        self.attachments.url(attachment, expires)
    }

    fn check_content_type(&self, content_type: &ContentType) -> Result<(), ApiError> {
        let taken = match content_type {
            ContentType::Unknown(_) => false,
            ContentType::ImageWebp | ContentType::ImageSvg => self.config.assumptions.accept_webp_and_svg,
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

    pub(crate) fn delete_attachment(&mut self, id: &str) -> Result<(), ApiError> {
        if uuid::Uuid::try_parse(id).is_err() {
            return Err(ApiError::invalid(format!("`{id}` is no UUID")));
        }
        if self.attachments.remove(id) { Ok(()) } else { Err(not_found(id)) }
    }
}

fn not_found(id: &str) -> ApiError {
    ApiError::not_found(ErrorCode::ATTACHMENT_NOT_FOUND, "attachment", id)
}
