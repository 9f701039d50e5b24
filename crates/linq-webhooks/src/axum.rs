use std::{fmt, mem};

use axum_core::{
    extract::{FromRef, FromRequest, Request, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::StatusCode;
use linq_types::events::{Event, ParseEventError};

use crate::{Outcome, ReceiveError, Scheme, Verifier, VerifyError, respond::plain};

/// An axum extractor: an event whose signature was checked. Requests without one never reach your handler.
///
/// It takes the [`Verifier`] from the router's state, and reads at most what axum's `DefaultBodyLimit` allows:
/// 2 MB unless your router sets it.
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
/// # router("whsec_c2VjcmV0")?;
/// # Ok::<(), linq_webhooks::InvalidSecret>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
#[cfg(feature = "axum")]
pub struct VerifiedEvent {
    /// The event.
    pub event: Event,
    /// How the delivery was signed.
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
        let event = verified.parse().map_err(VerifiedEventRejection::Unreadable)?;
        Ok(Self { event, scheme: verified.scheme() })
    }
}

/// Why a request has no [`VerifiedEvent`].
#[derive(Debug)]
#[non_exhaustive]
#[cfg(feature = "axum")]
pub enum VerifiedEventRejection {
    /// The body is larger than axum's limit (413), or broke off (400).
    Body(BytesRejection),
    /// The signature is missing, wrong or too old: 401.
    Unverified(VerifyError),
    /// The signature is right, but the body cannot be read as an event: 400.
    Unreadable(ParseEventError),
}

impl fmt::Display for VerifiedEventRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(error) => error.fmt(f),
            Self::Unverified(error) => error.fmt(f),
            Self::Unreadable(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for VerifiedEventRejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Body(error) => error.source(),
            Self::Unverified(error) => error.source(),
            Self::Unreadable(error) => error.source(),
        }
    }
}

/// The status, and the reason as text.
impl IntoResponse for VerifiedEventRejection {
    fn into_response(self) -> Response {
        match self {
            Self::Body(rejection) => rejection.into_response(),
            Self::Unverified(error) => (StatusCode::UNAUTHORIZED, error.to_string()).into_response(),
            Self::Unreadable(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
        }
    }
}

/// The [`status`](Outcome::status) alone.
#[cfg(feature = "axum")]
impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        self.status().into_response()
    }
}

/// The [`status`](ReceiveError::status), and the reason as text: nothing of what your handler or deduplicator say.
#[cfg(feature = "axum")]
impl<E> IntoResponse for ReceiveError<E> {
    fn into_response(self) -> Response {
        plain(self.status(), self.public_reason())
    }
}
