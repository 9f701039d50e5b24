use serde::{Deserialize, Serialize};

use super::{Direction, EventChat};
use crate::{ChatHandle, MessageId, Timestamp};

/// A text part of a message was edited, by somebody or by your line.
///
/// It comes only in the format of 2026-02-03.
#[doc(alias = "MessageEditedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageEdited {
    /// The message.
    pub id: MessageId,
    /// The chat it is in.
    pub chat: EventChat,
    /// Whether the message came in or went out.
    pub direction: Direction,
    /// Who edited it.
    pub sender_handle: ChatHandle,
    /// The part as it reads now.
    pub part: EditedPart,
    /// When it was edited.
    pub edited_at: Timestamp,
    /// Whether your account retains no content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_retention: Option<bool>,
}

/// A part of a message after it was edited.
#[doc(alias = "MessageEditedWebhookEventDataPart")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EditedPart {
    /// Which part of the message, from 0.
    pub index: u32,
    /// The new words.
    pub text: String,
}
