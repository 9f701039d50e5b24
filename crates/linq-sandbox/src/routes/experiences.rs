use http::StatusCode;
use linq_types::experiences::Experience;
use serde::Serialize;

use crate::{
    call::Call,
    response::{Answer, ApiResponse},
    shared::Shared,
};

pub(crate) fn list(shared: &Shared, _: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        experiences: &'a [Experience],
    }

    Ok(ApiResponse::json(StatusCode::OK, &Body { experiences: &shared.config.experiences }))
}

pub(crate) fn retrieve(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.read(|store| Ok(ApiResponse::json(StatusCode::OK, store.experience(call.id())?)))
}
