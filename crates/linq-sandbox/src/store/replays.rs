use linq_types::{IdempotencyKey, MessageId, error::ErrorCode, messages::DeliveryStatus};

use super::{Store, kept_answers::KeptAnswer};
use crate::{clock::Moment, error::ApiError, routes::Answer};

/// What a key was used for.
pub(super) struct Replay {
    at: Moment,
    request: u64,
    answer: KeptAnswer,
    sent: Option<Sent>,
}

/// The message that was sent, which may fail or be deleted later.
struct Sent {
    message_id: MessageId,
    render: Render,
}

/// Stands for a request and what it says, so that the same one is known again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Digest {
    pub(crate) path: u64,
    pub(crate) whole: u64,
}

/// How an endpoint answers with a message it sent.
pub(crate) type Render = fn(&Store, &MessageId) -> Result<Answer, ApiError>;

impl Store {
    /// Sends, unless this key did so before: then the first answer comes again and nothing is sent.
    pub(crate) fn send_once(
        &mut self,
        now: Moment,
        key: Option<IdempotencyKey>,
        request: Digest,
        render: Render,
        send: impl FnOnce(&mut Self) -> Result<MessageId, ApiError>,
    ) -> Result<Answer, ApiError> {
        self.once(now, key, request, |store| {
            let message_id = send(store)?;
            Ok((render(store, &message_id)?, Some(Sent { message_id, render })))
        })
    }

    /// Does what a request asks, unless this key did so before: then the first answer comes again.
    pub(crate) fn answer_once(
        &mut self,
        now: Moment,
        key: Option<IdempotencyKey>,
        request: Digest,
        make: impl FnOnce(&mut Self) -> Result<Answer, ApiError>,
    ) -> Result<Answer, ApiError> {
        self.once(now, key, request, |store| Ok((make(store)?, None)))
    }

    fn once(
        &mut self,
        now: Moment,
        key: Option<IdempotencyKey>,
        request: Digest,
        act: impl FnOnce(&mut Self) -> Result<(Answer, Option<Sent>), ApiError>,
    ) -> Result<Answer, ApiError> {
        let scope = if self.config.rules.keys_count_per_path { request.path } else { 0 };
        let key = key.map(|key| (scope, key));
        if let Some(replay) = key.as_ref().and_then(|key| self.replays.get(key))
            && self.config.rules.keys_last.is_none_or(|lasting| now - replay.at < lasting)
        {
            return self.replay(replay, request);
        }
        let (answer, sent) = act(self)?;
        if let Some(key) = key {
            let kept = self.kept_answers.keep(&answer);
            let replay = Replay { at: now, request: request.whole, answer: kept, sent };
            self.replays.insert(key, replay);
        }
        Ok(answer)
    }

    fn replay(&self, replay: &Replay, request: Digest) -> Result<Answer, ApiError> {
        if self.config.rules.refuse_changed_replays && replay.request != request.whole {
            return Err(ApiError::new(
                ErrorCode::CONFLICT,
                "the idempotency key was used for another request",
            ));
        }
        match &replay.sent {
            Some(Sent { message_id, render })
                if self.message(message_id.as_str())?.status == DeliveryStatus::Failed =>
            {
                render(self, message_id)
            }
            _ => Ok(self.kept_answers.restore(&replay.answer)),
        }
    }
}
