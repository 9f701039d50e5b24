//! The messages as the API shows them, for assertions.

use linq_types::ChatId;

use super::Store;
use crate::{model::Message, views::MessageView};

type Model = linq_types::messages::Message;

impl Store {
    /// Returns what the lines sent, in order.
    pub(crate) fn sent(&self) -> Vec<Model> {
        let mut sent: Vec<_> = self.conversations.messages().filter(|message| message.is_from_me).collect();
        sent.sort_unstable_by_key(|message| message.number);
        sent.into_iter().filter_map(|message| self.model(message)).collect()
    }

    /// Returns the messages of a chat, oldest first.
    pub(crate) fn messages_of(&self, chat_id: &ChatId) -> Vec<Model> {
        let chat = self.conversations.chat(chat_id);
        let messages = chat.into_iter().flat_map(|chat| chat.messages.iter());
        messages.filter_map(|id| self.model(self.conversations.message(id)?)).collect()
    }

    pub(super) fn model(&self, message: &Message) -> Option<Model> {
        let chat = self.conversations.chat(&message.chat_id)?;
        let view = serde_json::to_value(MessageView::new(chat, message)).ok()?;
        serde_json::from_value(view).ok()
    }
}
