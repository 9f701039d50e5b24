//! What is published to V2 subscriptions. There are no events of V2 about polls, and none of calls and contacts, which the sandbox
//! does not have.

use linq_types::{
    ChatId, Handle, MessageId,
    events::{EventType, v2},
    reactions::ReactionType,
};

use super::Store;
use crate::{
    clock::Moment,
    events::v2 as events,
    model::{Step, StoredReaction},
};

impl Store {
    pub(super) fn publish_v2_step(&mut self, now: Moment, step: Step, id: &MessageId) {
        let Some(message) = self.conversations.message(id).filter(|message| !message.is_poll()) else {
            return;
        };
        let Some(chat) = self.conversations.chat(&message.chat_id) else { return };
        let event_type = match step {
            Step::Received => v2::EventType::MessageReceived,
            Step::Sent => v2::EventType::MessageSent,
            Step::Read => v2::EventType::MessageRead,
            Step::Delivered | Step::Failed(_) => return,
        };
        self.effects.publish_v2(&self.subscriptions, now, &event_type, chat, || match step {
            Step::Read => events::read(now, message),
            _ => events::message(chat, message),
        });
    }

    /// Stickers and emoji of one's own are not among the reactions of V2.
    pub(super) fn publish_v2_reaction(&mut self, now: Moment, message_id: &str, reaction: &StoredReaction) {
        let Some(message) = self.conversations.message(message_id) else { return };
        let Some(chat) = self.conversations.chat(&message.chat_id) else { return };
        if matches!(reaction.kind, ReactionType::Custom | ReactionType::Sticker) {
            return;
        }
        let event_type = match reaction.by == chat.line {
            true => v2::EventType::ReactionSent,
            false => v2::EventType::ReactionReceived,
        };
        self.effects.publish_v2(&self.subscriptions, now, &event_type, chat, || {
            events::reaction(now, chat, message, reaction)
        });
    }

    pub(super) fn publish_v2_typing(&mut self, now: Moment, chat_id: &ChatId, types: bool) {
        let Some(chat) = self.conversations.chat(chat_id) else { return };
        let event_type = match types {
            true => v2::EventType::TypingIndicatorReceived,
            false => v2::EventType::TypingIndicatorRemoved,
        };
        self.effects
            .publish_v2(&self.subscriptions, now, &event_type, chat, || events::typing(now, chat, types));
    }

    pub(super) fn publish_v2_participant(
        &mut self,
        now: Moment,
        event_type: &EventType,
        chat_id: &ChatId,
        who: &Handle,
    ) {
        let Some(chat) = self.conversations.chat(chat_id) else { return };
        let Some(member) = chat.member(who) else { return };
        // Both have the same name in V3.
        let event_type = v2::EventType::from(event_type.as_str());
        self.effects
            .publish_v2(&self.subscriptions, now, &event_type, chat, || events::participant(chat, member));
    }
}
