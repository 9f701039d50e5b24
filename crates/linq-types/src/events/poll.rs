use serde::{Deserialize, Serialize};

use super::{Direction, EventChat, table::event_payloads};
use crate::{
    ChatHandle, MessageId, PollOptionId, Service, Timestamp,
    error::ErrorCode,
    polls::{Poll, PollOption},
};

/// A poll, as the webhooks that follow it on its way carry it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollEvent {
    /// The message that carries the poll: the poll is named by it.
    pub message_id: MessageId,
    /// The chat it is in.
    pub chat: EventChat,
    /// Whether it came in or went out.
    pub direction: Direction,
    /// Who sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_handle: Option<ChatHandle>,
    /// The service that carried it.
    pub service: Service,
    /// The options and the votes.
    pub poll: Poll,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was received; only in [`PollReceived`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// When it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// When it was delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// When it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// Whether your account retains no content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_retention: Option<bool>,
}

/// A vote for an option of a poll.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollVoteEvent {
    /// The message that carries the poll.
    pub message_id: MessageId,
    /// The option.
    pub option_id: PollOptionId,
    /// The chat it is in.
    pub chat: EventChat,
    /// Whether the vote came in or went out.
    pub direction: Direction,
    /// Who voted.
    pub sender_handle: ChatHandle,
    /// The service that carried the vote.
    pub service: Service,
    /// Whether your account retains no content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_retention: Option<bool>,
}

event_payloads! {
    PollEvent: {
        /// Somebody sent a poll to a line of yours.
        #[doc(alias = "PollReceivedWebhookEvent")]
        PollReceived;
        /// A poll of yours left the line.
        #[doc(alias = "PollSentWebhookEvent")]
        PollSent;
        /// A poll of yours reached the other device.
        #[doc(alias = "PollDeliveredWebhookEvent")]
        PollDelivered;
        /// Somebody read a poll of yours.
        #[doc(alias = "PollReadWebhookEvent")]
        PollRead;
    }

    PollVoteEvent: {
        /// Somebody, or your line, voted for an option.
        #[doc(alias = "PollVoteAddedWebhookEvent")]
        PollVoteAdded;
        /// Somebody, or your line, took a vote back.
        #[doc(alias = "PollVoteRemovedWebhookEvent")]
        PollVoteRemoved;
    }
}

/// Options were added to a poll. Those it had before never change.
#[doc(alias = "PollUpdatedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollUpdated {
    /// The message that carries the poll.
    pub message_id: MessageId,
    /// The chat it is in.
    pub chat: EventChat,
    /// Whether the options came in or went out.
    pub direction: Direction,
    /// Who added them.
    pub sender_handle: ChatHandle,
    /// The service that carried them.
    pub service: Service,
    /// The new options, without the others.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub added_options: Vec<PollOption>,
    /// Whether your account retains no content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_retention: Option<bool>,
}

/// A poll of yours could not be sent.
#[doc(alias = "PollFailedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollFailed {
    /// The message that was to carry the poll.
    pub message_id: MessageId,
    /// The chat it was meant for.
    pub chat: EventChat,
    /// Whether it came in or went out.
    pub direction: Direction,
    /// Who sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_handle: Option<ChatHandle>,
    /// The service that was to carry it.
    pub service: Service,
    /// The options.
    pub poll: Poll,
    /// Why it failed.
    pub error: PollError,
    /// When it failed.
    pub failed_at: Timestamp,
    /// Whether your account retains no content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_retention: Option<bool>,
}

/// Why a poll could not be sent.
#[doc(alias = "PollFailedWebhookEventDataError")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollError {
    /// The code: one of 3007, 4001, 4002, 4005, 4006, 4007 and 4008 so far.
    pub code: ErrorCode,
    /// A sentence for people.
    pub message: String,
}
