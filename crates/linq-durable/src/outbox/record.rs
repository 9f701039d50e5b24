use std::{fmt, time::Duration};

use linq_types::{ChatId, IdempotencyKey, MessageId, Timestamp, error::ErrorCode};
use serde::{Deserialize, Serialize};

use super::receipt::Receipt;
use crate::{Claim, Item, Record};

/// What is known of a send: see [`Outbox::record`](super::Outbox::record).
///
/// It has no text and no handles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
#[cfg(feature = "outbox")]
pub struct SendRecord {
    /// The position in the store, in the order of the first attempts.
    #[serde(skip)]
    pub sequence: u64,
    /// The idempotency key of the send.
    pub key: IdempotencyKey,
    /// The id of the operation, such as `chats.messages.send`.
    pub operation: String,
    /// What became of the send.
    pub state: SendState,
    /// When the send was added.
    pub added_at: Timestamp,
    /// When the first attempt was made that may have reached the API; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_sent_at: Option<Timestamp>,
    /// The id of the message; `None` until the API has accepted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// The id of the chat that the API responded with; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// The code with which the API refused the send, or with which the message failed; `None` otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// Why the send was not accepted, or why the last attempt failed; `None` if none failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The trace id of the event that caused the send; `None` if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// What the webhooks told about the message; `None` before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// When the message was delivered; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// When the message was read; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// The key of the send that this one repeats; `None` if it repeats none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<IdempotencyKey>,
    /// The key of the send that repeats this one; `None` if none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<IdempotencyKey>,
}

/// What became of a send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
#[cfg(feature = "outbox")]
pub enum SendState {
    /// It waits, and no attempt has reached the API.
    Queued,
    /// An attempt was begun whose answer is not known. It is repeated with the same key.
    Sending,
    /// The API accepted it.
    Accepted,
    /// The API refused it, with a [code](SendRecord::code). Nothing was sent.
    Refused,
    /// The message failed, or the request could not be made.
    Failed,
    /// An attempt was made more than 24 hours ago, and no answer is known. A repetition could be a second message, so none is
    /// made.
    Unknown,
    /// It [expired](super::NewSend::expires_after) before its first attempt.
    Expired,
    /// It was [cancelled](super::Outbox::cancel) before its first attempt.
    Cancelled,
}

/// How far an accepted message came, as the webhooks tell. It only grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
#[cfg(feature = "outbox")]
pub enum Delivery {
    /// It was sent.
    Sent,
    /// It failed. A delivery can still follow, and then counts.
    Failed,
    /// It was delivered.
    Delivered,
    /// It was read.
    Read,
}

impl SendState {
    /// All states.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Sending,
        Self::Accepted,
        Self::Refused,
        Self::Failed,
        Self::Unknown,
        Self::Expired,
        Self::Cancelled,
    ];

    /// Returns the name, in lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    pub(super) fn is_definite_failure(self) -> bool {
        matches!(self, Self::Refused | Self::Failed | Self::Expired)
    }
}

impl fmt::Display for SendState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl SendRecord {
    pub(super) fn new(item: &Item) -> Self {
        Self {
            sequence: 0,
            key: IdempotencyKey::from(item.id.as_str()),
            operation: item.kind.clone(),
            state: SendState::Queued,
            added_at: item.received_at,
            first_sent_at: None,
            message_id: None,
            chat_id: None,
            code: None,
            error: None,
            trace_id: None,
            delivery: None,
            delivered_at: None,
            read_at: None,
            replaces: None,
            replaced_by: None,
        }
    }

    /// Reads a record of the store. What cannot be read, because a later version wrote it, is no record of this one.
    pub(super) fn read(record: &Record) -> Option<Self> {
        let read: Self = serde_json::from_slice(&record.body).ok()?;
        Some(Self { sequence: record.sequence, ..read })
    }

    /// How long ago the first attempt was made that may have reached the API.
    pub(super) fn in_doubt_for(&self, claim: &Claim) -> Option<Duration> {
        let since_added = since(self.added_at, self.first_sent_at?);
        Some(claim.age.saturating_sub(since_added))
    }

    pub(super) fn cancel(&mut self) -> bool {
        let can_be = self.state == SendState::Queued;
        if can_be {
            self.state = SendState::Cancelled;
        }
        can_be
    }

    /// Applies what a webhook tells about the message. Returns `true` if the record changes.
    pub(super) fn apply(&mut self, receipt: &Receipt) -> bool {
        let before = self.clone();
        if self.message_id.is_none() {
            self.message_id.clone_from(&receipt.message_id);
        }
        self.delivery = self.delivery.max(Some(receipt.delivery));
        match receipt.delivery {
            Delivery::Sent => {}
            Delivery::Delivered => self.delivered_at = self.delivered_at.or(receipt.at),
            Delivery::Read => self.read_at = self.read_at.or(receipt.at),
            Delivery::Failed => self.code = self.code.or(receipt.code),
        }
        match (self.state, receipt.delivery) {
            (SendState::Queued | SendState::Sending | SendState::Unknown, Delivery::Failed) => {
                self.state = SendState::Failed;
                self.error = Some("the message failed, as its webhook tells".to_owned());
            }
            (SendState::Accepted | SendState::Cancelled | SendState::Expired, _) | (_, Delivery::Failed) => {}
            // The API has executed the send, whatever became of its answer.
            _ => {
                self.state = SendState::Accepted;
                self.error = None;
            }
        }
        *self != before
    }
}

/// How long after one time of a store another one is.
fn since(earlier: Timestamp, later: Timestamp) -> Duration {
    let nanoseconds = |time: Timestamp| {
        i128::from(time.unix_seconds()) * 1_000_000_000 + i128::from(time.subsec_nanoseconds())
    };
    let difference = u64::try_from(nanoseconds(later) - nanoseconds(earlier)).unwrap_or_default();
    Duration::from_nanos(difference)
}
