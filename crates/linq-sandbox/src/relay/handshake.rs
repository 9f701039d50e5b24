use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use hyper::{
    body::Incoming,
    upgrade::{OnUpgrade, on},
};
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;

use super::response::text;
use crate::shared::Shared;

/// A connection that becomes a WebSocket once the response is written. It is an extension of the response.
#[derive(Debug, Clone)]
pub(crate) struct Handshake {
    pub(super) upgrade: OnUpgrade,
    /// Whether the token is the API key.
    pub(super) is_authorized: bool,
}

/// Accepts every WebSocket, except of web pages: the client learns from the close code that its token is wrong.
pub(super) fn respond(shared: &Shared, mut request: Request<Incoming>) -> Response<Bytes> {
    if is_of_other_page(request.headers()) {
        return text(StatusCode::FORBIDDEN, "web pages of another origin are rejected".to_owned());
    }
    match create_response_with_body(&request, Bytes::new) {
        Ok(mut response) => {
            let is_authorized = token(&request).is_some_and(|token| shared.config.is_api_key(&token));
            let handshake = Handshake { upgrade: on(&mut request), is_authorized };
            response.extensions_mut().insert(handshake);
            response
        }
        Err(error) => {
            let reason = format!("expected the handshake of a WebSocket: {error}");
            let mut response = text(StatusCode::UPGRADE_REQUIRED, reason);
            let headers = response.headers_mut();
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
            headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
            response
        }
    }
}

/// Returns `true` for requests that a browser makes for a page of another origin. Such a page could try out keys: browsers
/// let every page open a WebSocket.
fn is_of_other_page(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
    headers
        .get_all(header::ORIGIN)
        .iter()
        .any(|origin| origin.as_bytes().strip_prefix(b"http://").is_none_or(|origin| Some(origin) != host))
}

fn token(request: &Request<Incoming>) -> Option<String> {
    let query = request.uri().query().unwrap_or_default();
    let token = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "token");
    token.map(|(_, token)| token.into_owned())
}
