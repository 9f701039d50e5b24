use http::StatusCode;
use linq_types::error::ErrorCode;
use serde::{Deserialize, Serialize};

use crate::{
    Fault, InvalidFault,
    error::ApiError,
    json,
    routes::{Answer, Call},
    shared::Shared,
};

pub(super) fn add(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    #[derive(Deserialize)]
    struct Add {
        faults: Vec<String>,
    }

    let Add { faults } = json::read(call.body)?;
    let faults: Vec<Fault> = faults.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    shared.change(|store, _| faults.into_iter().try_for_each(|fault| store.faults.add(fault)))?;
    Ok(list(shared))
}

impl From<InvalidFault> for ApiError {
    fn from(error: InvalidFault) -> Self {
        Self::new(ErrorCode::INVALID_PARAMETER, format!("`faults`: {error}"))
    }
}

pub(super) fn list(shared: &Shared) -> Answer {
    #[derive(Serialize)]
    struct Body {
        faults: Vec<String>,
    }

    let faults = shared.read(|store| store.faults.iter().map(ToString::to_string).collect());
    Answer::json(StatusCode::OK, &Body { faults })
}

pub(super) fn clear(shared: &Shared) -> Answer {
    shared.change(|store, _| store.faults.clear());
    Answer::no_content()
}
