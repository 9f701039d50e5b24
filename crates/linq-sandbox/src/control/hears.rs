//! `GET /sandbox/people/{handle}/hears`.

use std::time::Duration;

use http::StatusCode;
use linq_types::{Handle, error::ErrorCode};
use serde::Serialize;

use crate::{
    call::Call,
    check,
    error::{ApiError, Envelope},
    json,
    response::{Answer, ApiResponse},
    shared::Shared,
    summary::summary,
    wait::DEFAULT_TIMEOUT,
};

/// The longest timeout. A graceful shutdown waits for it.
const MAX_TIMEOUT: Duration = Duration::from_secs(60);

/// Answers the next message, or 504 and what happened.
pub(super) async fn hears(shared: &Shared, call: &Call<'_>, person: &str) -> Answer {
    #[derive(Serialize)]
    struct TimedOut<'a> {
        #[serde(flatten)]
        envelope: Envelope<'a>,
        transcript: String,
    }

    let person = Handle::from(person);
    check::handle("handle", &person)?;
    let timeout = timeout(call)?;
    if let Some(message) = shared.wait_for(timeout, || shared.hear(&person)).await {
        return Ok(ApiResponse::json(StatusCode::OK, &message));
    }
    let error =
        ApiError::new(ErrorCode::UPSTREAM_TIMEOUT, format!("`{person}` heard nothing within {timeout:?}"));
    let body =
        TimedOut { envelope: error.envelope(call.trace_id), transcript: summary(shared, Some(&person)) };
    Ok(ApiResponse::json(error.status(), &body))
}

fn timeout(call: &Call<'_>) -> Result<Duration, ApiError> {
    let Some(text) = call.parameter("timeout") else { return Ok(DEFAULT_TIMEOUT) };
    let timeout = text.parse().ok().and_then(|seconds| json::seconds(seconds).ok());
    timeout
        .filter(|timeout| *timeout <= MAX_TIMEOUT)
        .ok_or_else(|| ApiError::invalid("`timeout` must be a number of seconds from 0 to 60"))
}
