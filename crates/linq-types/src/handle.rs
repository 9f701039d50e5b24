use serde::{Deserialize, Serialize};

use crate::{HandleId, Service, Timestamp};

id! {
    /// The address of a person or a line: a phone number in E.164 form (`+12025550100`) or an email address.
    ///
    /// The API does not normalize phone numbers: they have a leading `+` and no spaces or punctuation. Senders of inbound
    /// messages can also be short codes or alphanumeric names.
    Handle;
}

open_enum! {
    /// The status of a participant of a chat.
    pub enum HandleStatus {
        /// The participant is in the chat.
        Active = "active",
        /// The participant left the chat.
        Left = "left",
        /// The participant was removed from the chat.
        Removed = "removed",
    }
}

open_enum! {
    /// The type of a line.
    pub enum LineType {
        /// An iMessage line.
        IMessage = "iMessage",
        /// An RCS line.
        Rcs = "RCS",
    }
}

/// A participant of a chat: one of your lines or another person.
///
/// [`json::from_slice`](crate::json::from_slice) reads the address alone, as a JSON string, as a participant without other
/// fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatHandle {
    /// The id of the membership in this chat; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<HandleId>,
    /// The phone number or email address.
    pub handle: Handle,
    /// The [service](Service) that the participant is reached by; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// When the participant joined; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<Timestamp>,
    /// Whether the participant is your line; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_me: Option<bool>,
    /// The [status](HandleStatus) in the chat; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<HandleStatus>,
    /// When the participant left or was removed; `None` if it is in the chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Timestamp>,
    /// The [type](LineType) of the line; `None` for other people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_type: Option<LineType>,
}
