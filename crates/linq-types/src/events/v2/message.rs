use serde::{Deserialize, Serialize};

use super::{super::table::event_payloads, ChatHandle, Id, Time};
use crate::{Handle, Service};

/// A message in the webhooks of V2.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageEvent {
    /// The message's id; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The id of the chat; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<Id>,
    /// The text; `None` if the message has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The files of the message; empty if it has none.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The sender's handle; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_phone: Option<Handle>,
    /// The participants of the chat; empty if the event does not have them.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub chat_handles: Vec<ChatHandle>,
    /// The service that carried the message; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// When the message was sent; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Time>,
    /// Whether the message was read; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_read: Option<bool>,
    /// The id of the reaction, if the message represents one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reaction_id: Option<Id>,
}

/// A file in a message of V2.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Attachment {
    /// The file's id, a UUID; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The URL of the file; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The file name; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// The media type, such as `application/pdf`; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
}

event_payloads! {
    MessageEvent: {
        /// A message was sent from one of your lines.
        MessageSent;
        /// A message was received on one of your lines.
        MessageReceived;
    }
}

/// A message that one of your lines sent was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageRead {
    /// The message's id; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The id of the chat; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<Id>,
    /// When the message was read; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Time>,
}
