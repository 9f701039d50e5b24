use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::{
    call::Call,
    error::ApiError,
    json,
    response::{Answer, ApiResponse},
    shared::Shared,
};

pub(super) fn add(shared: &Shared, call: &Call<'_>) -> Answer {
    #[derive(Deserialize)]
    struct Add {
        faults: Vec<String>,
    }

    let Add { faults } = json::read(call.body)?;
    let added = shared.update(|state, _| state.faults.add(faults.iter().map(|text| text.parse())));
    added.map_err(|error| ApiError::invalid(format!("`faults`: {error}")))?;
    Ok(list(shared))
}

pub(super) fn list(shared: &Shared) -> ApiResponse {
    #[derive(Serialize)]
    struct Body {
        faults: Vec<String>,
    }

    let faults = shared.inspect(|state| state.faults.iter().map(ToString::to_string).collect());
    ApiResponse::json(StatusCode::OK, &Body { faults })
}

/// Removes the fault of the query, or all of them.
pub(super) fn remove(shared: &Shared, call: &Call<'_>) -> Answer {
    match call.parameter("fault") {
        None => shared.update(|state, _| state.faults.clear()),
        Some(text) => {
            let fault = text.parse().map_err(|error| ApiError::invalid(format!("`fault`: {error}")))?;
            if !shared.update(|state, _| state.faults.remove(&fault)) {
                return Err(ApiError::nothing_there(&format!("fault `{fault}`")));
            }
        }
    }
    Ok(ApiResponse::no_content())
}
