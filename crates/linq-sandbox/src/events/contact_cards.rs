use linq_types::Handle;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{json, model::ReceivedCard};

/// `data` of `contact_card.received`.
pub(crate) fn card_received(line: &Handle, sender: &Handle, card: &ReceivedCard<'_>) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        first_name: &'a str,
        last_name: &'a str,
        owner_handle: &'a Handle,
        sender_handle: &'a Handle,
        #[serde(skip_serializing_if = "Option::is_none")]
        media_url: Option<&'a str>,
    }

    json::raw(&Data {
        first_name: card.first_name,
        last_name: card.last_name,
        owner_handle: line,
        sender_handle: sender,
        media_url: card.media_url.as_deref(),
    })
}
