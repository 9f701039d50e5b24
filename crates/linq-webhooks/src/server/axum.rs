use std::{fmt, mem};

use axum_core::{
    extract::{FromRef, FromRequest, Request, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::StatusCode;
use linq_types::events::{Event, ParseEventError};

use crate::{Outcome, ReceiveError, Scheme, Verifier, VerifyError, receive::respond::text_response};

/// An axum extractor for verified events. Requests without a valid signature are rejected before the handler.
///
/// The [`Verifier`] is extracted from the router's state. The body is limited by axum's `DefaultBodyLimit`, which is
/// 2 MB by default.
///
/// ```
/// use axum::{Router, http::StatusCode, routing::post};
/// use linq_webhooks::{VerifiedEvent, Verifier, events::EventData};
///
/// async fn hook(VerifiedEvent { event, .. }: VerifiedEvent) -> StatusCode {
///     if let EventData::MessageReceived(message) = &event.data {
///         println!("{}", message.text());
///     }
///     StatusCode::NO_CONTENT
/// }
///
/// fn router(signing_secret: &str) -> Result<Router, linq_webhooks::InvalidSecret> {
///     Ok(Router::new().route("/linq", post(hook)).with_state(Verifier::new(signing_secret)?))
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
}

impl<S> FromRequest<S> for VerifiedEvent
where
    S: Send + Sync,
    Verifier: FromRef<S>,
{
    type Rejection = VerifiedEventRejection;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let headers = mem::take(request.headers_mut());
        let body = Bytes::from_request(request, state).await.map_err(VerifiedEventRejection::Body)?;
        let verified =
            Verifier::from_ref(state).verify(&headers, body).map_err(VerifiedEventRejection::Unverified)?;
        let event = verified.parse().map_err(VerifiedEventRejection::InvalidEvent)?;
        Ok(Self { event, scheme: verified.scheme() })
    }
}

/// The rejection of the [`VerifiedEvent`] extractor.
#[derive(Debug)]
#[non_exhaustive]
#[cfg(feature = "axum")]
pub enum VerifiedEventRejection {
    /// The body exceeds axum's limit (413), or reading it failed (400).
    Body(BytesRejection),
    /// The signature is missing, malformed, wrong or outside the tolerance (401).
    Unverified(VerifyError),
    /// The signature is valid, but the body is not an event (400).
    InvalidEvent(ParseEventError),
}

impl fmt::Display for VerifiedEventRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(error) => error.fmt(f),
            Self::Unverified(error) => error.fmt(f),
            Self::InvalidEvent(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for VerifiedEventRejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Body(error) => error.source(),
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
            Self::Unverified(error) => (StatusCode::UNAUTHORIZED, error.to_string()).into_response(),
            Self::InvalidEvent(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
        }
    }
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
