//! Attachments: files that are uploaded before they are sent (`/v3/attachments`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{AttachmentId, Timestamp};

/// An upload to create: the body of `POST /v3/attachments`.
#[doc(alias = "AttachmentCreateParams")]
#[doc(alias = "AttachmentNewParams")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schemars-1",
    derive(schemars::JsonSchema),
    schemars(example = Self::new("cup.jpg", "image/jpeg", 52_113))
)]
#[non_exhaustive]
pub struct NewAttachment {
    /// The name of the file, 1 to 255 characters.
    pub filename: String,
    /// The [media type](ContentType) of the file.
    pub content_type: ContentType,
    /// The exact size of the file in bytes, 1 to 104,857,600 (100 MiB).
    pub size_bytes: u64,
}

impl NewAttachment {
    /// Creates an upload of a file with this name, media type and size in bytes.
    pub fn new(filename: impl Into<String>, content_type: impl Into<ContentType>, size_bytes: u64) -> Self {
        Self { filename: filename.into(), content_type: content_type.into(), size_bytes }
    }
}

/// The response to creating an upload: where to upload the file, and the id to send it by.
#[doc(alias = "AttachmentNewResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AttachmentCreateResponse {
    /// The id of the attachment, for a [media part](crate::parts::MediaPart).
    pub attachment_id: AttachmentId,
    /// The signed URL to upload the file to, valid until [`expires_at`](Self::expires_at).
    pub upload_url: String,
    /// The HTTP method of the upload: `PUT`; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_method: Option<String>,
    /// The headers of the upload by name. All are required, with exactly these values.
    #[serde(default, deserialize_with = "crate::list::map_or_empty")]
    pub required_headers: BTreeMap<String, String>,
    /// When [`upload_url`](Self::upload_url) expires: 15 minutes after the request; `None` if the API does not report
    /// it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// The URL to download the file from after the upload; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download_url: Option<String>,
}

/// An attachment, uploaded or not.
#[doc(alias = "AttachmentRetrieveResponse")]
#[doc(alias = "AttachmentGetResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Attachment {
    /// The id of the attachment.
    pub id: AttachmentId,
    /// The name of the file; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// The [media type](ContentType) of the file; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<ContentType>,
    /// The size of the file in bytes; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
    /// The [status](AttachmentStatus) of the upload; `None` if the API does not report it.
    #[deprecated(
        note = "send the file; until it is ready, the API responds with `ErrorCode::ATTACHMENT_NOT_READY` (2007)"
    )]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AttachmentStatus>,
    /// When the upload was created; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// The URL to download the file from; `None` until it is uploaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download_url: Option<String>,
}

open_enum! {
    /// The status of an upload.
    pub enum AttachmentStatus {
        /// The file is not uploaded yet.
        Pending = "pending",
        /// The file is uploaded.
        Complete = "complete",
        /// The file could not be processed.
        Failed = "failed",
    }
}

open_enum! {
    /// A media type. The variants are those that the vendor documents; the API may accept others.
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

impl ContentType {
    /// Returns the media type of files with this extension, such as `jpg` or `PDF`; `None` if the vendor documents none
    /// for it. The dot is not part of the extension.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; }
    /// use linq::types::attachments::ContentType;
    ///
    /// assert_eq!(ContentType::from_extension("HEIC"), Some(ContentType::ImageHeic));
    /// assert_eq!(ContentType::from_extension("flac"), None);
    /// ```
    #[must_use]
    pub fn from_extension(extension: &str) -> Option<Self> {
        Some(match extension.to_ascii_lowercase().as_str() {
            "jpg" | "jpeg" => Self::ImageJpeg,
            "png" => Self::ImagePng,
            "gif" => Self::ImageGif,
            "heic" => Self::ImageHeic,
            "heif" => Self::ImageHeif,
            "tif" | "tiff" => Self::ImageTiff,
            "bmp" => Self::ImageBmp,
            "svg" => Self::ImageSvg,
            "webp" => Self::ImageWebp,
            "ico" => Self::ImageXIcon,
            "mp4" => Self::VideoMp4,
            "mov" | "qt" => Self::VideoQuicktime,
            "mpg" | "mpeg" => Self::VideoMpeg,
            "m4v" => Self::VideoXM4v,
            "avi" => Self::VideoXMsvideo,
            "3gp" | "3gpp" => Self::Video3gpp,
            "mp3" => Self::AudioMpeg,
            "m4a" => Self::AudioXM4a,
            "caf" => Self::AudioXCaf,
            "wav" => Self::AudioXWav,
            "aif" | "aiff" => Self::AudioAiff,
            "aac" => Self::AudioAac,
            "mid" | "midi" => Self::AudioMidi,
            "amr" => Self::AudioAmr,
            "pdf" => Self::ApplicationPdf,
            "pkpass" => Self::ApplicationPkpass,
            "txt" => Self::TextPlain,
            "md" => Self::TextMarkdown,
            "vcf" => Self::TextVcard,
            "rtf" => Self::TextRtf,
            "csv" => Self::TextCsv,
            "htm" | "html" => Self::TextHtml,
            "ics" => Self::TextCalendar,
            "doc" => Self::ApplicationDoc,
            "docx" => Self::ApplicationDocx,
            "xls" => Self::ApplicationXls,
            "xlsx" => Self::ApplicationXlsx,
            "ppt" => Self::ApplicationPpt,
            "pptx" => Self::ApplicationPptx,
            "pages" => Self::ApplicationIworkPages,
            "numbers" => Self::ApplicationIworkNumbers,
            "key" => Self::ApplicationIworkKeynote,
            "epub" => Self::ApplicationEpub,
            "xml" => Self::TextXml,
            "json" => Self::ApplicationJson,
            "zip" => Self::ApplicationZip,
            "gz" => Self::ApplicationXGzip,
            _ => return None,
        })
    }
}
