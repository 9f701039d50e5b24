use linq_types::{
    Handle, TraceId,
    error::ErrorCode,
    events::EventType,
    messages::DeliveryStatus,
    reactions::{Placement, Reaction, ReactionOperation, ReactionType},
};

use super::{Store, effects::Event};
use crate::{clock::Moment, error::ApiError, events, model::StoredReaction};

impl Store {
    /// Adds a reaction to a part of a message, or removes it.
    ///
    /// A person has at most one tapback per part, so that a second one replaces the first; stickers
    /// accumulate. Removing a reaction that does not exist changes nothing.
    pub(crate) fn react(
        &mut self,
        now: Moment,
        message_id: &str,
        by: &Handle,
        reacting: Reaction,
        trace_id: &TraceId,
    ) -> Result<(), ApiError> {
        check(&reacting)?;
        let message = self.message(message_id)?;
        let at = reacting.part_index.unwrap_or(0) as usize;
        if at >= message.parts.len() {
            return Err(ApiError::invalid("`part_index` names no part of the message"));
        }
        if message.status == DeliveryStatus::Pending && !self.config.assumptions.accept_early_reactions {
            return Err(ApiError::new(
                ErrorCode::OPERATION_FAILED,
                "Cannot send reaction: the message is not sent yet",
            ));
        }
        let changed = match reacting.operation {
            ReactionOperation::Remove => self
                .take_off(message_id, at, by, &reacting)
                .map(|reaction| (EventType::ReactionRemoved, reaction)),
            _ => {
                let reaction = self.new_reaction(now, by, reacting)?;
                self.put_on(message_id, at, reaction.clone());
                Some((EventType::ReactionAdded, reaction))
            }
        };
        if let Some((event_type, reaction)) = changed
            && let Some(message) = self.conversations.message(message_id)
            && let Some(chat) = self.conversations.chat(&message.chat_id)
        {
            let event_type = match event_type {
                EventType::ReactionAdded if message.is_poll() => EventType::PollReactionAdded,
                // There is no such event.
                EventType::ReactionRemoved if message.is_poll() => return Ok(()),
                event_type => event_type,
            };
            let event = Event::about_chat(now, &event_type, chat, trace_id);
            self.effects
                .publish(&self.subscriptions, event, |_| events::reaction(now, chat, message, at, &reaction));
            if event_type == EventType::ReactionAdded {
                self.publish_v2_reaction(now, message_id, &reaction);
            }
        }
        Ok(())
    }

    /// Moves a sticker of your line.
    pub(crate) fn place_sticker(
        &mut self,
        message_id: &str,
        reaction_id: &str,
        placement: Placement,
    ) -> Result<(), ApiError> {
        let chat = self.active_chat(self.message(message_id)?.chat_id.as_str())?;
        let line = chat.line.clone();
        let parts = self.conversations.message_mut(message_id).map(|message| &mut message.parts);
        let found = parts
            .into_iter()
            .flatten()
            .flat_map(|part| &mut part.reactions)
            .find(|reaction| reaction.id == reaction_id)
            .ok_or_else(|| ApiError::nothing_there(&format!("reaction `{reaction_id}` on the message")))?;
        if found.kind != ReactionType::Sticker || found.by != line {
            return Err(ApiError::invalid("only a sticker that you sent can be moved"));
        }
        found.placement = Some(placement);
        Ok(())
    }

    fn new_reaction(
        &mut self,
        now: Moment,
        by: &Handle,
        reacting: Reaction,
    ) -> Result<StoredReaction, ApiError> {
        let sticker = match reacting.kind {
            ReactionType::Sticker => Some(match reacting.emoji {
                Some(_) => self.intake(now).rehost("emoji.png"),
                None => self.intake(now).fetch(reacting.url, reacting.attachment_id.as_ref())?,
            }),
            _ => None,
        };
        Ok(StoredReaction {
            id: self.ids.uuid(),
            by: by.clone(),
            custom_emoji: reacting.custom_emoji.filter(|_| reacting.kind == ReactionType::Custom),
            placement: reacting.placement.filter(|_| reacting.kind == ReactionType::Sticker),
            kind: reacting.kind,
            sticker,
        })
    }

    fn put_on(&mut self, message_id: &str, at: usize, reaction: StoredReaction) {
        if let Some(reactions) = self.reactions_on(message_id, at) {
            if reaction.kind != ReactionType::Sticker {
                reactions.retain(|other| other.by != reaction.by || other.kind == ReactionType::Sticker);
            }
            reactions.push(reaction);
        }
    }

    fn take_off(
        &mut self,
        message_id: &str,
        at: usize,
        by: &Handle,
        asked: &Reaction,
    ) -> Option<StoredReaction> {
        let reactions = self.reactions_on(message_id, at)?;
        let found = reactions.iter().position(|reaction| {
            reaction.by == *by
                && reaction.kind == asked.kind
                && (asked.kind != ReactionType::Custom || reaction.custom_emoji == asked.custom_emoji)
        })?;
        Some(reactions.remove(found))
    }

    fn reactions_on(&mut self, message_id: &str, at: usize) -> Option<&mut Vec<StoredReaction>> {
        Some(&mut self.conversations.message_mut(message_id)?.parts.get_mut(at)?.reactions)
    }
}

fn check(reacting: &Reaction) -> Result<(), ApiError> {
    let removes = match reacting.operation {
        ReactionOperation::Add => false,
        ReactionOperation::Remove => true,
        _ => return Err(ApiError::invalid("`operation` must be add or remove")),
    };
    match reacting.kind {
        ReactionType::Unknown(_) => Err(ApiError::invalid("`type` is no kind of reaction")),
        ReactionType::Custom if reacting.custom_emoji.as_ref().is_none_or(String::is_empty) => {
            Err(ApiError::missing("custom_emoji"))
        }
        ReactionType::Sticker if removes => Err(ApiError::invalid("a sticker cannot be removed")),
        ReactionType::Sticker => {
            let sources =
                [reacting.emoji.is_some(), reacting.url.is_some(), reacting.attachment_id.is_some()];
            match sources.iter().filter(|given| **given).count() {
                1 => Ok(()),
                _ => {
                    Err(ApiError::invalid("a sticker has exactly one of `emoji`, `url` and `attachment_id`"))
                }
            }
        }
        _ => Ok(()),
    }
}
