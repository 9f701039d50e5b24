use http::{Method, StatusCode};
use linq_types::{TraceId, reactions::Reaction};
use serde::Serialize;

use super::{Answer, Call};
use crate::{error::ApiError, json, shared::Shared, views::MessageView};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    Some(match (call.method, rest) {
        (&Method::GET, [message_id]) => retrieve(shared, message_id),
        (&Method::POST, [message_id, "reactions"]) => react(shared, call, message_id),
        _ => return None,
    })
}

fn retrieve(shared: &Shared, message_id: &str) -> Result<Answer, ApiError> {
    shared.read(|store| {
        let message = store.message(message_id)?;
        let chat = store.chat(message.chat_id.as_str())?;
        Ok(Answer::json(StatusCode::OK, &MessageView::new(chat, message)))
    })
}

fn react(shared: &Shared, call: &Call<'_>, message_id: &str) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Accepted<'a> {
        status: &'static str,
        message: &'static str,
        trace_id: &'a TraceId,
    }

    let reacting: Reaction = json::read(call.body)?;
    shared.change(|store, now| {
        let line = store.chat(store.message(message_id)?.chat_id.as_str())?.line.clone();
        store.react(now, message_id, &line, reacting, call.trace_id)
    })?;
    let accepted = Accepted { status: "accepted", message: "Reaction processed", trace_id: call.trace_id };
    Ok(Answer::json(StatusCode::ACCEPTED, &accepted))
}
