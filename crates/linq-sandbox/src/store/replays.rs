use linq_types::{IdempotencyKey, MessageId, error::ErrorCode, messages::DeliveryStatus};

use super::Store;
use crate::{error::ApiError, routes::Answer};

/// What a key was used for. Keys count account-wide and never expire.
pub(super) struct Replay {
    request: u64,
    message_id: MessageId,
    answer: Answer,
    render: Render,
}

/// What a key in a header was answered with, and to what.
pub(super) struct KeptAnswer {
    request: u64,
    answer: Answer,
}

/// How an endpoint answers with a message it sent.
pub(crate) type Render = fn(&Store, &MessageId) -> Result<Answer, ApiError>;

impl Store {
    /// Does what a request asks, unless this key did so before: then the first answer comes again.
    pub(crate) fn answer_once(
        &mut self,
        key: Option<IdempotencyKey>,
        request: u64,
        make: impl FnOnce(&mut Self) -> Result<Answer, ApiError>,
    ) -> Result<Answer, ApiError> {
        if let Some(kept) = key.as_ref().and_then(|key| self.kept_answers.get(key)) {
            if self.config.refuse_changed_replays && kept.request != request {
                return Err(ApiError::new(
                    ErrorCode::CONFLICT,
                    "`Idempotency-Key` was used for another request",
                ));
            }
            return Ok(kept.answer.clone());
        }
        let answer = make(self)?;
        if let Some(key) = key {
            self.kept_answers.insert(key, KeptAnswer { request, answer: answer.clone() });
        }
        Ok(answer)
    }

    /// Sends, unless this key did so before: then the first answer comes again and nothing is sent.
    ///
    /// `request` stands for what the request says, so that another request under the same key is noticed.
    pub(crate) fn send_once(
        &mut self,
        key: Option<IdempotencyKey>,
        request: u64,
        render: Render,
        send: impl FnOnce(&mut Self) -> Result<MessageId, ApiError>,
    ) -> Result<Answer, ApiError> {
        if let Some(replay) = key.as_ref().and_then(|key| self.replays.get(key)) {
            return self.replay(replay, request);
        }
        let message_id = send(self)?;
        let answer = render(self, &message_id)?;
        if let Some(key) = key {
            self.replays.insert(key, Replay { request, message_id, answer: answer.clone(), render });
        }
        Ok(answer)
    }

    fn replay(&self, replay: &Replay, request: u64) -> Result<Answer, ApiError> {
        if self.config.refuse_changed_replays && replay.request != request {
            return Err(ApiError::new(
                ErrorCode::CONFLICT,
                "`message.idempotency_key` was used for another request",
            ));
        }
        let message = self.message(replay.message_id.as_str())?;
        match message.status {
            DeliveryStatus::Failed => (replay.render)(self, &replay.message_id),
            _ => Ok(replay.answer.clone()),
        }
    }
}
