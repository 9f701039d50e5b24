use std::time::Duration;

use linq_core::StoredCall;
use linq_types::IdempotencyKey;
use serde::{Deserialize, Serialize};

use super::new_send::Extras;
use crate::{Item, NewItem};

/// The body of an item of the outbox.
#[derive(Serialize, Deserialize)]
pub(super) struct QueuedSend {
    pub(super) call: StoredCall,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_after_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) trace_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) replaces: Option<IdempotencyKey>,
}

impl QueuedSend {
    pub(super) fn new(call: StoredCall, extras: Extras) -> Self {
        let Extras { line, expires_after, trace_id } = extras;
        let milliseconds = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self { line, call, expires_after_ms: expires_after.map(milliseconds), trace_id, replaces: None }
    }

    pub(super) fn to_body(&self) -> Vec<u8> {
        // Its maps have keys that are strings, and its numbers are finite.
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub(super) fn read(item: &Item) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(&item.body)
    }

    pub(super) fn expires_after(&self) -> Option<Duration> {
        self.expires_after_ms.map(Duration::from_millis)
    }

    /// Returns the item that repeats a send with a new key. A send that had expired does not expire again.
    pub(super) fn again(item: &Item, key: &IdempotencyKey) -> Option<NewItem> {
        let mut send = Self::read(item).ok()?;
        send.replaces = Some(IdempotencyKey::from(item.id.as_str()));
        send.expires_after_ms = None;
        send.call = send.call.with_idempotency_key(key.clone());
        Some(NewItem::new(item.kind.as_str(), send.to_body()).id(key.as_str()).key(item.key.as_str()))
    }
}
