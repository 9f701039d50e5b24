//! The limits of calls of the V2 API. They are those of V3, so that both count together, except for those of a chat: its id is
//! another one in V2.

use linq_types::{
    PaceLimit, json,
    v2::{Operation, chats::NewChat},
};

use super::Pace;
use crate::Body;

pub(super) fn limits(
    pace: &Pace,
    operation: Operation,
    chat: Option<&str>,
    body: &Body,
) -> Option<Vec<PaceLimit>> {
    match operation {
        Operation::AvailabilityCheck => Some(pace.check_limits()),
        Operation::ChatsMessagesSend => Some(pace.limits(chat, None, &[])),
        Operation::ChatsCreate => {
            let new = json::from_slice::<NewChat>(body.as_bytes()?).ok();
            let people = new.as_ref().map(|new| &new.chat.phone_numbers[..]).unwrap_or_default();
            Some(pace.limits(None, new.as_ref().map(|new| new.send_from.as_str()), people))
        }
        _ => None,
    }
}
