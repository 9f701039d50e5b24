use super::{
    ChatGroupIconUpdated, ChatGroupNameUpdated, ChatTypingIndicatorStarted, ChatTypingIndicatorStopped,
    Direction, EventData, PollDelivered, PollReactionAdded, PollRead, PollReceived, PollSent, PollVoteAdded,
    PollVoteRemoved, ReactionAdded, ReactionRemoved,
};
use crate::ChatHandle;

impl EventData {
    /// Returns `true` if your line caused the event: a message, an edit, a reaction, a poll, a vote, a typing indicator, a
    /// change of a chat. `false` if the payload does not have this information.
    #[must_use]
    pub fn is_from_me(&self) -> bool {
        match self {
            Self::ReactionAdded(ReactionAdded(reaction))
            | Self::ReactionRemoved(ReactionRemoved(reaction))
            | Self::PollReactionAdded(PollReactionAdded(reaction)) => {
                let is_me = reaction.from_handle.as_ref().and_then(|from| from.is_me);
                reaction.is_from_me.or(is_me).unwrap_or_default()
            }
            Self::V2(data) => data.is_from_me(),
            _ => match self.actor() {
                Some(actor) => actor.is_me == Some(true),
                None => self.direction() == Some(&Direction::Outbound),
            },
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

    fn direction(&self) -> Option<&Direction> {
        match self {
            Self::MessageEdited(edited) => {
                Direction::or_of(edited.direction.as_ref(), edited.sender_handle.as_ref())
            }
            Self::PollSent(PollSent(poll))
            | Self::PollReceived(PollReceived(poll))
            | Self::PollDelivered(PollDelivered(poll))
            | Self::PollRead(PollRead(poll)) => {
                Direction::or_of(poll.direction.as_ref(), poll.sender_handle.as_ref())
            }
            Self::PollFailed(failed) => {
                Direction::or_of(failed.direction.as_ref(), failed.sender_handle.as_ref())
            }
            Self::PollUpdated(updated) => {
                Direction::or_of(updated.direction.as_ref(), updated.sender_handle.as_ref())
            }
            Self::PollVoteAdded(PollVoteAdded(vote)) | Self::PollVoteRemoved(PollVoteRemoved(vote)) => {
                Direction::or_of(vote.direction.as_ref(), vote.sender_handle.as_ref())
            }
            _ => self.message()?.direction,
        }
    }
}
