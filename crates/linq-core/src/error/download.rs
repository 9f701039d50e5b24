use std::{error::Error as StdError, fmt, io};

/// Why a file could not be downloaded, although the storage responded.
#[derive(Debug)]
#[non_exhaustive]
pub enum DownloadError {
    /// The file is larger than [`max_bytes`](crate::resources::attachments::Download::max_bytes). Nothing of it was written.
    TooLarge {
        /// The size of the file in bytes.
        size: u64,
    },
    /// The file has changed since the download began, or is shorter than what is to be resumed. Start over.
    Changed,
    /// The storage redirects to another scheme, such as from `https` to `http`. [`Error::location`](crate::Error::location)
    /// tells where.
    RedirectScheme,
    /// The storage redirects too often, or to an invalid URL.
    Redirect,
    /// The storage responded with other bytes than those that were requested.
    Range,
    /// The file has no URL: neither the message nor the attachment has one.
    NoUrl,
    /// The bytes could not be written.
    Write(io::Error),
}

impl fmt::Display for DownloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { size } => {
                write!(f, "the file is too large: it has {size} bytes; allow more with `max_bytes`")
            }
            Self::Changed => f.write_str("the file is not the one that the download began with; start over"),
            Self::RedirectScheme => {
                f.write_str("the storage redirects to another scheme, which is not followed")
            }
            Self::Redirect => f.write_str("the storage redirects too often or to an invalid URL"),
            Self::Range => f.write_str("invalid response: not the bytes that were requested"),
            Self::NoUrl => f.write_str("the file has no URL to download it from"),
            Self::Write(_) => f.write_str("the file could not be written"),
        }
    }
}

impl StdError for DownloadError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Write(source) => Some(source),
            _ => None,
        }
    }
}
