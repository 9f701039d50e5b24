use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, header};

/// A file of the page: its path, its type and its text.
type File = (&'static str, &'static str, &'static str);

/// Declares the files in the folder `page`.
macro_rules! files {
    ($($path:literal, $type:literal, $name:literal;)+) => {
        &[$(($path, $type, include_str!($name))),+]
    };
}

const FILES: &[File] = files! {
    "/", "text/html; charset=utf-8", "index.html";
    "/page/style.css", "text/css; charset=utf-8", "style.css";
    "/page/icon.svg", "image/svg+xml", "icon.svg";
    "/page/actions.js", "text/javascript; charset=utf-8", "actions.js";
    "/page/api.js", "text/javascript; charset=utf-8", "api.js";
    "/page/ask.js", "text/javascript; charset=utf-8", "ask.js";
    "/page/bubble.js", "text/javascript; charset=utf-8", "bubble.js";
    "/page/chat.js", "text/javascript; charset=utf-8", "chat.js";
    "/page/codes.js", "text/javascript; charset=utf-8", "codes.js";
    "/page/composer.js", "text/javascript; charset=utf-8", "composer.js";
    "/page/detail.js", "text/javascript; charset=utf-8", "detail.js";
    "/page/dom.js", "text/javascript; charset=utf-8", "dom.js";
    "/page/effects.js", "text/javascript; charset=utf-8", "effects.js";
    "/page/key.js", "text/javascript; charset=utf-8", "key.js";
    "/page/log.js", "text/javascript; charset=utf-8", "log.js";
    "/page/machine.js", "text/javascript; charset=utf-8", "machine.js";
    "/page/main.js", "text/javascript; charset=utf-8", "main.js";
    "/page/menu.js", "text/javascript; charset=utf-8", "menu.js";
    "/page/notes.js", "text/javascript; charset=utf-8", "notes.js";
    "/page/people.js", "text/javascript; charset=utf-8", "people.js";
    "/page/rows.js", "text/javascript; charset=utf-8", "rows.js";
    "/page/session.js", "text/javascript; charset=utf-8", "session.js";
    "/page/state.js", "text/javascript; charset=utf-8", "state.js";
    "/page/stream.js", "text/javascript; charset=utf-8", "stream.js";
    "/page/text.js", "text/javascript; charset=utf-8", "text.js";
    "/page/toast.js", "text/javascript; charset=utf-8", "toast.js";
    "/page/view.js", "text/javascript; charset=utf-8", "view.js";
};

const HEADERS: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Returns the response to a request for a file of the page; `None` if it is not one.
pub(crate) fn serve(method: &Method, path: &str) -> Option<Response<Bytes>> {
    let (_, content_type, text) = FILES.iter().find(|(known, ..)| *known == path)?;
    if method != Method::GET && method != Method::HEAD {
        return None;
    }
    let mut response = Response::new(Bytes::from_static(text.as_bytes()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.extend(HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value))));
    Some(response)
}

/// Adds the headers that keep an uploaded file from acting as a page of this origin.
pub(crate) fn confine(headers: &mut HeaderMap) {
    let policy = HeaderValue::from_static("sandbox; default-src 'none'");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}
