//! `/sandbox/...`: what the methods of `Sandbox` do, for programs in other languages.

mod faults;
mod people;
mod time;
mod webhooks;

use http::{Method, StatusCode};
use linq_types::{ChatId, messages::Message};
use serde::{Deserialize, Serialize};

use crate::{
    error::ApiError,
    json,
    routes::{Answer, Call, segments},
    shared::Shared,
    transcript,
};

pub(crate) const BASE: &str = "/sandbox/";

/// Every path below, for `GET /sandbox/`.
const ENDPOINTS: [&str; 12] = [
    "GET /sandbox/",
    "POST /sandbox/people/{handle}/{action}",
    "GET /sandbox/time",
    "POST /sandbox/advance",
    "POST /sandbox/faults",
    "GET /sandbox/faults",
    "DELETE /sandbox/faults",
    "GET /sandbox/webhooks",
    "GET /sandbox/messages",
    "GET /sandbox/chats/{chat_id}/messages",
    "GET /sandbox/chats/{chat_id}/transcript",
    "POST /sandbox/reset",
];

pub(crate) async fn answer(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    let segments = segments(call.path, BASE);
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    match (call.method, segments.as_slice()) {
        (&Method::GET, [""]) => Ok(index()),
        (&Method::POST, ["people", handle, action]) => people::act(shared, call, handle, action),
        (&Method::GET, ["time"]) => Ok(time::answer(shared)),
        (&Method::POST, ["advance"]) => time::advance(shared, call).await,
        (&Method::POST, ["faults"]) => faults::add(shared, call),
        (&Method::GET, ["faults"]) => Ok(faults::list(shared)),
        (&Method::DELETE, ["faults"]) => Ok(faults::clear(shared)),
        (&Method::GET, ["webhooks"]) => Ok(webhooks::list(shared, call)),
        (&Method::GET, ["messages"]) => Ok(messages(&shared.read(|store| store.sent()))),
        (&Method::GET, ["chats", chat_id, "messages"]) => chat_messages(shared, chat_id),
        (&Method::GET, ["chats", chat_id, "transcript"]) => read_transcript(shared, chat_id),
        (&Method::POST, ["reset"]) => reset(shared, call),
        _ => Err(ApiError::nothing_there(&format!(
            "{} {} here; GET {BASE} lists what there is",
            call.method, call.path
        ))),
    }
}

fn index() -> Answer {
    #[derive(Serialize)]
    struct Body {
        endpoints: [&'static str; ENDPOINTS.len()],
        actions: Vec<&'static str>,
    }

    Answer::json(StatusCode::OK, &Body { endpoints: ENDPOINTS, actions: people::actions().collect() })
}

fn messages(messages: &[Message]) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        messages: &'a [Message],
    }

    Answer::json(StatusCode::OK, &Body { messages })
}

fn chat_messages(shared: &Shared, chat_id: &str) -> Result<Answer, ApiError> {
    shared.read(|store| {
        store.chat(chat_id)?;
        Ok(messages(&store.messages_of(&ChatId::from(chat_id))))
    })
}

fn read_transcript(shared: &Shared, chat_id: &str) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body {
        transcript: String,
    }

    shared.read(|store| {
        store.chat(chat_id)?;
        let transcript = transcript::transcript(store, &ChatId::from(chat_id));
        Ok(Answer::json(StatusCode::OK, &Body { transcript }))
    })
}

fn reset(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    #[derive(Deserialize)]
    struct Reset {
        #[serde(default)]
        keep_subscriptions: bool,
    }

    let Reset { keep_subscriptions } = match call.body {
        [] => Reset { keep_subscriptions: false },
        body => json::read(body)?,
    };
    shared.reset(keep_subscriptions);
    Ok(Answer::no_content())
}
