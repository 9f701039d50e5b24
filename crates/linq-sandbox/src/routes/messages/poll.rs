use http::StatusCode;
use linq_types::polls::{AddPollOptions, NewPollVote};

use crate::{
    call::Call,
    json,
    response::{Answer, ApiResponse},
    shared::Shared,
    store::Store,
    views::PollResponseView,
};

pub(crate) fn retrieve(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.read(|store| response(store, call.id(), StatusCode::OK))
}

/// A poll with the message that carries it.
pub(crate) fn response(store: &Store, message_id: &str, status: StatusCode) -> Answer {
    let (message, poll) = store.poll(message_id)?;
    let chat = store.chat(message.chat_id.as_str())?;
    Ok(ApiResponse::json(status, &PollResponseView::new(chat, message, poll)))
}

pub(crate) fn add_options(shared: &Shared, call: &Call<'_>) -> Answer {
    let AddPollOptions { options, .. } = json::read(call.body)?;
    shared.change(|store, now| {
        store.add_poll_options(now, call.id(), None, options, call.trace_id)?;
        response(store, call.id(), StatusCode::OK)
    })
}

pub(crate) fn vote(shared: &Shared, call: &Call<'_>) -> Answer {
    let vote: NewPollVote = json::read(call.body)?;
    shared.change(|store, now| {
        store.vote(now, call.id(), None, &vote, call.trace_id)?;
        response(store, call.id(), StatusCode::OK)
    })
}
