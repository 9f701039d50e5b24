use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, header};

/// A file of the page: its path, its type and its text.
type File = (&'static str, &'static str, &'static str);

/// Declares the files in the folder `page`.
macro_rules! files {
    ($($path:literal, $type:expr, $name:literal;)+) => {
        &[$(($path, $type, include_str!($name))),+]
    };
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

const FILES: &[File] = files! {
    "/", "text/html; charset=utf-8", "index.html";
    "/page/style.css", "text/css; charset=utf-8", "style.css";
    "/page/icon.svg", "image/svg+xml", "icon.svg";
    "/page/actions.js", SCRIPT, "actions.js";
    "/page/api.js", SCRIPT, "api.js";
    "/page/ask.js", SCRIPT, "ask.js";
    "/page/bubble.js", SCRIPT, "bubble.js";
    "/page/chat.js", SCRIPT, "chat.js";
    "/page/codes.js", SCRIPT, "codes.js";
    "/page/composer.js", SCRIPT, "composer.js";
    "/page/detail.js", SCRIPT, "detail.js";
    "/page/dom.js", SCRIPT, "dom.js";
    "/page/effects.js", SCRIPT, "effects.js";
    "/page/key.js", SCRIPT, "key.js";
    "/page/log.js", SCRIPT, "log.js";
    "/page/machine.js", SCRIPT, "machine.js";
    "/page/main.js", SCRIPT, "main.js";
    "/page/menu.js", SCRIPT, "menu.js";
    "/page/notes.js", SCRIPT, "notes.js";
    "/page/people.js", SCRIPT, "people.js";
    "/page/rows.js", SCRIPT, "rows.js";
    "/page/session.js", SCRIPT, "session.js";
    "/page/state.js", SCRIPT, "state.js";
    "/page/stream.js", SCRIPT, "stream.js";
    "/page/text.js", SCRIPT, "text.js";
    "/page/toast.js", SCRIPT, "toast.js";
    "/page/view.js", SCRIPT, "view.js";
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
