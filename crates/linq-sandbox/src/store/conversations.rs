//! The chats and their messages. A change of a message is a change of its chat.

use std::collections::{HashMap, VecDeque};

use linq_types::{ChatId, Handle, MessageId};

use crate::model::{Chat, ChatKey, Message, Tracked};

/// The number of chats that are known to have changed last.
const RECENT_CHATS: usize = 1_024;
/// The number of deleted messages that are remembered.
const REMEMBERED: usize = 1_000;

#[derive(Default)]
pub(crate) struct Conversations {
    chats: Tracked<ChatId, Chat, RECENT_CHATS>,
    messages: Tracked<MessageId, Box<Message>, 0>,
    by_members: HashMap<ChatKey, ChatId>,
    /// The newest deleted messages, oldest first, each with the revision of the messages after it.
    deleted: VecDeque<(u64, ChatId, MessageId)>,
    /// The revision of the newest deletion that is not remembered.
    forgotten: u64,
}

impl Conversations {
    pub(crate) fn chat(&self, id: impl AsRef<str>) -> Option<&Chat> {
        self.chats.get(id)
    }

    pub(crate) fn chat_mut(&mut self, id: impl AsRef<str>) -> Option<&mut Chat> {
        self.chats.get_mut(id)
    }

    pub(crate) fn chats(&self) -> impl Iterator<Item = &Chat> {
        self.chats.values()
    }

    /// Adds a chat that is found by its members.
    pub(crate) fn add_chat(&mut self, chat: Chat) {
        self.by_members.insert(chat.key(), chat.id.clone());
        self.chats.insert(chat.id.clone(), chat);
    }

    /// Returns the chat of this line and exactly these people. Renamed groups, groups that somebody joined or
    /// left, and chats that the line left are not found.
    pub(crate) fn find(&self, line: &Handle, others: &[Handle]) -> Option<&Chat> {
        self.chats.get(self.by_members.get(&(line.clone(), others.iter().cloned().collect()))?)
    }

    /// Excludes a chat from being found by its members.
    pub(crate) fn unlist(&mut self, id: &ChatId) {
        if let Some(key) = self.chats.get(id).map(Chat::key)
            && self.by_members.get(&key) == Some(id)
        {
            self.by_members.remove(&key);
        }
    }

    pub(crate) fn message(&self, id: impl AsRef<str>) -> Option<&Message> {
        self.messages.get(id).map(AsRef::as_ref)
    }

    pub(crate) fn message_mut(&mut self, id: impl AsRef<str>) -> Option<&mut Message> {
        let message = self.messages.get_mut(id)?;
        self.chats.get_mut(&message.chat_id);
        Some(message)
    }

    pub(crate) fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.values().map(AsRef::as_ref)
    }

    /// Adds a message at the end of its chat.
    pub(crate) fn add_message(&mut self, message: Message) {
        if let Some(chat) = self.chats.get_mut(&message.chat_id) {
            chat.service = message.service.clone();
            chat.updated_at = message.created_at;
            chat.messages.insert(message.number, message.id.clone());
            chat.sent_by_line += u64::from(message.is_from_me);
        }
        self.messages.insert(message.id.clone(), Box::new(message));
    }

    pub(crate) fn delete_message(&mut self, id: &str) -> Option<Box<Message>> {
        let message = self.messages.remove(id)?;
        if let Some(chat) = self.chats.get_mut(&message.chat_id) {
            chat.messages.remove(message.number);
            chat.sent_by_line -= u64::from(message.is_from_me);
        }
        if self.deleted.len() == REMEMBERED
            && let Some((revision, ..)) = self.deleted.pop_front()
        {
            self.forgotten = revision;
        }
        self.deleted.push_back((self.messages.revision(), message.chat_id.clone(), message.id.clone()));
        Some(message)
    }

    /// Returns the revisions of the chats and of the messages.
    pub(crate) fn revisions(&self) -> (u64, u64) {
        (self.chats.revision(), self.messages.revision())
    }

    /// Returns the chats that changed after this revision, themselves or a message of theirs: the newest `most` changes,
    /// newest first.
    pub(crate) fn changed_chats(&self, since: u64, most: usize) -> Vec<&Chat> {
        self.chats.changed(since, most).into_iter().map(|(_, chat)| chat).collect()
    }

    /// Returns those of the newest `most` messages of a chat that changed after this revision, newest first.
    pub(crate) fn changed_messages<'a>(
        &'a self,
        chat: &'a Chat,
        since: u64,
        most: usize,
    ) -> impl Iterator<Item = &'a Message> {
        let newest = chat.messages.iter().rev().take(most);
        newest.filter_map(move |id| self.messages.get_changed(id, since)).map(AsRef::as_ref)
    }

    /// Returns the messages of a chat that were deleted after this revision; `None` if these are not known any more.
    pub(crate) fn deleted_messages(&self, chat_id: &ChatId, since: u64) -> Option<Vec<&MessageId>> {
        let newest = self.deleted.iter().rev().take_while(|(revision, ..)| *revision > since);
        let of_chat = newest.filter(|(_, of, _)| of == chat_id).map(|(.., id)| id);
        (since >= self.forgotten).then(|| of_chat.collect())
    }
}
