//! Forwards deliveries.

use std::{error::Error as _, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, Request, StatusCode, header};
use linq::{
    Body, HttpBackend as _, ReqwestBackend, TransportError, TransportErrorKind,
    webhooks::{Scheme, Signer},
};
use tokio::time::timeout;

use crate::{
    failure::causes,
    target_url::TargetUrl,
    webhook::{Delivery, signature},
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

/// Forwards deliveries to a URL.
#[derive(Debug)]
pub(super) struct Forward {
    target: TargetUrl,
    /// Without it, the signatures that came are kept.
    signer: Option<Signer>,
    backend: ReqwestBackend,
}

impl Forward {
    pub(super) fn new(target: TargetUrl, secret: Option<&str>) -> Result<Self, String> {
        let signer = secret.map(Signer::new).transpose().map_err(|error| error.to_string())?;
        let backend =
            ReqwestBackend::new().map_err(|error| error.to_string())?.max_response_bytes(MAX_RESPONSE);
        Ok(Self { target, signer, backend })
    }

    /// Forwards a delivery. Returns the status of the target, or the reason why there is none.
    pub(super) async fn send(&self, headers: &HeaderMap, delivery: &Delivery) -> Result<StatusCode, String> {
        let body = delivery.body();
        let mut request = Request::new(Body::from(body.clone()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.target.expose().clone();
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
        for name in &NOT_FORWARDED {
            headers.remove(name);
        }
        headers.insert(header::CONTENT_LENGTH, body.len().into());
        if let Some(signer) = &self.signer {
            for name in &SIGNATURE_HEADERS {
                headers.remove(name);
            }
            let is_v2 = delivery.scheme() == Some(Scheme::V2);
            headers.extend(signature(signer, is_v2, delivery.id().as_deref(), body)?);
        }
        Ok(headers)
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
