use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::{
    body::Incoming,
    upgrade::{OnUpgrade, on},
};
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;

use super::response::text;
use crate::{
    access::{check_origin, is_same_secret},
    shared::Shared,
};

/// A connection that becomes a WebSocket once the response is written. It is an extension of the response.
#[derive(Debug, Clone)]
pub(crate) struct Handshake {
    pub(super) upgrade: OnUpgrade,
    /// Whether the token is the API key.
    pub(super) is_authorized: bool,
}

/// Accepts every WebSocket, except of other web pages, which could try out keys: browsers let every page open one. The client
/// learns from the close code that its token is wrong.
pub(super) fn respond(shared: &Shared, mut request: Request<Incoming>) -> Response<Bytes> {
    if let Err(error) = check_origin(request.headers()) {
        return text(error.status(), error.to_string());
    }
    match create_response_with_body(&request, Bytes::new) {
        Ok(mut response) => {
            let is_authorized =
                token(&request).is_some_and(|token| is_same_secret(&token, &shared.config.api_key));
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

fn token(request: &Request<Incoming>) -> Option<String> {
    let query = request.uri().query().unwrap_or_default();
    let token = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "token");
    token.map(|(_, token)| token.into_owned())
}
