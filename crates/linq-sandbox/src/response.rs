use bytes::Bytes;
use http::StatusCode;
use linq_types::TraceId;
use serde::Serialize;

use crate::{error::ApiError, json};

/// The response to a request.
pub(crate) type Answer = Result<ApiResponse, ApiError>;

/// A successful response of the API.
#[derive(Debug, Clone)]
pub(crate) struct ApiResponse {
    status: StatusCode,
    body: Option<Bytes>,
}

impl ApiResponse {
    pub(crate) fn new(status: StatusCode, body: Option<Bytes>) -> Self {
        Self { status, body }
    }

    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        Self { status, body: Some(json::write(body)) }
    }

    /// 202 with a message.
    pub(crate) fn accepted(message: &str, trace_id: &TraceId) -> Self {
        #[derive(Serialize)]
        struct Accepted<'a> {
            status: &'static str,
            message: &'a str,
            trace_id: &'a TraceId,
        }

        Self::json(StatusCode::ACCEPTED, &Accepted { status: "accepted", message, trace_id })
    }

    /// 202 without a body.
    pub(crate) fn accepted_silently() -> Self {
        Self { status: StatusCode::ACCEPTED, body: None }
    }

    pub(crate) fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: None }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    pub(crate) fn into_body(self) -> Option<Bytes> {
        self.body
    }
}
