//! What somebody does, by its name.

use http::StatusCode;
use linq_types::{Handle, error::ErrorCode};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    clock::Moment,
    error::ApiError,
    json,
    routes::{Answer, Call},
    shared::Shared,
    store::Store,
};

/// Somebody does something, as the body says; gives what the answer has.
type Act = fn(&mut Store, Moment, &Handle, &[u8]) -> Result<Value, ApiError>;

pub(super) type Action = (&'static str, Act);

/// Does the action of this name.
pub(super) fn perform(
    actions: &[Action],
    shared: &Shared,
    call: &Call<'_>,
    who: &Handle,
    name: &str,
) -> Result<Answer, ApiError> {
    let (_, act) = actions.iter().find(|(known, _)| *known == name).ok_or_else(|| {
        let known: Vec<_> = actions.iter().map(|(known, _)| *known).collect();
        ApiError::nothing_there(&format!("action `{name}`; there are: {}", known.join(", ")))
    })?;
    let done = shared.change(|store, now| act(store, now, who, call.body))?;
    Ok(Answer::json(StatusCode::OK, &done))
}

/// What an action is about: `{}` where it needs nothing.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    json::read(if body.is_empty() { b"{}" } else { body })
}

/// Answers with nothing but that it is done.
pub(super) fn done<T>(result: Result<T, ApiError>) -> Result<Value, ApiError> {
    result.map(|_| json!({}))
}

pub(super) fn answer(body: &impl Serialize) -> Result<Value, ApiError> {
    Ok(json!(body))
}

/// Refuses a word that the API does not know.
pub(super) fn refuse<T>(field: &str, known: &str) -> Result<T, ApiError> {
    Err(ApiError::new(ErrorCode::INVALID_PARAMETER, format!("`{field}` must be {known}")))
}
