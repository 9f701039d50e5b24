//! Receivers of webhooks that commands send to.

use std::{error::Error as _, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, Request, StatusCode, header};
use linq::{Body, HttpBackend as _, ReqwestBackend, TransportError, TransportErrorKind, webhooks::Signer};
use tokio::time::timeout;

use crate::{failure::causes, target_url::TargetUrl, webhook::signature};

/// Less than the 10 seconds that the service waits.
const TIMEOUT: Duration = Duration::from_secs(9);
const MAX_RESPONSE: usize = 1024 * 1024;

/// Headers that belong to one connection.
const NOT_SENT: [HeaderName; 11] = [
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

/// A receiver of webhooks.
#[derive(Debug)]
pub(crate) struct Target {
    url: TargetUrl,
    backend: ReqwestBackend,
}

impl Target {
    pub(crate) fn new(url: TargetUrl) -> Result<Self, String> {
        let backend =
            ReqwestBackend::new().map_err(|error| error.to_string())?.max_response_bytes(MAX_RESPONSE);
        Ok(Self { url, backend })
    }

    /// Posts a webhook. Returns the status of the response, or the reason why there is none.
    pub(crate) async fn post(&self, headers: &HeaderMap, body: Bytes) -> Result<StatusCode, String> {
        let mut sent = headers.clone();
        for name in &NOT_SENT {
            sent.remove(name);
        }
        sent.insert(header::CONTENT_LENGTH, body.len().into());
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.url.expose().clone();
        *request.headers_mut() = sent;
        match timeout(TIMEOUT, self.backend.send(request)).await {
            Ok(Ok(response)) => Ok(response.status()),
            Ok(Err(error)) => Err(failed(&error)),
            Err(_) => Err(format!("the target did not respond within {} s", TIMEOUT.as_secs())),
        }
    }
}

/// Replaces the signatures among the headers by new ones: with the schemes of the API, or none without a signer.
pub(crate) fn sign_again(
    headers: &mut HeaderMap,
    signer: Option<&Signer>,
    is_v2: bool,
    id: Option<&str>,
    body: &[u8],
) -> Result<(), String> {
    for name in &SIGNATURE_HEADERS {
        headers.remove(name);
    }
    if let Some(signer) = signer {
        headers.extend(signature(signer, is_v2, id, body)?);
    }
    Ok(())
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
