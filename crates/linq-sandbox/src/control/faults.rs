use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::{
    call::Call,
    error::ApiError,
    faults::{Fault, InvalidFault},
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
    let faults: Vec<Fault> =
        faults.iter().map(|text| text.parse()).collect::<Result<_, _>>().map_err(|error| invalid(&error))?;
    let added = shared.update(|state, _| faults.into_iter().try_for_each(|fault| state.faults.add(fault)));
    added.map_err(|error| invalid(&error))?;
    Ok(list(shared))
}

fn invalid(error: &InvalidFault) -> ApiError {
    ApiError::invalid(format!("`faults`: {error}"))
}

pub(super) fn list(shared: &Shared) -> ApiResponse {
    #[derive(Serialize)]
    struct Body {
        faults: Vec<String>,
    }

    let faults = shared.inspect(|state| state.faults.iter().map(ToString::to_string).collect());
    ApiResponse::json(StatusCode::OK, &Body { faults })
}

pub(super) fn clear(shared: &Shared) -> ApiResponse {
    shared.update(|state, _| state.faults.clear());
    ApiResponse::no_content()
}
