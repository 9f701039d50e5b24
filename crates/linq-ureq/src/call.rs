//! The request that a thread is sending. ureq gets a stand-in for it, so that it connects, reads the response and pools the
//! connection; what is written to the connection comes from here.
//!
//! The reasons: ureq writes a body to its end before it looks for a response, does not say whether an error came before or
//! after the request was sent, and logs URLs and headers.

use std::{cell::RefCell, fmt::Write, iter, sync::Arc};

use bytes::{BufMut, Bytes, BytesMut};
use http::{
    HeaderMap, HeaderValue, Method, Uri,
    header::{CONTENT_LENGTH, HOST},
    uri::{Authority, Scheme},
};
use linq_core::{Body, Chunks, backend::AttemptProgress};
use ureq::SendBody;

use crate::tcp::Link;

thread_local! {
    static CALL: RefCell<Call> = RefCell::default();
}

#[derive(Default)]
struct Call {
    /// Until it is sent.
    request: Option<Outgoing>,
    is_proxied: bool,
    link: Option<Arc<Link>>,
}

/// A request as it is written to a connection.
pub(crate) struct Outgoing {
    head: Bytes,
    body: Chunks,
    progress: AttemptProgress,
}

/// Runs ureq with a request. Returns `true` beside its result if nothing of the request was sent.
pub(crate) fn run<T>(request: Outgoing, is_proxied: bool, run: impl FnOnce() -> T) -> (T, bool) {
    request.progress.connecting();
    CALL.set(Call { request: Some(request), is_proxied, link: None });
    let result = run();
    let is_unsent = CALL.take().request.is_some();
    (result, is_unsent)
}

/// Takes the request of this thread. From now on it counts as sent.
pub(crate) fn take_request() -> Option<Outgoing> {
    CALL.with_borrow_mut(|call| call.request.take())
}

pub(crate) fn is_proxied() -> bool {
    CALL.with_borrow(|call| call.is_proxied)
}

/// Hands the TCP connection that this thread has opened to the layer above TLS.
pub(crate) fn set_link(link: Arc<Link>) {
    CALL.with_borrow_mut(|call| call.link = Some(link));
}

pub(crate) fn take_link() -> Option<Arc<Link>> {
    CALL.with_borrow_mut(|call| call.link.take())
}

impl Outgoing {
    /// Splits a request into what is sent, and the stand-in that ureq connects for. Returns `None` if the URL is not absolute.
    pub(crate) fn new(request: http::Request<Body>) -> Option<(http::Request<SendBody<'static>>, Self)> {
        let progress = AttemptProgress::of(&request);
        let (head, body) = request.into_parts();
        let (scheme, authority) = (head.uri.scheme()?, head.uri.authority()?);
        let mut stand_in = http::Request::new(SendBody::none());
        *stand_in.uri_mut() = root(scheme, authority)?;
        if head.method == Method::HEAD {
            *stand_in.method_mut() = Method::HEAD;
        }
        let mut headers = head.headers;
        // A body is sent with its length, never in chunks. The client sets the length where an empty body is expected.
        if !body.is_empty() {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(body.content_length()));
        }
        let head = write_head(&head.method, &head.uri, stand_in.uri().authority()?, &headers)?;
        Some((stand_in, Self { head, body: body.into_chunks(), progress }))
    }

    /// Whether the request may still be sent: the client has not given it up.
    pub(crate) fn may_be_sent(&self) -> bool {
        self.progress.sending()
    }

    /// Returns the bytes of the request, in pieces.
    pub(crate) fn into_pieces(self) -> impl Iterator<Item = std::io::Result<Bytes>> {
        iter::once(Ok(self.head)).chain(self.body)
    }
}

/// The URL without a path and credentials.
fn root(scheme: &Scheme, authority: &Authority) -> Option<Uri> {
    let host = authority.host();
    let authority = match authority.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    Uri::builder().scheme(scheme.clone()).authority(authority).path_and_query("/").build().ok()
}

fn write_head(method: &Method, uri: &Uri, authority: &Authority, headers: &HeaderMap) -> Option<Bytes> {
    let mut head = BytesMut::with_capacity(512);
    write!(head, "{method} {}", uri.path()).ok()?;
    if let Some(query) = uri.query() {
        write!(head, "?{query}").ok()?;
    }
    head.put_slice(b" HTTP/1.1\r\n");
    if !headers.contains_key(HOST) {
        write!(head, "host: {authority}\r\n").ok()?;
    }
    for (name, value) in headers {
        head.put_slice(name.as_ref());
        head.put_slice(b": ");
        head.put_slice(value.as_bytes());
        head.put_slice(b"\r\n");
    }
    head.put_slice(b"\r\n");
    Some(head.freeze())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(request: http::request::Builder, body: &'static str) -> (Uri, Method, String) {
        let (stand_in, outgoing) = Outgoing::new(request.body(body.into()).unwrap()).unwrap();
        let sent: Vec<u8> = outgoing.into_pieces().flat_map(|piece| piece.unwrap().to_vec()).collect();
        assert!(stand_in.headers().is_empty());
        (stand_in.uri().clone(), stand_in.method().clone(), String::from_utf8(sent).unwrap())
    }

    #[test]
    fn the_request_is_written_as_made_and_ureq_sees_only_the_host() {
        let post = http::Request::post("https://user:pw@Host:8443/v3/a%2Fb?x=secret&y=");
        let (uri, method, sent) = split(post.header("x-own", "1").header("x-own", "2"), "{}");
        assert_eq!((uri.to_string().as_str(), method), ("https://Host:8443/", Method::GET));
        assert_eq!(
            sent,
            "POST /v3/a%2Fb?x=secret&y= HTTP/1.1\r\nhost: Host:8443\r\nx-own: 1\r\nx-own: 2\r\ncontent-length: 2\r\n\r\n{}",
        );
        let (uri, method, sent) = split(http::Request::head("http://[::1]").header("Host", "other"), "");
        assert_eq!((uri.to_string().as_str(), method), ("http://[::1]/", Method::HEAD));
        assert_eq!(sent, "HEAD / HTTP/1.1\r\nhost: other\r\n\r\n");
        let (_, _, sent) = split(http::Request::put("http://host?q").header(CONTENT_LENGTH, 0), "");
        assert_eq!(sent, "PUT /?q HTTP/1.1\r\nhost: host\r\ncontent-length: 0\r\n\r\n");
    }

    #[test]
    fn a_url_that_is_not_absolute_cannot_be_sent() {
        for uri in ["/v3/chats", "host", "*"] {
            assert!(Outgoing::new(http::Request::get(uri).body(Body::empty()).unwrap()).is_none(), "{uri}");
        }
    }
}
