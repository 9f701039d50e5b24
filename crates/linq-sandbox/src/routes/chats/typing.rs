use http::Method;

use crate::{
    error::ApiError,
    routes::{Answer, Call},
    shared::Shared,
};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Option<Result<Answer, ApiError>> {
    match *call.method {
        Method::POST => Some(start(shared, chat_id)),
        Method::DELETE => Some(stop(shared, chat_id)),
        _ => None,
    }
}

fn start(shared: &Shared, chat_id: &str) -> Result<Answer, ApiError> {
    shared.change(|store, now| store.start_typing(now, chat_id))?;
    Ok(Answer::no_content())
}

fn stop(shared: &Shared, chat_id: &str) -> Result<Answer, ApiError> {
    shared.change(|store, _| store.stop_typing(chat_id))?;
    Ok(Answer::no_content())
}
