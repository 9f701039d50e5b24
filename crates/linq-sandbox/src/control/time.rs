use std::time::Duration;

use http::StatusCode;
use linq_types::{Timestamp, error::ErrorCode};
use serde::{Deserialize, Serialize};

use crate::{
    error::ApiError,
    json,
    routes::{Answer, Call},
    shared::Shared,
};

/// Further than any test needs.
const MOST_SECONDS: f64 = 366.0 * 24.0 * 3_600.0;

pub(super) fn answer(shared: &Shared) -> Answer {
    #[derive(Serialize)]
    struct Body {
        now: Timestamp,
    }

    Answer::json(StatusCode::OK, &Body { now: shared.clock.now().timestamp() })
}

pub(super) async fn advance(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    #[derive(Deserialize)]
    struct Advance {
        seconds: f64,
    }

    let Advance { seconds } = json::read(call.body)?;
    shared.advance(duration(seconds)?).await;
    Ok(answer(shared))
}

pub(super) fn duration(seconds: f64) -> Result<Duration, ApiError> {
    if (0.0..=MOST_SECONDS).contains(&seconds) {
        return Ok(Duration::from_secs_f64(seconds));
    }
    Err(ApiError::new(ErrorCode::INVALID_PARAMETER, "`seconds` must be from 0 to a year"))
}
