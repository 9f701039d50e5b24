use super::{
    ChatGroupIconUpdated, ChatGroupNameUpdated, ChatTypingIndicatorStarted, ChatTypingIndicatorStopped,
    Direction, EventChat, EventData, PhoneNumberAssigned, PhoneNumberReleased, PollDelivered,
    PollReactionAdded, PollRead, PollReceived, PollSent, PollVoteAdded, PollVoteRemoved, ReactionAdded,
    ReactionEvent, ReactionRemoved,
};
use crate::{ChatHandle, Handle};

impl EventData {
    /// Returns `true` if your line caused the event: a message, an edit, a reaction, a poll, a vote, a typing indicator, a
    /// change of a chat. `false` if the payload does not have this information.
    #[must_use]
    pub fn is_from_me(&self) -> bool {
        match self {
            Self::V2(data) => data.is_from_me(),
            _ => match (self.reaction(), self.actor()) {
                (Some(reaction), _) => {
                    let is_me = reaction.from_handle.as_ref().and_then(|from| from.is_me);
                    reaction.is_from_me.or(is_me).unwrap_or_default()
                }
                (None, Some(actor)) => actor.is_me == Some(true),
                (None, None) => self.direction() == Some(&Direction::Outbound),
            },
        }
    }

    /// Returns the handle of who caused the event: of who sent the message, reacted, voted, is typing, changed the chat,
    /// shared a contact card or a location. `None` if nobody did, or if the payload does not have it.
    #[must_use]
    pub fn sender(&self) -> Option<&Handle> {
        match self {
            Self::ContactCardReceived(card) => card.sender_handle.as_ref(),
            Self::LocationSharingStarted(location) => location.shared_by.as_ref(),
            Self::LocationSharingStopped(location) => location.shared_by.as_ref(),
            Self::V2(data) => data.sender(),
            _ => {
                let sender = self.actor().or_else(|| self.authored()?.sender).map(|sender| &sender.handle);
                sender.or_else(|| reacted(self.reaction()?)).or_else(|| self.message()?.sender)
            }
        }
    }

    /// Returns your line that the event is about; `None` if it is about none, or if the payload does not have it, as those of
    /// reactions and typing indicators.
    #[must_use]
    pub fn line(&self) -> Option<&Handle> {
        match self {
            Self::ContactCardReceived(card) => card.owner_handle.as_ref(),
            Self::LocationSharingStarted(location) => location.shared_with.as_ref(),
            Self::LocationSharingStopped(location) => location.shared_with.as_ref(),
            Self::PhoneNumberStatusUpdated(updated) => Some(&updated.phone_number),
            Self::PhoneNumberAssigned(PhoneNumberAssigned(event))
            | Self::PhoneNumberReleased(PhoneNumberReleased(event)) => Some(&event.phone_number),
            _ => match self.chat() {
                Some(chat) => chat.owner_handle.as_ref().map(|owner| &owner.handle),
                None => self.message()?.line,
            },
        }
    }

    /// Returns whether the event happened in a chat with more than two participants; `None` if the payload does not have it.
    #[must_use]
    pub fn is_group(&self) -> Option<bool> {
        match self.chat() {
            Some(chat) => chat.is_group,
            None => self.message()?.is_group,
        }
    }

    fn reaction(&self) -> Option<&ReactionEvent> {
        match self {
            Self::ReactionAdded(ReactionAdded(reaction))
            | Self::ReactionRemoved(ReactionRemoved(reaction))
            | Self::PollReactionAdded(PollReactionAdded(reaction)) => Some(reaction),
            _ => None,
        }
    }

    fn actor(&self) -> Option<&ChatHandle> {
        match self {
            Self::ChatGroupNameUpdated(ChatGroupNameUpdated(updated))
            | Self::ChatGroupIconUpdated(ChatGroupIconUpdated(updated)) => updated.changed_by_handle.as_ref(),
            Self::ChatBackgroundUpdated(updated) => updated.actor_handle.as_ref(),
            Self::ChatTypingIndicatorStarted(ChatTypingIndicatorStarted(typing))
            | Self::ChatTypingIndicatorStopped(ChatTypingIndicatorStopped(typing)) => {
                typing.actor_handle.as_ref()
            }
            _ => None,
        }
    }

    fn chat(&self) -> Option<&EventChat> {
        match self {
            Self::ChatBackgroundUpdated(updated) => Some(&updated.chat),
            _ => self.authored().map(|authored| authored.chat),
        }
    }

    fn direction(&self) -> Option<&Direction> {
        match self.authored() {
            Some(Authored { direction, sender, .. }) => Direction::or_of(direction, sender),
            None => self.message()?.direction,
        }
    }

    fn authored(&self) -> Option<Authored<'_>> {
        macro_rules! authored {
            ($payload:expr) => {
                Authored {
                    chat: &$payload.chat,
                    direction: $payload.direction.as_ref(),
                    sender: $payload.sender_handle.as_ref(),
                }
            };
        }
        Some(match self {
            Self::MessageEdited(edited) => authored!(edited),
            Self::PollSent(PollSent(poll))
            | Self::PollReceived(PollReceived(poll))
            | Self::PollDelivered(PollDelivered(poll))
            | Self::PollRead(PollRead(poll)) => authored!(poll),
            Self::PollFailed(failed) => authored!(failed),
            Self::PollUpdated(updated) => authored!(updated),
            Self::PollVoteAdded(PollVoteAdded(vote)) | Self::PollVoteRemoved(PollVoteRemoved(vote)) => {
                authored!(vote)
            }
            _ => return None,
        })
    }
}

/// The chat and the author of an edit, a poll or a vote.
struct Authored<'a> {
    chat: &'a EventChat,
    direction: Option<&'a Direction>,
    sender: Option<&'a ChatHandle>,
}

#[expect(deprecated, reason = "some events have only this field")]
fn reacted(reaction: &ReactionEvent) -> Option<&Handle> {
    reaction.from_handle.as_ref().map(|from| &from.handle).or(reaction.from.as_ref())
}
