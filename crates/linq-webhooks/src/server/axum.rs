use std::{convert::Infallible, fmt, mem, sync::Arc, time::Duration};

use axum_core::{
    extract::{FromRef, FromRequest, Request, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::StatusCode;
use linq_types::events::{Event, ParseEventError};

use crate::{
    BodyTimeout, Outcome, ReceiveError, Scheme, Verifier, VerifyError, receive::respond::text_response,
};

/// An axum extractor for verified events. Requests without a valid signature are rejected before the handler.
///
/// The [`Verifier`] is extracted from the router's state. The body is read only if the signature headers are present,
/// well-formed and within the tolerance. It is limited by axum's `DefaultBodyLimit`, which is 2 MB by default, and by the
/// [`BodyTimeout`] in the request's extensions: add one with `Router::layer(Extension(timeout))`, or a client that stops in the
/// middle of a body holds its connection.
///
/// An event whose payload cannot be read is not rejected: it has the payload as
/// [`EventData::Unknown`](linq_types::events::EventData::Unknown), and [`payload_error`](Self::payload_error). Events are not
/// deduplicated: send with the [keys](Event::key) of the event, or use a [`Receiver`](crate::Receiver).
///
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use std::time::Duration;
///
/// use axum::{Extension, Router, http::StatusCode, routing::post};
/// use linq::webhooks::{BodyTimeout, VerifiedEvent, Verifier, events::EventData};
///
/// async fn hook(VerifiedEvent { event, .. }: VerifiedEvent) -> StatusCode {
///     if let EventData::MessageReceived(message) = &event.data {
///         println!("{}", message.text());
///     }
///     StatusCode::NO_CONTENT
/// }
///
/// fn router(signing_secret: &str) -> Result<Router, linq::webhooks::InvalidSecret> {
///     let timeout = BodyTimeout::new(Duration::from_secs(10), tokio::time::sleep);
///     let router = Router::new().route("/linq", post(hook)).layer(Extension(timeout));
///     Ok(router.with_state(Verifier::new(signing_secret)?))
/// }
/// # router("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")?;
/// # Ok::<(), linq_webhooks::InvalidSecret>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
#[cfg(feature = "axum")]
pub struct VerifiedEvent {
    /// The event.
    pub event: Event,
    /// The scheme that the delivery is signed with.
    pub scheme: Scheme,
    /// Why the payload could not be read; `None` if it was.
    pub payload_error: Option<Arc<ParseEventError>>,
}

impl<S> FromRequest<S> for VerifiedEvent
where
    S: Send + Sync,
    Verifier: FromRef<S>,
{
    type Rejection = VerifiedEventRejection;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let verifier = Verifier::from_ref(state);
        let headers = mem::take(request.headers_mut());
        verifier.check_headers(&headers).map_err(VerifiedEventRejection::Unverified)?;
        let timeout = request.extensions().get::<BodyTimeout>().cloned();
        let reading = Bytes::from_request(request, state);
        let body = match &timeout {
            None => reading.await,
            Some(timeout) => timeout
                .limit(reading)
                .await
                .ok_or_else(|| VerifiedEventRejection::BodyTimeout(timeout.duration()))?,
        };
        let body = body.map_err(VerifiedEventRejection::Body)?;
        let verified = verifier.verify(&headers, body).map_err(VerifiedEventRejection::Unverified)?;
        let (event, payload_error) = match verified.parse() {
            Ok(event) => (event, None),
            Err(error) => match error.event() {
                Some(event) => (event.clone(), Some(Arc::new(error))),
                None => return Err(VerifiedEventRejection::InvalidEvent(error)),
            },
        };
        Ok(Self { event, scheme: verified.scheme(), payload_error })
    }
}

/// The rejection of the [`VerifiedEvent`] extractor.
#[derive(Debug)]
#[non_exhaustive]
#[cfg(feature = "axum")]
pub enum VerifiedEventRejection {
    /// The body exceeds axum's limit (413), or reading it failed (400).
    Body(BytesRejection),
    /// The body did not arrive within the [`BodyTimeout`], which is given (408).
    BodyTimeout(Duration),
    /// The signature is missing, malformed, wrong or outside the tolerance (401).
    Unverified(VerifyError),
    /// The signature is valid, but the body is not an event: it has no event type (400).
    InvalidEvent(ParseEventError),
}

impl fmt::Display for VerifiedEventRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(error) => error.fmt(f),
            Self::BodyTimeout(timeout) => body_timeout(*timeout).fmt(f),
            Self::Unverified(error) => error.fmt(f),
            Self::InvalidEvent(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for VerifiedEventRejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Body(error) => error.source(),
            Self::BodyTimeout(_) => None,
            Self::Unverified(error) => error.source(),
            Self::InvalidEvent(error) => error.source(),
        }
    }
}

/// Converts into a response with the status code and the reason as text.
impl IntoResponse for VerifiedEventRejection {
    fn into_response(self) -> Response {
        match self {
            Self::Body(rejection) => rejection.into_response(),
            Self::BodyTimeout(timeout) => body_timeout(timeout).into_response(),
            Self::Unverified(error) => (StatusCode::UNAUTHORIZED, error.to_string()).into_response(),
            Self::InvalidEvent(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
        }
    }
}

fn body_timeout(timeout: Duration) -> ReceiveError<Infallible> {
    ReceiveError::BodyTimeout { timeout }
}

/// Converts into a response with the [`status`](Outcome::status) and no body.
#[cfg(feature = "axum")]
impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        self.status().into_response()
    }
}

/// Converts into a response with the [`status`](ReceiveError::status) and the reason as text, without the error of the
/// handler or the deduplicator.
#[cfg(feature = "axum")]
impl<E> IntoResponse for ReceiveError<E> {
    fn into_response(self) -> Response {
        text_response(self.status(), self.public_message())
    }
}
