use serde::{Deserialize, Serialize};

use crate::{HandleId, Service, Timestamp};

id! {
    /// A person's or a line's address: a phone number in E.164 form (`+12025550100`) or an email address.
    ///
    /// The service does not tidy numbers up: no spaces, no punctuation, always the leading `+`. Senders of
    /// inbound messages can also be short codes or alphanumeric names.
    Handle;
}

open_enum! {
    /// Whether somebody is still part of a chat.
    pub enum HandleStatus {
        /// Takes part.
        Active = "active",
        /// Left by themselves.
        Left = "left",
        /// Was removed by somebody.
        Removed = "removed",
    }
}

open_enum! {
    /// What a line was set up for.
    pub enum LineType {
        /// An iMessage line.
        IMessage = "iMessage",
        /// An RCS line.
        Rcs = "RCS",
    }
}

/// A participant of a chat: one of your lines or somebody else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatHandle {
    /// The id of this participation.
    pub id: HandleId,
    /// Phone number or email address.
    pub handle: Handle,
    /// The service the participant is reached by.
    pub service: Service,
    /// When the participant joined.
    pub joined_at: Timestamp,
    /// Whether this is your line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_me: Option<bool>,
    /// Whether the participant is still part of the chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<HandleStatus>,
    /// When the participant left or was removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Timestamp>,
    /// What the line was set up for; only on your own lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_type: Option<LineType>,
}
