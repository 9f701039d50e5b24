use std::{fmt, time::Duration};

use http::{Method, StatusCode};
use linq_types::{TraceId, error::ErrorCode, json::JsonError};
use serde::Serialize;

use crate::log::clipped;

/// An error response of the API.
///
/// `Display` shows the code and the message of the response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    status: StatusCode,
    code: ErrorCode,
    message: String,
    retry_after: Option<Duration>,
}

impl ApiError {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status: status_of(code), code, message: clipped(&message.into()), retry_after: None }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::INVALID_PARAMETER, message)
    }

    pub(crate) fn missing(field: &str) -> Self {
        Self::new(ErrorCode::MISSING_FIELD, format!("`{field}` is required"))
    }

    pub(crate) fn not_found(code: ErrorCode, what: &str, id: impl fmt::Display) -> Self {
        Self::new(code, format!("there is no {what} `{id}`"))
    }

    /// A 404 without an error code of its own.
    pub(crate) fn absent(message: &str) -> Self {
        Self { status: StatusCode::NOT_FOUND, ..Self::invalid(message) }
    }

    pub(crate) fn too_many(message: impl Into<String>, wait: Duration) -> Self {
        let seconds = wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0));
        let retry_after = Some(Duration::from_secs(seconds.max(1)));
        Self { retry_after, ..Self::new(ErrorCode::RATE_LIMITED, message) }
    }

    /// A 404 without an error code of its own: there is no `what`.
    pub(crate) fn nothing_there(what: &str) -> Self {
        Self::absent(&format!("there is no {what}"))
    }

    /// A 404 for a method and a path that nothing serves.
    pub(crate) fn no_endpoint(method: &Method, path: &str, hint: &str) -> Self {
        Self::absent(&format!("no such endpoint: {method} {}; {hint}", clipped(path)))
    }

    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub(crate) fn body_too_large(limit: usize) -> Self {
        Self {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            ..Self::new(ErrorCode::MALFORMED_BODY, format!("the body is larger than {limit} bytes"))
        }
    }

    /// Returns the HTTP status code.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the API's error code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// Returns how long to wait, in whole seconds; `None` unless the code is [`ErrorCode::RATE_LIMITED`].
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn envelope<'a>(&'a self, trace_id: &'a TraceId) -> Envelope<'a> {
        let code = self.code.get();
        Envelope {
            success: false,
            error: Detail {
                status: self.status.as_u16(),
                code,
                message: &self.message,
                doc_url: format!("https://docs.linqapp.com/error/codes/{}xxx/{code}/", code / 1000),
                retry_after: self.retry_after.map(|wait| wait.as_secs()),
            },
            trace_id,
        }
    }
}

/// A body that is not JSON or has the wrong shape. An unknown kind of part is invalid content, not a wrong shape.
impl ApiError {
    pub(crate) fn unreadable(error: &JsonError) -> Self {
        if error.is_syntax() {
            return Self::new(ErrorCode::MALFORMED_BODY, format!("the body is not JSON: {error}"));
        }
        let text = error.to_string();
        let place = format!("`{}`: ", error.path());
        let fault = text.strip_prefix(&place).unwrap_or(&text);
        let code = if fault.starts_with("missing field") {
            ErrorCode::MISSING_FIELD
        } else if fault.starts_with("unknown variant") {
            ErrorCode::INVALID_CONTENT
        } else {
            ErrorCode::MALFORMED_BODY
        };
        Self::new(code, text)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for ApiError {}

#[derive(Serialize)]
pub(crate) struct Envelope<'a> {
    success: bool,
    error: Detail<'a>,
    trace_id: &'a TraceId,
}

#[derive(Serialize)]
struct Detail<'a> {
    status: u16,
    code: u32,
    message: &'a str,
    doc_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
}

fn status_of(code: ErrorCode) -> StatusCode {
    match code.get() {
        1006 | 2009 | 2013..=2018 | 2023 => StatusCode::CONFLICT,
        1007 => StatusCode::TOO_MANY_REQUESTS,
        2001..=2003 | 2007 | 2010 | 2012 | 2019 | 2021 => StatusCode::NOT_FOUND,
        2004 => StatusCode::UNAUTHORIZED,
        2005 | 2006 | 2008 | 2011 | 2024 | 2026 | 2027 => StatusCode::FORBIDDEN,
        3005 => StatusCode::GATEWAY_TIMEOUT,
        4004 | 4009 | 4010 => StatusCode::SERVICE_UNAVAILABLE,
        4005 => StatusCode::UNPROCESSABLE_ENTITY,
        1000..=1999 | 5004..=5007 => StatusCode::BAD_REQUEST,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
