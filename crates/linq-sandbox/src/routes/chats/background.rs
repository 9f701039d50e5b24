use http::Method;
use linq_types::backgrounds::Background;

use crate::{
    error::ApiError,
    json,
    routes::{Answer, Call},
    shared::Shared,
};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Option<Result<Answer, ApiError>> {
    match *call.method {
        Method::POST => Some(json::read(call.body).and_then(|new| set(shared, call, chat_id, Some(new)))),
        Method::DELETE => Some(set(shared, call, chat_id, None)),
        _ => None,
    }
}

fn set(
    shared: &Shared,
    call: &Call<'_>,
    chat_id: &str,
    background: Option<Background>,
) -> Result<Answer, ApiError> {
    shared.change(|store, now| store.set_background(now, chat_id, background, call.trace_id))?;
    Ok(Answer::accepted_silently())
}
