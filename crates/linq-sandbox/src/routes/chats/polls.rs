use http::{Method, StatusCode};
use linq_types::{ChatId, MessageId, polls::NewPoll};

use crate::{
    error::ApiError,
    json, parts,
    routes::{Answer, Call, messages::poll},
    shared::Shared,
    store::Store,
};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Option<Result<Answer, ApiError>> {
    match *call.method {
        Method::POST => Some(create(shared, call, chat_id)),
        _ => None,
    }
}

fn create(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Result<Answer, ApiError> {
    let NewPoll { poll, .. } = json::read(call.body)?;
    let chat_id = ChatId::from(chat_id);
    let key = poll.idempotency_key.clone();
    parts::check_key("poll.idempotency_key", key.as_ref())?;
    shared.change(|store, now| {
        store.send_once(now, key, call.digest(), created, |store| {
            store.send_poll(now, &chat_id, poll, call.trace_id)
        })
    })
}

fn created(store: &Store, message_id: &MessageId) -> Result<Answer, ApiError> {
    poll::envelope(store, message_id.as_str(), StatusCode::ACCEPTED)
}
