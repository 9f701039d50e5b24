use linq_types::{ChatId, Handle, MessageId, PollOptionId};
use serde::Serialize;

use super::{handles::HandleView, messages::ReactionView};
use crate::{
    clock::Moment,
    model::{Chat, Message, Poll, PollOption},
};

/// A poll with the message that carries it.
#[derive(Serialize)]
pub(crate) struct PollResponseView<'a> {
    message_id: &'a MessageId,
    chat_id: &'a ChatId,
    poll: PollView<'a>,
    reactions: Vec<ReactionView<'a>>,
    created_at: Moment,
    updated_at: Moment,
}

impl<'a> PollResponseView<'a> {
    pub(crate) fn new(chat: &'a Chat, message: &'a Message, poll: &'a Poll) -> Self {
        Self {
            message_id: &message.id,
            chat_id: &chat.id,
            poll: PollView::new(chat, poll),
            reactions: message.parts.iter().flat_map(|part| ReactionView::all(chat, part)).collect(),
            created_at: message.created_at,
            updated_at: message.updated_at,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct PollView<'a> {
    options: Vec<PollOptionView<'a>>,
    total_voters: usize,
}

impl<'a> PollView<'a> {
    pub(crate) fn new(chat: &'a Chat, poll: &'a Poll) -> Self {
        Self {
            options: poll.options.iter().map(|option| PollOptionView::new(chat, option)).collect(),
            total_voters: poll.total_voters(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct PollOptionView<'a> {
    option_id: &'a PollOptionId,
    text: &'a str,
    can_be_edited: bool,
    creator_handle: Option<HandleView<'a>>,
    voters: Vec<VoterView<'a>>,
}

#[derive(Serialize)]
struct VoterView<'a> {
    handle: &'a Handle,
    voted_at: Moment,
}

impl<'a> PollOptionView<'a> {
    pub(crate) fn new(chat: &'a Chat, option: &'a PollOption) -> Self {
        let voters = option.voters.iter().map(|(handle, voted_at)| VoterView { handle, voted_at: *voted_at });
        Self {
            option_id: &option.id,
            text: &option.text,
            can_be_edited: false,
            creator_handle: HandleView::of(chat, &option.creator),
            voters: voters.collect(),
        }
    }
}
