use http::{Method, StatusCode};
use linq_types::participants::Participant;
use serde::Serialize;

use crate::{
    error::ApiError,
    handle, json,
    routes::{Answer, Call},
    shared::Shared,
    views::LocationsView,
};

pub(super) fn answer(
    shared: &Shared,
    call: &Call<'_>,
    chat_id: &str,
    rest: &[&str],
) -> Option<Result<Answer, ApiError>> {
    match (call.method, rest) {
        (&Method::GET, []) => Some(retrieve(shared, chat_id)),
        (&Method::DELETE, []) => Some(stop(shared, call, chat_id)),
        (&Method::POST, ["request"]) => Some(request(shared, chat_id)),
        _ => None,
    }
}

fn retrieve(shared: &Shared, chat_id: &str) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        success: bool,
        data: LocationsView<'a>,
    }

    shared.read(|store| {
        let data = LocationsView::new(store.located_chat(chat_id)?);
        Ok(Answer::json(StatusCode::OK, &Body { success: true, data }))
    })
}

fn request(shared: &Shared, chat_id: &str) -> Result<Answer, ApiError> {
    shared.change(|store, now| store.request_location(now, chat_id))?;
    Ok(succeeded("Location requested"))
}

fn stop(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Result<Answer, ApiError> {
    let Participant { handle, .. } = json::read(call.body)?;
    handle::check("handle", &handle)?;
    shared.change(|store, now| store.stop_sharing(now, chat_id, &handle, call.trace_id))?;
    Ok(succeeded("Location sharing stopped"))
}

fn succeeded(message: &'static str) -> Answer {
    #[derive(Serialize)]
    struct Body {
        success: bool,
        message: &'static str,
    }

    Answer::json(StatusCode::ACCEPTED, &Body { success: true, message })
}
