use std::time::Duration;

use linq_types::{
    Handle, MessageId, Service, TraceId,
    check::Check as _,
    error::ErrorCode,
    events::EventType,
    messages::{DeliveryStatus, UpdateMessage},
    parts::TextPart,
};

use super::{Store, effects::Event};
use crate::{
    clock::Moment,
    error::ApiError,
    events,
    model::{Content, Message},
};

const MAX_EDITS: u8 = 5;
const EDITABLE_FOR: Duration = Duration::from_secs(15 * 60);

impl Store {
    /// The sender of a message edits the text of one part.
    pub(crate) fn edit(
        &mut self,
        now: Moment,
        id: &str,
        by: Option<&Handle>,
        edit: UpdateMessage,
        trace_id: &TraceId,
    ) -> Result<(), ApiError> {
        let UpdateMessage { text, part_index, .. } = edit;
        let at = part_index.unwrap_or(0) as usize;
        let message = self.message(id)?;
        let chat = self.active_chat(message.chat_id.as_str())?;
        if message.sender != *by.unwrap_or(&chat.line) {
            return Err(ApiError::invalid("only who wrote a message can edit it"));
        }
        self.check_editable(now, message)?;
        if let Err(violation) = TextPart::new(text.as_str()).check() {
            return Err(ApiError::invalid(format!("`text`: {}", violation.rule)));
        }
        match message.parts.get(at).map(|part| &part.content) {
            Some(Content::Text(_)) => {}
            Some(_) => return Err(ApiError::invalid("`part_index`: only text parts can be edited")),
            None => return Err(ApiError::invalid("`part_index` names no part of the message")),
        }
        if let Some(message) = self.conversations.message_mut(id)
            && let Some(part) = message.parts.get_mut(at)
        {
            part.content = Content::words(text);
            message.edits += 1;
            message.updated_at = now;
        }
        self.publish_edit(now, &MessageId::from(id), at, trace_id);
        Ok(())
    }

    fn check_editable(&self, now: Moment, message: &Message) -> Result<(), ApiError> {
        if message.service != Service::IMessage {
            return Err(ApiError::new(ErrorCode::SERVICE_NOT_SUPPORTED, "only iMessage knows edits"));
        }
        let refused = |fault: &str| Err(ApiError::new(self.config.assumptions.edit_rejection_code, fault));
        match message.sent_at {
            _ if message.status == DeliveryStatus::Failed => refused("the message failed"),
            None => refused("the message is not sent yet"),
            Some(sent_at) if now - sent_at > EDITABLE_FOR => {
                refused("the message was sent more than 15 minutes ago")
            }
            Some(_) if message.edits >= MAX_EDITS => refused("the message was edited five times already"),
            Some(_) => Ok(()),
        }
    }

    fn publish_edit(&mut self, now: Moment, id: &MessageId, at: usize, trace_id: &TraceId) {
        let Some(message) = self.conversations.message(id) else { return };
        let Some(chat) = self.conversations.chat(&message.chat_id) else { return };
        let Some(Content::Text(text)) = message.parts.get(at).map(|part| &part.content) else { return };
        let event = Event::about_chat(now, &EventType::MessageEdited, chat, trace_id);
        self.effects.publish(&self.subscriptions, event, |_| events::edit(chat, message, at, text.value()));
    }
}
