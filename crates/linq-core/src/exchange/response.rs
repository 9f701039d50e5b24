//! Reading a response, as the value that was asked for or as an error.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header::CONTENT_ENCODING};
use linq_types::{
    TraceId,
    error::{ErrorDetail, ErrorResponse},
    json::{self, JsonError},
    messages::DeliveryStatus,
};
use serde::de::DeserializeOwned;

use super::Moment;
use crate::{error::Location, meta::trace_id_of, retry};

/// The most characters of a header that an error shows.
const MAX_SHOWN: usize = 60;

/// Reads the value out of a response body.
pub(crate) type Decode<T> = fn(&Bytes) -> Result<T, DecodeError>;

/// Why a response with a success status is not a success.
#[derive(Debug)]
pub(crate) enum DecodeError {
    Json(JsonError),
    /// The body has this content encoding, which was not asked for.
    Encoded(String),
    /// The response is a message that failed: what the service stored for a key that was used before.
    FailedMessage,
}

impl From<JsonError> for DecodeError {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}

pub(crate) fn decode_json<T: DeserializeOwned>(body: &Bytes) -> Result<T, DecodeError> {
    Ok(json::from_slice(body)?)
}

/// Rejects the response to a send if it is a message that failed, so that no caller takes it for a success.
pub(crate) fn reject_failed(status: Option<&DeliveryStatus>) -> Result<(), DecodeError> {
    match status {
        Some(DeliveryStatus::Failed) => Err(DecodeError::FailedMessage),
        _ => Ok(()),
    }
}

/// A response, parsed as far as errors and retries need it.
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) detail: ErrorDetail,
    pub(crate) trace_id: Option<TraceId>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) should_retry: Option<bool>,
    /// Where a redirect leads.
    pub(crate) location: Option<Location>,
    /// That of the body, if it cannot be read for that reason.
    pub(crate) encoding: Option<String>,
    pub(crate) body: Bytes,
    /// Whether the body is the documented error, of which `detail` has everything.
    pub(crate) is_documented: bool,
    #[cfg(feature = "v2")]
    pub(crate) v2: Option<linq_types::v2::ErrorResponse>,
}

impl Response {
    pub(super) fn parse(
        status: StatusCode,
        headers: &HeaderMap,
        body: Bytes,
        moment: Moment,
        max_retry_after: Duration,
    ) -> Self {
        let documented = json::from_slice::<ErrorResponse>(&body);
        let is_documented = documented.is_ok();
        let ErrorResponse { error: detail, trace_id, .. } = documented.unwrap_or_default();
        Self {
            status,
            retry_after: retry::retry_after(headers, detail.retry_after, moment.now, max_retry_after),
            should_retry: retry::should_retry(headers),
            location: Location::of(status, headers),
            encoding: encoding(headers, &body),
            trace_id: trace_id_of(headers).or(trace_id),
            detail,
            body,
            is_documented,
            #[cfg(feature = "v2")]
            v2: None,
        }
    }

    /// Reads a body that is not an error of V3 as one of V2. Its codes are not those of V3, so they decide nothing.
    #[cfg(feature = "v2")]
    pub(super) fn or_v2(mut self) -> Self {
        let documented = json::from_slice::<linq_types::v2::ErrorResponse>(&self.body).ok();
        self.v2 = documented.filter(|error| !self.is_documented && !error.is_empty());
        if let Some(error) = &self.v2 {
            self.detail.message = error.text().map(str::to_owned);
            self.is_documented = true;
        }
        self
    }
}

/// The content encoding of a body that is not as it was written; `None` for plain and empty bodies.
pub(super) fn encoding(headers: &HeaderMap, body: &Bytes) -> Option<String> {
    let names = headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    let names = names.map(|name| String::from_utf8_lossy(name.trim_ascii()).into_owned());
    let names: Vec<_> =
        names.filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity")).collect();
    (!names.is_empty() && !body.is_empty())
        .then(|| names.join(", ").escape_default().take(MAX_SHOWN).collect())
}
