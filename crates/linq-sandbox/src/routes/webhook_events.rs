use http::StatusCode;
use linq_types::events::EventType;
use serde::Serialize;

use crate::{
    call::Call,
    response::{Answer, ApiResponse},
    shared::Shared,
};

pub(crate) fn list(_: &Shared, _: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body {
        events: &'static [EventType],
        doc_url: &'static str,
    }

    let doc_url = "https://docs.linqapp.com/channel/imessage/guides/webhooks/events";
    Ok(ApiResponse::json(StatusCode::OK, &Body { events: EventType::KNOWN, doc_url }))
}
