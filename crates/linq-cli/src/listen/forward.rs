//! Forwards deliveries.

use std::{error::Error as _, fmt, str::FromStr, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, Request, StatusCode, Uri, header};
use linq::{
    Body, HttpBackend as _, ReqwestBackend, TransportError, TransportErrorKind,
    webhooks::{Scheme, Signer},
};
use tokio::time::timeout;

use crate::{
    failure::causes,
    secret::SchemeName,
    webhook::{Delivery, now, only},
};

/// Less than the 10 seconds that the service waits.
const TIMEOUT: Duration = Duration::from_secs(9);
const MAX_RESPONSE: usize = 1024 * 1024;

/// Headers that belong to one connection, or that are signed again.
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

/// The URL to forward deliveries to. It is never printed, since it can contain a password.
#[derive(Clone)]
pub(super) struct TargetUrl(Uri);

impl FromStr for TargetUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|_| "invalid URL")?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some();
        if is_web { Ok(Self(uri)) } else { Err("invalid URL; expected http:// or https://") }
    }
}

impl fmt::Debug for TargetUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TargetUrl(<redacted>)")
    }
}

/// Forwards deliveries to a URL.
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
            ReqwestBackend::new().map_err(|error| error.to_string())?.max_response_bytes(MAX_RESPONSE);
        Ok(Self { target, signer, backend })
    }

    /// Forwards a delivery. Returns the status of the target, or the reason why there is none.
    pub(super) async fn send(&self, headers: &HeaderMap, delivery: &Delivery) -> Result<StatusCode, String> {
        let body = delivery.verified.body();
        let mut request = Request::new(Body::from(body.clone()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.target.0.clone();
        *request.headers_mut() = self.headers(headers, delivery, body)?;
        match timeout(TIMEOUT, self.backend.send(request)).await {
            Ok(Ok(answer)) => Ok(answer.status()),
            Ok(Err(error)) => Err(failed(&error)),
            Err(_) => Err(format!("the target did not respond within {} s", TIMEOUT.as_secs())),
        }
    }

    /// Returns the headers of the delivery, signed again with the schemes of its API.
    fn headers(&self, came: &HeaderMap, delivery: &Delivery, body: &Bytes) -> Result<HeaderMap, String> {
        let mut headers = came.clone();
        for name in NOT_FORWARDED.iter().chain(&SIGNATURE_HEADERS) {
            headers.remove(name);
        }
        headers.insert(header::CONTENT_LENGTH, body.len().into());
        headers.extend(match delivery.scheme() {
            Scheme::V2 => self.signer.v2_headers(body),
            _ => self.v3_headers(delivery, body)?,
        });
        Ok(headers)
    }

    /// Returns the headers of V3. Without an id, they are those of the older scheme, which does not sign it.
    fn v3_headers(&self, delivery: &Delivery, body: &Bytes) -> Result<HeaderMap, String> {
        let event_id = delivery.envelope().and_then(|event| Some(event.event_id.as_ref()?.as_str()));
        let id = delivery.verified.id().or(event_id).unwrap_or_default();
        let headers =
            self.signer.headers(id, now(), body).map_err(|_| "the event id is not a valid header value")?;
        Ok(if id.is_empty() { only(SchemeName::Legacy, headers) } else { headers })
    }
}

/// Returns the reason, which does not contain the URL.
fn failed(error: &TransportError) -> String {
    let what = match error.kind() {
        TransportErrorKind::Connect => "cannot connect to the target",
        TransportErrorKind::Timeout => "the target timed out",
        TransportErrorKind::TooLarge => "the response of the target is too large",
        _ => "the target did not respond",
    };
    match error.source() {
        Some(source) => format!("{what}: {}", causes(source).pop().unwrap_or_default()),
        None => what.to_owned(),
    }
}
