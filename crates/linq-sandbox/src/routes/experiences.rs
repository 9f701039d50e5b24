use http::{Method, StatusCode};
use linq_types::experiences::Experience;
use serde::Serialize;

use super::{Answer, Call};
use crate::{error::ApiError, shared::Shared};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    match (call.method, rest) {
        (&Method::GET, []) => Some(Ok(list(shared))),
        (&Method::GET, [experience]) => Some(retrieve(shared, experience)),
        _ => None,
    }
}

fn list(shared: &Shared) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        experiences: &'a [Experience],
    }

    Answer::json(StatusCode::OK, &Body { experiences: &shared.config.experiences })
}

fn retrieve(shared: &Shared, experience: &str) -> Result<Answer, ApiError> {
    shared.read(|store| Ok(Answer::json(StatusCode::OK, store.experience(experience)?)))
}
