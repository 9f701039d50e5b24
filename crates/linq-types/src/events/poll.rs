use serde::{Deserialize, Serialize};

use super::{Direction, EventChat, table::event_payloads};
use crate::{
    ChatHandle, MessageId, PollOptionId, Service, Timestamp,
    error::ErrorCode,
    polls::{Poll, PollOption},
};

/// A poll in its webhooks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollEvent {
    /// The id of the message with the poll, which identifies the poll.
    pub message_id: MessageId,
    /// The chat of the poll.
    pub chat: EventChat,
    /// Whether the poll was received or sent; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Who sent the poll; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_handle: Option<ChatHandle>,
    /// The service that carried the poll; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The options and their votes.
    pub poll: Poll,
    /// When the poll was created; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When the poll last changed; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// When the poll was received; `None` except in [`PollReceived`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// When the poll was sent; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// When the poll was delivered; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// When the poll was read; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// Whether your account retains no content; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_retention: Option<bool>,
}

/// A vote for an option of a poll.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollVoteEvent {
    /// The id of the message with the poll.
    pub message_id: MessageId,
    /// The option's id.
    pub option_id: PollOptionId,
    /// The chat of the poll.
    pub chat: EventChat,
    /// Whether the vote was received or sent; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Who voted; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_handle: Option<ChatHandle>,
    /// The service that carried the vote; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// Whether your account retains no content; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_retention: Option<bool>,
}

event_payloads! {
    PollEvent: {
        /// A poll was received on one of your lines.
        #[doc(alias = "PollReceivedWebhookEvent")]
        PollReceived;
        /// A poll was sent from one of your lines.
        #[doc(alias = "PollSentWebhookEvent")]
        PollSent;
        /// A poll that one of your lines sent was delivered.
        #[doc(alias = "PollDeliveredWebhookEvent")]
        PollDelivered;
        /// A poll that one of your lines sent was read.
        #[doc(alias = "PollReadWebhookEvent")]
        PollRead;
    }

    PollVoteEvent: {
        /// A vote for an option of a poll was cast, by a participant or by your line.
        #[doc(alias = "PollVoteAddedWebhookEvent")]
        PollVoteAdded;
        /// A vote for an option of a poll was withdrawn, by a participant or by your line.
        #[doc(alias = "PollVoteRemovedWebhookEvent")]
        PollVoteRemoved;
    }
}

/// Options were added to a poll. Its other options never change.
#[doc(alias = "PollUpdatedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollUpdated {
    /// The id of the message with the poll.
    pub message_id: MessageId,
    /// The chat of the poll.
    pub chat: EventChat,
    /// Whether the options were received or sent; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Who added the options; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_handle: Option<ChatHandle>,
    /// The service that carried the options; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The new options, without the earlier ones.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub added_options: Vec<PollOption>,
    /// Whether your account retains no content; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_retention: Option<bool>,
}

/// A poll could not be sent.
#[doc(alias = "PollFailedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollFailed {
    /// The id of the message that was to carry the poll.
    pub message_id: MessageId,
    /// The chat that the poll was meant for.
    pub chat: EventChat,
    /// The direction of the poll; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Who sent the poll; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_handle: Option<ChatHandle>,
    /// The service that was to carry the poll; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The options; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
    /// The cause.
    pub error: PollError,
    /// When sending failed; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<Timestamp>,
    /// Whether your account retains no content; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_retention: Option<bool>,
}

/// The cause why a poll could not be sent.
#[doc(alias = "PollFailedWebhookEventDataError")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollError {
    /// The error code. The documented ones are those of [`MessageFailed::code`](super::MessageFailed::code).
    pub code: ErrorCode,
    /// A description of the cause for display; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}
