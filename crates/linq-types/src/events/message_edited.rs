use serde::{Deserialize, Serialize};

use super::{Direction, EventChat};
use crate::{ChatHandle, MessageId, Timestamp};

/// A text part of a message was edited, by its sender or by your line.
///
/// Only webhook subscriptions of version 2026-02-03 receive this event.
#[doc(alias = "MessageEditedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageEdited {
    /// The message's id.
    pub id: MessageId,
    /// The chat of the message.
    pub chat: EventChat,
    /// Whether the message was received or sent; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Who edited the message; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_handle: Option<ChatHandle>,
    /// The part after the edit.
    pub part: EditedPart,
    /// When the message was edited; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// Whether your account retains no content; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_retention: Option<bool>,
}

/// A text part of a message after an edit.
#[doc(alias = "MessageEditedWebhookEventDataPart")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EditedPart {
    /// The index of the part in the message, from 0; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    /// The new text.
    pub text: String,
}
