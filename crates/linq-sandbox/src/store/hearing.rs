//! What people hear: the messages of the lines that reached them.

use linq_types::{ChatId, Handle, MessageId, messages::DeliveryStatus};

use super::Store;
use crate::model::Message;

type Model = linq_types::messages::Message;

impl Store {
    /// Lets the people of a chat hear a message that was sent.
    pub(super) fn make_audible(&mut self, id: &MessageId) {
        let Some(message) = self.conversations.message(id) else { return };
        let Some(chat) = self.conversations.chat(&message.chat_id) else { return };
        for person in chat.others() {
            self.unheard.push(&person, message.number);
        }
    }

    /// Returns the oldest message that a person has not heard yet, which is heard from now on. Skips deleted ones.
    pub(crate) fn hear(&mut self, person: &Handle) -> Option<Model> {
        while let Some(number) = self.unheard.pop(person) {
            let ids = self.listings.get(None, Some(person)).iter();
            let heard = ids.filter_map(|id| self.conversations.chat(id)?.messages.get(number)).next();
            if let Some(message) = heard.and_then(|id| self.conversations.message(id)) {
                return self.model(message);
            }
        }
        None
    }

    /// Returns the number of messages that are not sent yet: to a person, or to anybody.
    pub(crate) fn count_pending(&self, person: Option<&Handle>) -> usize {
        let chats = self.chats_with(person).iter().filter_map(|id| self.conversations.chat(id));
        let messages =
            chats.flat_map(|chat| chat.messages.iter()).filter_map(|id| self.conversations.message(id));
        messages.filter(|message| message.status == DeliveryStatus::Pending).count()
    }

    /// Returns the chats with a person, or all chats, in the order in which they were opened.
    pub(crate) fn chats_with(&self, person: Option<&Handle>) -> &[ChatId] {
        self.listings.get(None, person)
    }

    /// Returns the messages of a chat, newest first.
    pub(crate) fn newest_messages(&self, chat_id: &ChatId) -> impl Iterator<Item = &Message> {
        let chat = self.conversations.chat(chat_id);
        let ids = chat.into_iter().flat_map(|chat| chat.messages.iter().rev());
        ids.filter_map(|id| self.conversations.message(id))
    }
}
