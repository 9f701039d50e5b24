//! The control endpoints at `/sandbox/`: the methods of `Sandbox` for programs in other languages.

mod attachments;
mod chats;
mod faults;
mod hears;
mod lines;
mod log;
mod people;
mod time;
mod webhooks;

use http::{Method, StatusCode};
use linq_types::{Operation, events::EventType, payments::PaymentProviderStatus};
use serde::{Deserialize, Serialize};

use crate::{
    call::Call,
    endpoints::segments,
    error::ApiError,
    faults::FaultEffect,
    json,
    response::{Answer, ApiResponse},
    shared::Shared,
};

pub(crate) const BASE: &str = "/sandbox/";

/// Every endpoint except those of actions, for `GET /sandbox/`.
const ENDPOINTS: [&str; 25] = [
    "GET /sandbox/",
    "GET /sandbox/events",
    "GET /sandbox/lines",
    "GET /sandbox/people",
    "GET /sandbox/chats",
    "GET /sandbox/requests",
    "GET /sandbox/log/{number}",
    "DELETE /sandbox/log",
    "POST /sandbox/webhooks/{event_id}/send_again",
    "POST /sandbox/attachments",
    "GET /sandbox/people/{handle}/hears",
    "GET /sandbox/people/{handle}/payment_code",
    "POST /sandbox/payment_providers/{provider}/connect",
    "GET /sandbox/time",
    "POST /sandbox/advance",
    "POST /sandbox/faults",
    "GET /sandbox/faults",
    "DELETE /sandbox/faults",
    "GET /sandbox/webhooks",
    "GET /sandbox/messages",
    "GET /sandbox/chats/{chat_id}/messages",
    "GET /sandbox/chats/{chat_id}/transcript",
    "GET /sandbox/chats/{chat_id}/typing",
    "POST /sandbox/chats/{chat_id}/fail_next_update",
    "POST /sandbox/reset",
];

/// Returns `true` if the response is a stream of events instead of an [`answer`].
pub(crate) fn is_stream(call: &Call<'_>) -> bool {
    call.method == Method::GET && call.path == "/sandbox/events"
}

/// Returns `true` if the body may be a file.
pub(crate) fn receives_file(path: &str) -> bool {
    path == "/sandbox/attachments"
}

pub(crate) async fn answer(shared: &Shared, call: &Call<'_>) -> Answer {
    let segments = segments(call.path, BASE);
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    match (call.method, segments.as_slice()) {
        (&Method::GET, [""]) => Ok(index()),
        (&Method::GET, ["lines"]) => Ok(lines::list(shared)),
        (&Method::GET, ["people"]) => Ok(people::list(shared)),
        (&Method::GET, ["chats"]) => Ok(chats::all(shared)),
        (&Method::GET, ["requests"]) => Ok(log::requests(shared)),
        (&Method::GET, ["log", number]) => log::entry(shared, number),
        (&Method::DELETE, ["log"]) => Ok(log::clear(shared)),
        (&Method::POST, ["attachments"]) => attachments::upload(shared, call),
        (&Method::POST, ["people", handle, action]) => people::act(shared, call, handle, action),
        (&Method::GET, ["people", handle, "hears"]) => hears::hears(shared, call, handle).await,
        (&Method::GET, ["people", handle, "payment_code"]) => Ok(people::payment_code(shared, handle)),
        (&Method::POST, ["lines", line, action]) => lines::act(shared, call, line, action),
        (&Method::POST, ["payment_providers", provider, "connect"]) => Ok(connect(shared, provider)),
        (&Method::GET, ["time"]) => Ok(time::answer(shared)),
        (&Method::POST, ["advance"]) => time::advance(shared, call).await,
        (&Method::POST, ["faults"]) => faults::add(shared, call),
        (&Method::GET, ["faults"]) => Ok(faults::list(shared)),
        (&Method::DELETE, ["faults"]) => faults::remove(shared, call),
        (&Method::GET, ["webhooks"]) => Ok(webhooks::list(shared, call)),
        (&Method::POST, ["webhooks", event_id, "send_again"]) => webhooks::send_again(shared, call, event_id),
        (&Method::GET, ["messages"]) => Ok(chats::list(&shared.read(|store| store.sent()))),
        (&Method::GET, ["chats", chat_id, "messages"]) => chats::messages(shared, chat_id),
        (&Method::GET, ["chats", chat_id, "transcript"]) => chats::transcript(shared, chat_id),
        (&Method::GET, ["chats", chat_id, "typing"]) => chats::typing(shared, chat_id),
        (&Method::POST, ["chats", chat_id, "fail_next_update"]) => {
            chats::fail_next_update(shared, call, chat_id)
        }
        (&Method::POST, ["reset"]) => reset(shared, call),
        _ => Err(ApiError::no_endpoint(call.method, call.path, &format!("GET {BASE} lists all of them"))),
    }
}

fn index() -> ApiResponse {
    #[derive(Serialize)]
    struct Body {
        endpoints: Vec<String>,
        people: Vec<people::ActionView>,
        operations: Vec<&'static str>,
        event_types: &'static [EventType],
        fault_effects: [&'static str; 13],
    }

    let of_people = people::names().map(|name| format!("POST /sandbox/people/{{handle}}/{name}"));
    let of_lines = lines::ACTIONS.iter().map(|name| format!("POST /sandbox/lines/{{phone_number}}/{name}"));
    let endpoints = ENDPOINTS.iter().map(ToString::to_string).chain(of_people).chain(of_lines);
    let body = Body {
        endpoints: endpoints.collect(),
        people: people::actions(),
        operations: Operation::ALL.iter().map(|operation| operation.id()).collect(),
        event_types: EventType::KNOWN,
        fault_effects: FaultEffect::NAMES,
    };
    ApiResponse::json(StatusCode::OK, &body)
}

fn connect(shared: &Shared, provider: &str) -> ApiResponse {
    shared.change(|store, _| store.set_provider(provider.to_owned(), PaymentProviderStatus::Ready));
    ApiResponse::no_content()
}

fn reset(shared: &Shared, call: &Call<'_>) -> Answer {
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
    Ok(ApiResponse::no_content())
}
