use serde::{Deserialize, Serialize};

use crate::MessageId;

/// The message that a message replies to.
#[doc(alias = "ReplyToParam")]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ReplyTo {
    /// The id of the message. Always present in requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// The index of the part, counted from 0; `None` means the first part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_index: Option<u32>,
}

impl ReplyTo {
    /// Creates a reply to the first part of a message.
    pub fn new(message_id: impl Into<MessageId>) -> Self {
        Self { message_id: Some(message_id.into()), part_index: None }
    }

    setters! {
        /// Sets the index of the part to reply to, counted from 0.
        plain part_index: u32,
    }
}

impl From<MessageId> for ReplyTo {
    fn from(message_id: MessageId) -> Self {
        Self::new(message_id)
    }
}

impl From<&MessageId> for ReplyTo {
    fn from(message_id: &MessageId) -> Self {
        Self::new(message_id)
    }
}
