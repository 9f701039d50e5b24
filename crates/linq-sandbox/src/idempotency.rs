//! Idempotency keys: a request with a known key is not executed again and gets the first response.

mod stored_responses;

use std::collections::HashMap;

use linq_types::{IdempotencyKey, MessageId, error::ErrorCode, messages::DeliveryStatus};

use self::stored_responses::{StoredResponse, StoredResponses};
use crate::{clock::Moment, error::ApiError, response::ApiResponse, store::Store};

/// The requests that had a key, and their responses.
#[derive(Default)]
pub(crate) struct Replays {
    list: HashMap<(u64, IdempotencyKey), Replay>,
    responses: StoredResponses,
}

/// The request that used a key.
struct Replay {
    at: Moment,
    request: u64,
    response: StoredResponse,
    sent: Option<Sent>,
}

/// The message that was sent, which may fail or be deleted later.
struct Sent {
    message_id: MessageId,
    render: Render,
}

/// Hashes that tell whether two requests are the same.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Digest {
    pub(crate) path: u64,
    pub(crate) whole: u64,
}

/// Renders the response of an endpoint that sent a message.
pub(crate) type Render = fn(&Store, &MessageId) -> Result<ApiResponse, ApiError>;

impl Replays {
    /// Sends a message, unless the key was used before: then nothing is sent and the first response is returned.
    pub(crate) fn send_once(
        &mut self,
        store: &mut Store,
        now: Moment,
        key: Option<IdempotencyKey>,
        request: Digest,
        render: Render,
        send: impl FnOnce(&mut Store) -> Result<MessageId, ApiError>,
    ) -> Result<ApiResponse, ApiError> {
        self.once(store, now, key, request, |store| {
            let message_id = send(store)?;
            Ok((render(store, &message_id)?, Some(Sent { message_id, render })))
        })
    }

    /// Executes a request, unless the key was used before: then the first response is returned.
    pub(crate) fn answer_once(
        &mut self,
        store: &mut Store,
        now: Moment,
        key: Option<IdempotencyKey>,
        request: Digest,
        make: impl FnOnce(&mut Store) -> Result<ApiResponse, ApiError>,
    ) -> Result<ApiResponse, ApiError> {
        self.once(store, now, key, request, |store| Ok((make(store)?, None)))
    }

    fn once(
        &mut self,
        store: &mut Store,
        now: Moment,
        key: Option<IdempotencyKey>,
        request: Digest,
        act: impl FnOnce(&mut Store) -> Result<(ApiResponse, Option<Sent>), ApiError>,
    ) -> Result<ApiResponse, ApiError> {
        let assumptions = &store.config.assumptions;
        let scope = if assumptions.idempotency_keys_per_path { request.path } else { 0 };
        let key = key.map(|key| (scope, key));
        if let Some(replay) = key.as_ref().and_then(|key| self.list.get(key))
            && assumptions.idempotency_key_ttl.is_none_or(|ttl| now - replay.at < ttl)
        {
            return self.replay(store, replay, request);
        }
        let (response, sent) = act(store)?;
        if let Some(key) = key {
            let stored = self.responses.store(&response);
            self.list.insert(key, Replay { at: now, request: request.whole, response: stored, sent });
        }
        Ok(response)
    }

    fn replay(&self, store: &Store, replay: &Replay, request: Digest) -> Result<ApiResponse, ApiError> {
        if store.config.assumptions.reject_changed_replays && replay.request != request.whole {
            return Err(ApiError::new(
                ErrorCode::CONFLICT,
                "the idempotency key was used for another request",
            ));
        }
        match &replay.sent {
            Some(Sent { message_id, render })
                if store.message(message_id.as_str())?.status == DeliveryStatus::Failed =>
            {
                render(store, message_id)
            }
            _ => Ok(self.responses.restore(&replay.response)),
        }
    }
}
