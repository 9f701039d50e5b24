use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher as _},
    ops::Range,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use linq_types::{AttachmentId, attachments::ContentType, error::ErrorCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::content::Media;
use crate::{clock::Moment, error::ApiError};

pub(crate) const UPLOAD_WITHIN: Duration = Duration::from_secs(15 * 60);
/// How long the URL of a file in a message is valid.
const MEDIA_URL_TTL: Duration = Duration::from_secs(60 * 60);
/// The maximum total size of the stored files, and the unit of accounting.
const CAPACITY: usize = 256 * 1024 * 1024;
const UNIT: usize = 1024;
const IN_URL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// The attachments, with the bytes of those that were uploaded.
pub(crate) struct Attachments {
    /// The origin of the URLs of files.
    pub(crate) origin: String,
    /// Signs the URLs of files.
    key: u64,
    list: HashMap<AttachmentId, Attachment>,
    space: Arc<Semaphore>,
}

pub(crate) struct Attachment {
    pub(crate) id: AttachmentId,
    pub(crate) filename: String,
    pub(crate) content_type: ContentType,
    pub(crate) size_bytes: u64,
    pub(crate) created_at: Moment,
    pub(crate) expires_at: Moment,
    /// The signature in the upload URL.
    pub(crate) signature: String,
    pub(crate) file: Option<File>,
}

/// The bytes of an attachment.
pub(crate) enum File {
    Uploaded {
        bytes: Bytes,
        _space: Space,
        etag: String,
    },
    /// A file that is said to have been at a URL.
    MadeUp,
}

/// The space that one file takes, released on drop.
pub(crate) struct Space {
    taken: OwnedSemaphorePermit,
    all: Arc<Semaphore>,
}

impl Space {
    /// Takes space for this many bytes in total. Returns `false` if the sandbox is full.
    pub(crate) fn grow_to(&mut self, bytes: usize) -> bool {
        let more = bytes.div_ceil(UNIT).saturating_sub(self.taken.num_permits());
        let more =
            u32::try_from(more).ok().and_then(|more| self.all.clone().try_acquire_many_owned(more).ok());
        more.map(|more| self.taken.merge(more)).is_some()
    }
}

impl Attachment {
    /// Returns these bytes of the file; `None` until it is uploaded.
    pub(crate) fn bytes(&self, range: Range<usize>) -> Option<Bytes> {
        Some(match self.file.as_ref()? {
            File::Uploaded { bytes, .. } => bytes.slice(range),
            // Two neighbors always differ, and so do the places where chunks are likely to end.
            File::MadeUp => range.map(|at| (at % 251).to_le_bytes()[0]).collect(),
        })
    }

    /// Returns the entity tag of the file; `None` until it is uploaded.
    pub(crate) fn etag(&self) -> Option<&str> {
        Some(match self.file.as_ref()? {
            File::Uploaded { etag, .. } => etag,
            File::MadeUp => "\"made-up\"",
        })
    }

    fn path(&self) -> String {
        format!("{}/{}", self.id, utf8_percent_encode(&self.filename, IN_URL))
    }
}

impl Attachments {
    pub(crate) fn new(origin: String, key: u64) -> Self {
        Self { origin, key, list: HashMap::new(), space: Arc::new(Semaphore::new(CAPACITY / UNIT)) }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Attachment> {
        self.list.get(id)
    }

    pub(crate) fn add(&mut self, attachment: Attachment) -> &Attachment {
        self.list.entry(attachment.id.clone()).insert_entry(attachment).into_mut()
    }

    /// Stores an uploaded file, replacing an earlier upload.
    pub(crate) fn keep_upload(&mut self, id: &str, bytes: Bytes, space: Space) {
        if let Some(attachment) = self.list.get_mut(id) {
            let etag = format!("\"{:016x}\"", hash(&bytes));
            attachment.file = Some(File::Uploaded { bytes, _space: space, etag });
        }
    }

    /// Returns `false` if there is no such attachment.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        self.list.remove(id).is_some()
    }

    pub(crate) fn upload_url(&self, attachment: &Attachment) -> String {
        format!(
            "{}/uploads/{}?X-Amz-Expires={}&X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost&X-Amz-Signature={}",
            self.origin,
            attachment.path(),
            UPLOAD_WITHIN.as_secs(),
            attachment.signature,
        )
    }

    /// Returns the URL of a file, valid until it expires, if ever.
    pub(crate) fn url(&self, attachment: &Attachment, expires: Option<Moment>) -> String {
        let expires = expires.map(Moment::unix_seconds);
        let expiry = expires.map(|seconds| format!("Expires={seconds}&")).unwrap_or_default();
        let signature = self.url_signature(attachment.id.as_str(), expires);
        format!("{}/media/{}?{expiry}Signature={signature}", self.origin, attachment.path())
    }

    /// Returns the signature of the URL of a file that expires at this time.
    pub(crate) fn url_signature(&self, id: &str, expires: Option<i64>) -> String {
        format!("{:016x}", hash(&(self.key, id, expires)))
    }

    /// Returns the space for a file of this size, which takes none yet; `None` if there is not enough.
    pub(crate) fn space(&self, size_bytes: u64) -> Option<Space> {
        let units = usize::try_from(size_bytes).ok()?.div_ceil(UNIT);
        let taken = self.space.clone().try_acquire_many_owned(0).ok()?;
        (units <= self.space.available_permits()).then(|| Space { taken, all: self.space.clone() })
    }

    /// Returns the file as a part of a message.
    pub(crate) fn media(&self, now: Moment, id: &AttachmentId) -> Result<Media, ApiError> {
        let attachment = self.list.get(id).ok_or_else(|| not_found(id.as_str()))?;
        if attachment.file.is_none() {
            return Err(ApiError::new(
                ErrorCode::ATTACHMENT_NOT_READY,
                format!("the attachment `{id}` is not uploaded yet"),
            ));
        }
        Ok(self.signed(now, attachment))
    }

    /// Returns a file as a part of a message, with a signed URL.
    pub(crate) fn signed(&self, now: Moment, attachment: &Attachment) -> Media {
        Media {
            id: attachment.id.to_string(),
            filename: attachment.filename.clone(),
            mime_type: attachment.content_type.to_string(),
            size_bytes: attachment.size_bytes,
            url: self.url(attachment, Some(now + MEDIA_URL_TTL)),
        }
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn not_found(id: &str) -> ApiError {
    ApiError::not_found(ErrorCode::ATTACHMENT_NOT_FOUND, "attachment", id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_so_much_and_again_when_a_file_goes() {
        let attachments = Attachments::new(String::new(), 7);
        let size = 100 * UNIT * UNIT;
        let file = || attachments.space(size as u64);
        let (mut first, mut second, mut third) = (file().unwrap(), file().unwrap(), file().unwrap());
        assert!(first.grow_to(1) && first.grow_to(size) && first.grow_to(size) && second.grow_to(size));
        assert_eq!(attachments.space.available_permits(), (CAPACITY - 2 * size) / UNIT);
        assert!(file().is_none() && attachments.space(1).is_some());
        assert!(third.grow_to(CAPACITY - 2 * size) && !third.grow_to(size) && attachments.space(1).is_none());
        drop(first);
        assert!(file().is_some() && third.grow_to(size));
    }
}
