use std::fmt;

use linq_types::{
    AttachmentId,
    attachments::Attachment,
    parts::{InlineStickerResponse, MediaPartResponse},
};

/// A file to download: its URL, its attachment id to ask for a fresh URL, or both.
#[derive(Clone, PartialEq, Eq)]
pub struct MediaSource {
    pub(super) id: Option<AttachmentId>,
    pub(super) url: Option<String>,
}

impl MediaSource {
    /// Creates a source from a URL. Once the URL has expired, the file cannot be downloaded.
    pub fn from_url(url: impl Into<String>) -> Self {
        Self { id: None, url: Some(url.into()) }
    }
}

impl From<&MediaPartResponse> for MediaSource {
    fn from(media: &MediaPartResponse) -> Self {
        Self { id: media.id.clone(), url: media.url.clone() }
    }
}

impl From<&InlineStickerResponse> for MediaSource {
    fn from(sticker: &InlineStickerResponse) -> Self {
        Self { id: sticker.id.clone(), url: sticker.url.clone() }
    }
}

impl From<&Attachment> for MediaSource {
    fn from(attachment: &Attachment) -> Self {
        Self { id: Some(attachment.id.clone()), url: attachment.download_url.clone() }
    }
}

impl From<AttachmentId> for MediaSource {
    fn from(id: AttachmentId) -> Self {
        Self { id: Some(id), url: None }
    }
}

impl From<&AttachmentId> for MediaSource {
    fn from(id: &AttachmentId) -> Self {
        id.clone().into()
    }
}

/// Shows the attachment id, but not the URL, which gives access to the file.
impl fmt::Debug for MediaSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaSource").field("id", &self.id).finish_non_exhaustive()
    }
}
