//! Sending deliveries on.

use std::{fmt, str::FromStr, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, Request, StatusCode, Uri, header};
use linq::{
    Body, HttpBackend as _, ReqwestBackend, TransportErrorKind,
    webhooks::{Scheme, Signer},
};
use tokio::time::timeout;

use crate::webhook::{Delivery, now};

/// The service waits 10 seconds.
const PATIENCE: Duration = Duration::from_secs(9);
const MAX_ANSWER: usize = 1024 * 1024;

/// What belongs to one connection, or is made anew.
const NOT_FORWARDED: [HeaderName; 11] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::EXPECT,
    header::HOST,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
];
const SIGNATURE_HEADERS: [HeaderName; 5] = [
    HeaderName::from_static("webhook-id"),
    HeaderName::from_static("webhook-timestamp"),
    HeaderName::from_static("webhook-signature"),
    HeaderName::from_static("x-webhook-timestamp"),
    HeaderName::from_static("x-webhook-signature"),
];

/// Where to send deliveries on to. It is never printed: there can be a password in it.
#[derive(Clone)]
pub(super) struct TargetUrl(Uri);

impl FromStr for TargetUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|_| "that is no address")?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some();
        if is_web { Ok(Self(uri)) } else { Err("an address begins with http:// or https://") }
    }
}

impl fmt::Debug for TargetUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TargetUrl(<redacted>)")
    }
}

/// Sends deliveries on.
#[derive(Debug)]
pub(super) struct Forward {
    target: TargetUrl,
    signer: Signer,
    backend: ReqwestBackend,
}

impl Forward {
    pub(super) fn new(target: TargetUrl, secret: &str) -> Result<Self, String> {
        let signer = Signer::new(secret).map_err(|error| error.to_string())?;
        let backend =
            ReqwestBackend::new().map_err(|error| error.to_string())?.max_response_bytes(MAX_ANSWER);
        Ok(Self { target, signer, backend })
    }

    /// Sends a delivery on and gives the target's status, or why there is none.
    pub(super) async fn send(&self, headers: &HeaderMap, delivery: &Delivery) -> Result<StatusCode, String> {
        let body = delivery.verified.body();
        let mut request = Request::new(Body::from(body.clone()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.target.0.clone();
        *request.headers_mut() = self.headers(headers, delivery, body)?;
        match timeout(PATIENCE, self.backend.send(request)).await {
            Ok(Ok(answer)) => Ok(answer.status()),
            Ok(Err(error)) => Err(match error.kind() {
                TransportErrorKind::Connect => "the target cannot be reached",
                TransportErrorKind::Timeout => "the target does not answer",
                TransportErrorKind::TooLarge => "the target's answer is too large",
                _ => "the target did not answer",
            }
            .to_owned()),
            Err(_) => Err(format!("the target does not answer within {} s", PATIENCE.as_secs())),
        }
    }

    /// Those of the delivery, signed anew in the ways of its API.
    fn headers(&self, came: &HeaderMap, delivery: &Delivery, body: &Bytes) -> Result<HeaderMap, String> {
        let mut headers = came.clone();
        for name in NOT_FORWARDED.iter().chain(&SIGNATURE_HEADERS) {
            headers.remove(name);
        }
        headers.extend(match delivery.scheme() {
            Scheme::V2 => self.signer.v2_headers(body),
            _ => {
                let id = delivery.verified.id().unwrap_or(delivery.event.event_id.as_str());
                self.signer.headers(id, now(), body).map_err(|_| "the event's id cannot be in a header")?
            }
        });
        Ok(headers)
    }
}
