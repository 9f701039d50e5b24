use http::{Method, StatusCode};
use linq_types::polls::{AddPollOptions, NewPollVote};

use crate::{
    error::ApiError,
    json,
    routes::{Answer, Call},
    shared::Shared,
    store::Store,
    views::PollEnvelopeView,
};

pub(super) fn answer(
    shared: &Shared,
    call: &Call<'_>,
    message_id: &str,
    rest: &[&str],
) -> Option<Result<Answer, ApiError>> {
    match (call.method, rest) {
        (&Method::GET, []) => Some(shared.read(|store| envelope(store, message_id, StatusCode::OK))),
        (&Method::POST, ["options"]) => Some(add_options(shared, call, message_id)),
        (&Method::POST, ["votes"]) => Some(vote(shared, call, message_id)),
        _ => None,
    }
}

/// A poll with the message that carries it.
pub(in crate::routes) fn envelope(
    store: &Store,
    message_id: &str,
    status: StatusCode,
) -> Result<Answer, ApiError> {
    let (message, poll) = store.poll(message_id)?;
    let chat = store.chat(message.chat_id.as_str())?;
    Ok(Answer::json(status, &PollEnvelopeView::new(chat, message, poll)))
}

fn add_options(shared: &Shared, call: &Call<'_>, message_id: &str) -> Result<Answer, ApiError> {
    let AddPollOptions { options, .. } = json::read(call.body)?;
    shared.change(|store, now| {
        store.add_poll_options(now, message_id, None, options, call.trace_id)?;
        envelope(store, message_id, StatusCode::OK)
    })
}

fn vote(shared: &Shared, call: &Call<'_>, message_id: &str) -> Result<Answer, ApiError> {
    let vote: NewPollVote = json::read(call.body)?;
    shared.change(|store, now| {
        store.vote(now, message_id, None, &vote, call.trace_id)?;
        envelope(store, message_id, StatusCode::OK)
    })
}
