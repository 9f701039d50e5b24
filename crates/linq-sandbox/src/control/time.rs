use http::StatusCode;
use linq_types::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    call::Call,
    json,
    response::{Answer, ApiResponse},
    shared::Shared,
};

pub(super) fn answer(shared: &Shared) -> ApiResponse {
    #[derive(Serialize)]
    struct Body {
        now: Timestamp,
    }

    ApiResponse::json(StatusCode::OK, &Body { now: shared.clock.now().timestamp() })
}

pub(super) async fn advance(shared: &Shared, call: &Call<'_>) -> Answer {
    #[derive(Deserialize)]
    struct Advance {
        seconds: f64,
    }

    let Advance { seconds } = json::read(call.body)?;
    shared.advance(json::seconds(seconds)?).await;
    Ok(answer(shared))
}
