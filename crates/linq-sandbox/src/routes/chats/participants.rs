use http::Method;
use linq_types::participants::Participant;

use crate::{
    error::ApiError,
    handle, json,
    routes::{Answer, Call},
    shared::Shared,
};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Option<Result<Answer, ApiError>> {
    match *call.method {
        Method::POST => Some(add(shared, call, chat_id)),
        Method::DELETE => Some(remove(shared, call, chat_id)),
        _ => None,
    }
}

fn add(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Result<Answer, ApiError> {
    let Participant { handle, .. } = json::read(call.body)?;
    handle::check("handle", &handle)?;
    shared.change(|store, now| store.add_participant(now, chat_id, &handle, call.trace_id))?;
    Ok(Answer::accepted("Participant addition processed", call.trace_id))
}

fn remove(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Result<Answer, ApiError> {
    let Participant { handle, .. } = json::read(call.body)?;
    handle::check("handle", &handle)?;
    shared.change(|store, now| store.remove_participant(now, chat_id, &handle, call.trace_id))?;
    Ok(Answer::accepted("Participant removal processed", call.trace_id))
}
