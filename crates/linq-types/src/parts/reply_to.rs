use serde::{Deserialize, Serialize};

use crate::MessageId;

/// The message that a message answers.
#[doc(alias = "ReplyToParam")]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReplyTo {
    /// The message answered. Always there in what you send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// Which part of it, from 0; absent means the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_index: Option<u32>,
}

impl ReplyTo {
    /// An answer to a message.
    pub fn new(message_id: impl Into<MessageId>) -> Self {
        Self { message_id: Some(message_id.into()), part_index: None }
    }

    /// Answers one part of the message, counted from 0.
    #[must_use]
    pub fn part_index(mut self, part_index: u32) -> Self {
        self.part_index = Some(part_index);
        self
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
