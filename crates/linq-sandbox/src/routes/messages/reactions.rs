use http::{Method, StatusCode};
use linq_types::{
    TraceId,
    reactions::{Reaction, UpdateStickerPlacement},
};
use serde::Serialize;

use crate::{
    error::ApiError,
    json,
    routes::{Answer, Call},
    shared::Shared,
};

pub(super) fn answer(
    shared: &Shared,
    call: &Call<'_>,
    message_id: &str,
    rest: &[&str],
) -> Option<Result<Answer, ApiError>> {
    match (call.method, rest) {
        (&Method::POST, []) => Some(react(shared, call, message_id)),
        (&Method::PATCH, [reaction_id]) => Some(place(shared, call, message_id, reaction_id)),
        _ => None,
    }
}

fn react(shared: &Shared, call: &Call<'_>, message_id: &str) -> Result<Answer, ApiError> {
    let reacting: Reaction = json::read(call.body)?;
    shared.change(|store, now| {
        let line = store.active_chat(store.message(message_id)?.chat_id.as_str())?.line.clone();
        store.react(now, message_id, &line, reacting, call.trace_id)
    })?;
    Ok(Answer::accepted("Reaction processed", call.trace_id))
}

fn place(shared: &Shared, call: &Call<'_>, message_id: &str, reaction_id: &str) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Placed<'a> {
        success: bool,
        status: &'static str,
        trace_id: &'a TraceId,
    }

    let UpdateStickerPlacement { placement, .. } = json::read(call.body)?;
    shared.change(|store, _| store.place_sticker(message_id, reaction_id, placement))?;
    let placed = Placed { success: true, status: "accepted", trace_id: call.trace_id };
    Ok(Answer::json(StatusCode::ACCEPTED, &placed))
}
