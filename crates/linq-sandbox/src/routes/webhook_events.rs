use http::{Method, StatusCode};
use linq_types::events::EventType;
use serde::Serialize;

use super::{Answer, Call};
use crate::error::ApiError;

pub(super) fn answer(call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    match (call.method, rest) {
        (&Method::GET, []) => Some(Ok(list())),
        _ => None,
    }
}

fn list() -> Answer {
    #[derive(Serialize)]
    struct Body {
        events: &'static [EventType],
        doc_url: &'static str,
    }

    let doc_url = "https://docs.linqapp.com/channel/imessage/guides/webhooks/events";
    Answer::json(StatusCode::OK, &Body { events: EventType::KNOWN, doc_url })
}
