use serde::Deserialize;

use super::Event;
use crate::{
    ChatId,
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
    /// use linq_types::events::Event;
    ///
    /// let body = r#"{"event_id": "e1", "event_type": "comet.sighted", "data": {"chat_id": "c1"}}"#;
    /// let event = Event::parse_unverified(body.to_owned())?;
    /// assert_eq!(event.chat_id().unwrap().as_str(), "c1");
    /// # Ok::<(), linq_types::events::ParseEventError>(())
    /// ```
    #[must_use]
    pub fn chat_id(&self) -> Option<ChatId> {
        let data = json::read::<Body<'_>>(Reader::new(json::utf8(self.raw()).ok()?)).ok()?.data?;
        let own = data.id.filter(|_| self.event_type.as_str() == "chat.created");
        let id = data.chat_id.or(data.chat.and_then(|chat| chat.id)).or(own)?;
        (!id.0.is_empty()).then(|| ChatId::from(&*id.0))
    }
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
    chat: Option<Chat<'a>>,
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Chat<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}
