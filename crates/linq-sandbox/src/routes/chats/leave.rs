use http::Method;

use crate::{
    error::ApiError,
    routes::{Answer, Call},
    shared::Shared,
};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Option<Result<Answer, ApiError>> {
    match *call.method {
        Method::POST => Some(leave(shared, call, chat_id)),
        _ => None,
    }
}

fn leave(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Result<Answer, ApiError> {
    shared.change(|store, now| store.leave(now, chat_id, None, call.trace_id))?;
    Ok(Answer::accepted("Leaving processed", call.trace_id))
}
