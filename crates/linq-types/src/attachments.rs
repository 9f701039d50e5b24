//! Attachments: files that are uploaded ahead of sending (`/v3/attachments`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{AttachmentId, Timestamp};

/// A file to announce: the body of `POST /v3/attachments`.
#[doc(alias = "AttachmentCreateParams")]
#[doc(alias = "AttachmentNewParams")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewAttachment {
    /// The file's name, 1 to 255 characters.
    pub filename: String,
    /// The file's media type.
    pub content_type: ContentType,
    /// The file's exact size in bytes, at most 100 MB (104,857,600 bytes).
    pub size_bytes: u64,
}

impl NewAttachment {
    /// A file of this name, media type and size in bytes.
    pub fn new(filename: impl Into<String>, content_type: impl Into<ContentType>, size_bytes: u64) -> Self {
        Self { filename: filename.into(), content_type: content_type.into(), size_bytes }
    }
}

/// Where to upload an announced file, and the id to send it by.
#[doc(alias = "AttachmentNewResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AttachmentCreateResponse {
    /// The id to use in a media part.
    pub attachment_id: AttachmentId,
    /// Where the file goes: signed, until [`expires_at`](Self::expires_at).
    pub upload_url: String,
    /// How it goes there: `PUT`.
    pub http_method: String,
    /// The headers that the upload must carry, exactly.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub required_headers: BTreeMap<String, String>,
    /// Until when it can be uploaded: 15 minutes.
    pub expires_at: Timestamp,
    /// Where the file can be downloaded afterwards.
    pub download_url: String,
}

/// A file that was announced, and what became of it.
#[doc(alias = "AttachmentRetrieveResponse")]
#[doc(alias = "AttachmentGetResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Attachment {
    /// The file's id.
    pub id: AttachmentId,
    /// The file's name.
    pub filename: String,
    /// The file's media type.
    pub content_type: ContentType,
    /// The file's size in bytes.
    pub size_bytes: u64,
    /// Whether the file has arrived.
    #[deprecated(note = "send the file: the service says 2007 while it is not ready")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AttachmentStatus>,
    /// When it was announced.
    pub created_at: Timestamp,
    /// Where the file can be downloaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download_url: Option<String>,
}

open_enum! {
    /// Whether an announced file has arrived.
    pub enum AttachmentStatus {
        /// Not yet.
        Pending = "pending",
        /// It has.
        Complete = "complete",
        /// It could not be processed.
        Failed = "failed",
    }
}

open_enum! {
    /// The media types that Linq's SDKs name. Others may be accepted too: the service decides.
    #[doc(alias = "SupportedContentType")]
    pub enum ContentType {
        /// The media type `image/jpeg`.
        ImageJpeg = "image/jpeg",
        /// The media type `image/png`.
        ImagePng = "image/png",
        /// The media type `image/gif`.
        ImageGif = "image/gif",
        /// The media type `image/heic`.
        ImageHeic = "image/heic",
        /// The media type `image/heif`.
        ImageHeif = "image/heif",
        /// The media type `image/tiff`.
        ImageTiff = "image/tiff",
        /// The media type `image/bmp`.
        ImageBmp = "image/bmp",
        /// The media type `image/svg+xml`.
        ImageSvg = "image/svg+xml",
        /// The media type `image/webp`.
        ImageWebp = "image/webp",
        /// The media type `image/x-icon`.
        ImageXIcon = "image/x-icon",
        /// The media type `video/mp4`.
        VideoMp4 = "video/mp4",
        /// The media type `video/quicktime`.
        VideoQuicktime = "video/quicktime",
        /// The media type `video/mpeg`.
        VideoMpeg = "video/mpeg",
        /// The media type `video/mpeg2`.
        VideoMpeg2 = "video/mpeg2",
        /// The media type `video/x-m4v`.
        VideoXM4v = "video/x-m4v",
        /// The media type `video/x-msvideo`.
        VideoXMsvideo = "video/x-msvideo",
        /// The media type `video/3gpp`.
        Video3gpp = "video/3gpp",
        /// The media type `audio/mpeg`.
        AudioMpeg = "audio/mpeg",
        /// The media type `audio/mp3`.
        AudioMp3 = "audio/mp3",
        /// The media type `audio/x-m4a`.
        AudioXM4a = "audio/x-m4a",
        /// The media type `audio/mp4`.
        AudioMp4 = "audio/mp4",
        /// The media type `audio/x-caf`.
        AudioXCaf = "audio/x-caf",
        /// The media type `audio/x-wav`.
        AudioXWav = "audio/x-wav",
        /// The media type `audio/x-aiff`.
        AudioXAiff = "audio/x-aiff",
        /// The media type `audio/aiff`.
        AudioAiff = "audio/aiff",
        /// The media type `audio/aac`.
        AudioAac = "audio/aac",
        /// The media type `audio/midi`.
        AudioMidi = "audio/midi",
        /// The media type `audio/amr`.
        AudioAmr = "audio/amr",
        /// The media type `application/pdf`.
        ApplicationPdf = "application/pdf",
        /// The media type `application/vnd.apple.pkpass`.
        ApplicationPkpass = "application/vnd.apple.pkpass",
        /// The media type `text/plain`.
        TextPlain = "text/plain",
        /// The media type `text/markdown`.
        TextMarkdown = "text/markdown",
        /// The media type `text/vcard`.
        TextVcard = "text/vcard",
        /// The media type `text/rtf`.
        TextRtf = "text/rtf",
        /// The media type `text/csv`.
        TextCsv = "text/csv",
        /// The media type `text/html`.
        TextHtml = "text/html",
        /// The media type `text/calendar`.
        TextCalendar = "text/calendar",
        /// The media type `application/msword`.
        ApplicationDoc = "application/msword",
        /// The media type `application/vnd.openxmlformats-officedocument.wordprocessingml.document`.
        ApplicationDocx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        /// The media type `application/vnd.ms-excel`.
        ApplicationXls = "application/vnd.ms-excel",
        /// The media type `application/vnd.openxmlformats-officedocument.spreadsheetml.sheet`.
        ApplicationXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        /// The media type `application/vnd.ms-powerpoint`.
        ApplicationPpt = "application/vnd.ms-powerpoint",
        /// The media type `application/vnd.openxmlformats-officedocument.presentationml.presentation`.
        ApplicationPptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        /// The media type `application/x-iwork-pages-sffpages`.
        ApplicationIworkPages = "application/x-iwork-pages-sffpages",
        /// The media type `application/x-iwork-numbers-sffnumbers`.
        ApplicationIworkNumbers = "application/x-iwork-numbers-sffnumbers",
        /// The media type `application/x-iwork-keynote-sffkey`.
        ApplicationIworkKeynote = "application/x-iwork-keynote-sffkey",
        /// The media type `application/epub+zip`.
        ApplicationEpub = "application/epub+zip",
        /// The media type `text/xml`.
        TextXml = "text/xml",
        /// The media type `application/json`.
        ApplicationJson = "application/json",
        /// The media type `application/zip`.
        ApplicationZip = "application/zip",
        /// The media type `application/x-gzip`.
        ApplicationXGzip = "application/x-gzip",
        /// The media type `image/jpg`.
        ImageJpg = "image/jpg",
        /// The media type `image/x-ms-bmp`.
        ImageXMsBmp = "image/x-ms-bmp",
        /// The media type `audio/m4a`.
        AudioM4a = "audio/m4a",
        /// The media type `audio/wav`.
        AudioWav = "audio/wav",
        /// The media type `audio/x-aac`.
        AudioXAac = "audio/x-aac",
        /// The media type `text/x-vcard`.
        TextXVcard = "text/x-vcard",
        /// The media type `application/rtf`.
        ApplicationRtf = "application/rtf",
        /// The media type `application/vnd.apple.pages`.
        ApplicationPages = "application/vnd.apple.pages",
        /// The media type `application/vnd.apple.numbers`.
        ApplicationNumbers = "application/vnd.apple.numbers",
        /// The media type `application/vnd.apple.keynote`.
        ApplicationKeynote = "application/vnd.apple.keynote",
        /// The media type `application/x-zip-compressed`.
        ApplicationXZipCompressed = "application/x-zip-compressed",
    }
}
