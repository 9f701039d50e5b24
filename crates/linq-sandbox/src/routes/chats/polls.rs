use http::StatusCode;
use linq_types::{ChatId, MessageId, polls::NewPoll};

use crate::{
    call::Call, check, json, response::Answer, routes::messages::poll, shared::Shared, store::Store,
};

pub(crate) fn create(shared: &Shared, call: &Call<'_>) -> Answer {
    let NewPoll { poll, .. } = json::read(call.body)?;
    let chat_id = ChatId::from(call.id());
    let key = poll.idempotency_key.clone();
    check::idempotency_key("poll.idempotency_key", key.as_ref())?;
    shared.update(|state, now| {
        state.replays.send_once(&mut state.store, now, key, call.digest(), created, |store| {
            store.send_poll(now, &chat_id, poll, call.trace_id)
        })
    })
}

fn created(store: &Store, message_id: &MessageId) -> Answer {
    poll::response(store, message_id.as_str(), StatusCode::ACCEPTED)
}
