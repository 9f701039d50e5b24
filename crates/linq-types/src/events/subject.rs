use serde::Deserialize;

use super::Event;
use crate::{
    ChatId, IdempotencyKey, MessageId,
    json::{self, Reader, Text},
};

impl<T> Event<T> {
    /// Returns the id of the chat in which the event happened; `None` if it happened in none, or if the event does not have
    /// it.
    ///
    /// It is read from the [body](Self::raw), where it is `data.chat_id` or `data.chat.id`, and `data.id` of the event
    /// `chat.created`. So every format has it, as have the events that this version does not know.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; }
    /// use linq::types::events::Event;
    ///
    /// let body = r#"{"event_id": "e1", "event_type": "comet.sighted", "data": {"chat_id": "c1"}}"#;
    /// let event = Event::parse_unverified(body.to_owned())?;
    /// assert_eq!(event.chat_id().unwrap().as_str(), "c1");
    /// # Ok::<(), linq_types::events::ParseEventError>(())
    /// ```
    #[must_use]
    pub fn chat_id(&self) -> Option<ChatId> {
        let data = data(self.raw())?;
        let own = data.id.filter(|_| self.event_type.as_str() == "chat.created");
        present(data.chat_id.or(data.chat.and_then(|chat| chat.id)).or(own)).map(ChatId::from)
    }

    /// Returns the id of the message that the event is about; `None` if it is about none, or if the event does not have it.
    ///
    /// It is read from the [body](Self::raw), where it is `data.message_id` or `data.message.id`, and `data.id` of events
    /// whose type begins with `message.`.
    #[must_use]
    pub fn message_id(&self) -> Option<MessageId> {
        let data = data(self.raw())?;
        let own = data.id.filter(|_| self.event_type.as_str().starts_with("message."));
        present(data.message_id.or(data.message.and_then(|message| message.id)).or(own)).map(MessageId::from)
    }

    /// Returns the idempotency key with which the message that the event is about was sent; `None` for messages from others,
    /// and if the event does not have it.
    ///
    /// It is read from the [body](Self::raw), where it is `data.idempotency_key`.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<IdempotencyKey> {
        present(data(self.raw())?.idempotency_key).map(IdempotencyKey::from)
    }
}

fn data(body: &[u8]) -> Option<Data<'_>> {
    json::read::<Body<'_>>(Reader::new(json::utf8(body).ok()?)).ok()?.data
}

fn present(id: Option<Text<'_>>) -> Option<String> {
    id.map(|id| id.0.into_owned()).filter(|id| !id.is_empty())
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    data: Option<Data<'a>>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    chat_id: Option<Text<'a>>,
    #[serde(borrow)]
    chat: Option<Object<'a>>,
    #[serde(borrow)]
    message_id: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Object<'a>>,
    #[serde(borrow)]
    idempotency_key: Option<Text<'a>>,
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Object<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}
