//! A download as a state machine: what to request next, and what a response means. It has no clock and no I/O.

use std::{collections::BTreeMap, fmt};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, StatusCode, Uri,
    header::{ACCEPT_ENCODING, CONTENT_RANGE, ETAG, IF_MATCH, LOCATION, RANGE},
};
use linq_types::{AttachmentId, attachments::Attachment};

use super::MediaSource;
use crate::{
    Error, WithMeta,
    error::{DownloadError, Location},
    request::RequestSpec,
};

/// 100 MiB, the largest file of the service.
const DEFAULT_MAX_BYTES: u64 = 100 * 1024 * 1024;
const DEFAULT_CHUNK_BYTES: u64 = 4 * 1024 * 1024;
/// The most redirects in a row.
const MAX_REDIRECTS: u32 = 5;

pub(super) struct Transfer {
    source: MediaSource,
    /// Whether the URL was asked for after the last bytes arrived: if it is refused, asking again does not help.
    is_fresh: bool,
    /// Where the storage has redirected the next request.
    location: Option<String>,
    redirects: u32,
    /// The number of bytes that the caller has.
    offset: u64,
    /// The size of the file; `None` before the first bytes.
    total: Option<u64>,
    etag: Option<HeaderValue>,
    pub(super) max_bytes: u64,
    pub(super) chunk_bytes: u64,
}

/// What to do next.
pub(super) enum Next {
    /// Ask for a URL of this attachment.
    Url(AttachmentId),
    Bytes(RequestSpec),
    Done,
}

impl Transfer {
    pub(super) fn new(source: MediaSource) -> Self {
        Self {
            source,
            is_fresh: false,
            location: None,
            redirects: 0,
            offset: 0,
            total: None,
            etag: None,
            max_bytes: DEFAULT_MAX_BYTES,
            chunk_bytes: DEFAULT_CHUNK_BYTES,
        }
    }

    /// Goes on after the first `offset` bytes.
    pub(super) fn resume_from(&mut self, offset: u64) {
        self.offset = offset;
    }

    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// The size of the file; what the caller has before that is known.
    pub(super) fn total(&self) -> u64 {
        self.total.unwrap_or(self.offset)
    }

    pub(super) fn next(&self) -> Result<Next, Error> {
        if self.total == Some(self.offset) {
            return Ok(Next::Done);
        }
        match (self.location.as_ref().or(self.source.url.as_ref()), &self.source.id) {
            (Some(url), _) => Ok(Next::Bytes(RequestSpec::download(url.clone(), self.headers()))),
            (None, Some(id)) => Ok(Next::Url(id.clone())),
            (None, None) => Err(Error::download(DownloadError::NoUrl)),
        }
    }

    /// The first request of a download that is resumed asks for one byte that the caller has: whether the file ends there
    /// is then no error.
    fn headers(&self) -> BTreeMap<String, String> {
        let start = self.offset - u64::from(self.total.is_none() && self.offset > 0);
        let end = start.saturating_add(self.chunk_bytes.min(self.max_bytes).max(2) - 1);
        let mut headers = BTreeMap::from([
            (ACCEPT_ENCODING.to_string(), "identity".to_owned()),
            (RANGE.to_string(), format!("bytes={start}-{end}")),
        ]);
        // A weak tag never matches.
        let strong = self.etag.as_ref().and_then(|etag| etag.to_str().ok()).filter(|etag| etag.starts_with('"'));
        if let Some(etag) = strong {
            headers.insert(IF_MATCH.to_string(), etag.to_owned());
        }
        headers
    }

    pub(super) fn on_attachment(&mut self, attachment: Attachment) -> Result<(), Error> {
        let url = attachment.download_url.ok_or_else(|| Error::download(DownloadError::NoUrl))?;
        self.source.url = Some(url);
        self.is_fresh = true;
        Ok(())
    }

    /// Returns the next bytes of the file; none if another request is needed first.
    pub(super) fn on_response(&mut self, response: Result<WithMeta<Bytes>, Error>) -> Result<Bytes, Error> {
        match response {
            Err(error) if self.may_have_expired(&error) => {
                self.source.url = None;
                self.location = None;
                Ok(Bytes::new())
            }
            Err(error) => Err(error),
            Ok(WithMeta { meta, .. }) if meta.status().is_redirection() => {
                self.redirect(meta.status(), meta.headers())?;
                Ok(Bytes::new())
            }
            Ok(WithMeta { value, meta }) => {
                self.accept(meta.status(), meta.headers(), &value).map_err(Error::download)
            }
        }
    }

    /// Whether a fresh URL may help: storages refuse expired URLs with several statuses.
    fn may_have_expired(&self, error: &Error) -> bool {
        let is_refused = error.status().is_some_and(|status| {
            matches!(
                status,
                StatusCode::BAD_REQUEST
                    | StatusCode::UNAUTHORIZED
                    | StatusCode::FORBIDDEN
                    | StatusCode::GONE
            )
        });
        is_refused && self.source.id.is_some() && !self.is_fresh
    }

    fn redirect(&mut self, status: StatusCode, headers: &HeaderMap) -> Result<(), Error> {
        let from = self.location.as_ref().or(self.source.url.as_ref());
        let to = headers.get(LOCATION).and_then(|location| location.to_str().ok());
        let target = from.zip(to).ok_or(DownloadError::Redirect).and_then(|(from, to)| resolve(from, to));
        self.redirects += 1;
        match target {
            Ok(target) if self.redirects <= MAX_REDIRECTS => {
                self.location = Some(target);
                Ok(())
            }
            target => {
                let reason = target.err().unwrap_or(DownloadError::Redirect);
                Err(Error::download(reason).with_location(Location::of(status, headers)))
            }
        }
    }

    fn accept(
        &mut self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Bytes, DownloadError> {
        let (start, total, body) = match status {
            StatusCode::PARTIAL_CONTENT => {
                let (start, total) = content_range(headers, body.len()).ok_or(DownloadError::Range)?;
                (start, total, body.clone())
            }
            // An empty file has no bytes to request.
            StatusCode::RANGE_NOT_SATISFIABLE if self.offset == 0 => (0, 0, Bytes::new()),
            StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::PRECONDITION_FAILED => {
                return Err(DownloadError::Changed);
            }
            // The whole file, from a server that knows no ranges.
            _ => (0, body.len() as u64, body.clone()),
        };
        let etag = headers.get(ETAG);
        let is_other = etag.zip(self.etag.as_ref()).is_some_and(|(etag, known)| etag != known);
        if is_other || self.total.is_some_and(|known| known != total) || total < self.offset {
            return Err(DownloadError::Changed);
        }
        if total > self.max_bytes {
            return Err(DownloadError::TooLarge { size: total });
        }
        let known = self.offset.checked_sub(start).and_then(|known| usize::try_from(known).ok());
        let bytes = known.filter(|known| *known <= body.len()).map(|known| body.slice(known..));
        let bytes = bytes.filter(|bytes| !bytes.is_empty() || total == self.offset);
        let bytes = bytes.ok_or(DownloadError::Range)?;
        self.offset += bytes.len() as u64;
        self.total = Some(total);
        self.etag = etag.cloned().or(self.etag.take());
        self.is_fresh = false;
        self.location = None;
        self.redirects = 0;
        Ok(bytes)
    }
}

/// Shows the attachment id and the numbers; URLs are secret.
impl fmt::Debug for Transfer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transfer")
            .field("source", &self.source)
            .field("offset", &self.offset)
            .field("total", &self.total)
            .field("max_bytes", &self.max_bytes)
            .finish_non_exhaustive()
    }
}

/// The first byte in a response with this many bytes, and the size of the file.
fn content_range(headers: &HeaderMap, length: usize) -> Option<(u64, u64)> {
    let text = headers.get(CONTENT_RANGE)?.to_str().ok()?.trim();
    let (unit, range) = text.split_once(' ')?;
    let (range, total) = range.trim().split_once('/')?;
    let (start, end) = range.split_once('-')?;
    let (start, end, total): (u64, u64, u64) =
        (start.parse().ok()?, end.parse().ok()?, total.parse().ok()?);
    let is_whole = end.checked_sub(start)?.checked_add(1)? == length as u64;
    (unit.eq_ignore_ascii_case("bytes") && is_whole && end < total).then_some((start, total))
}

/// Where a redirect from a URL leads: an absolute URL, one without a scheme, or a path from the root.
fn resolve(from: &str, to: &str) -> Result<String, DownloadError> {
    let from: Uri = from.parse().map_err(|_| DownloadError::Redirect)?;
    let (scheme, authority) = from.scheme_str().zip(from.authority()).ok_or(DownloadError::Redirect)?;
    let target = match to {
        _ if to.starts_with("//") => format!("{scheme}:{to}"),
        _ if to.starts_with('/') => format!("{scheme}://{authority}{to}"),
        _ => to.to_owned(),
    };
    let uri: Uri = target.parse().map_err(|_| DownloadError::Redirect)?;
    match (uri.scheme(), uri.authority()) {
        (Some(other), Some(_)) if Some(other) == from.scheme() => Ok(target),
        (Some(_), Some(_)) => Err(DownloadError::RedirectScheme),
        _ => Err(DownloadError::Redirect),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_if_it_is_consistent() {
        for (text, length, expected) in [
            ("bytes 0-3/10", 4, Some((0, 10))),
            ("bytes 4-9/10", 6, Some((4, 10))),
            ("Bytes  4-9/10 ", 6, Some((4, 10))),
            ("bytes 0-3/10", 3, None),
            ("bytes 0-3/3", 4, None),
            ("bytes 3-0/10", 4, None),
            ("bytes 0-18446744073709551615/10", 0, None),
            ("bytes 0-3/*", 4, None),
            ("bytes */10", 0, None),
            ("lines 0-3/10", 4, None),
            ("", 0, None),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_RANGE, text.parse().unwrap())]);
            assert_eq!(content_range(&headers, length), expected, "{text}");
        }
    }

    #[test]
    fn a_redirect_keeps_its_scheme_or_is_an_error() {
        let from = "https://cdn.example.com:8443/a/b?signature=s";
        for (to, expected) in [
            ("https://other.example.com/x?y", Some("https://other.example.com/x?y")),
            ("//other.example.com/x", Some("https://other.example.com/x")),
            ("/x?y", Some("https://cdn.example.com:8443/x?y")),
            ("HTTPS://other.example.com/x", Some("HTTPS://other.example.com/x")),
        ] {
            assert_eq!(resolve(from, to).ok().as_deref(), expected, "{to}");
        }
        for to in ["http://cdn.example.com/x", "ftp://cdn.example.com/x"] {
            assert!(matches!(resolve(from, to), Err(DownloadError::RedirectScheme)), "{to}");
        }
        assert!(matches!(
            resolve("http://a.example.com/", "https://a.example.com/"),
            Err(DownloadError::RedirectScheme)
        ));
        for to in ["", "x/y", "other.example.com", "mailto:a@example.com", "https://exa mple.com/"] {
            assert!(matches!(resolve(from, to), Err(DownloadError::Redirect)), "{to}");
        }
    }
}
