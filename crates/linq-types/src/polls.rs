//! Polls: `/v3/chats/{chatId}/polls` and `/v3/messages/{messageId}/poll`.

use serde::{Deserialize, Serialize};

use crate::{
    ChatHandle, ChatId, Handle, IdempotencyKey, MessageId, PollOptionId, Timestamp,
    reactions::ReactionResponse,
};

/// A poll to send. It has no question: send that as a message before it.
///
/// ```
/// use linq_types::polls::PollContent;
///
/// let poll = PollContent::new(["At six", "At seven"]);
/// # let _ = poll;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollContent {
    /// What can be voted for, at least two. Options can be added later, but never changed or taken away.
    pub options: Vec<NewPollOption>,
    /// Makes the service send once, however often the request arrives; at most 255 characters. The client makes one
    /// up where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<IdempotencyKey>,
}

impl PollContent {
    /// A poll between these options.
    pub fn new<O: Into<NewPollOption>>(options: impl IntoIterator<Item = O>) -> Self {
        Self { options: options.into_iter().map(Into::into).collect(), idempotency_key: None }
    }

    setters! {
        /// Sets the key that makes the service send once.
        idempotency_key: IdempotencyKey,
    }
}

/// The body of `POST /v3/chats/{chatId}/polls`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewPoll {
    /// The poll.
    pub poll: PollContent,
}

impl From<PollContent> for NewPoll {
    fn from(poll: PollContent) -> Self {
        Self { poll }
    }
}

/// Something new to vote for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewPollOption {
    /// The text.
    pub text: String,
}

impl From<&str> for NewPollOption {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned() }
    }
}

impl From<String> for NewPollOption {
    fn from(text: String) -> Self {
        Self { text }
    }
}

/// The body of `POST /v3/messages/{messageId}/poll/options`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AddPollOptions {
    /// The options to add.
    pub options: Vec<NewPollOption>,
}

impl AddPollOptions {
    /// Adds these options.
    pub fn new<O: Into<NewPollOption>>(options: impl IntoIterator<Item = O>) -> Self {
        Self { options: options.into_iter().map(Into::into).collect() }
    }
}

/// A vote of your line: the body of `POST /v3/messages/{messageId}/poll/votes`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewPollVote {
    /// Whether the vote is given or taken back.
    pub operation: PollVoteOperation,
    /// The option it is for.
    pub option_id: PollOptionId,
}

impl NewPollVote {
    /// Votes for this option.
    pub fn add(option: impl Into<PollOptionId>) -> Self {
        Self { operation: PollVoteOperation::Add, option_id: option.into() }
    }

    /// Takes the vote for this option back.
    pub fn remove(option: impl Into<PollOptionId>) -> Self {
        Self { operation: PollVoteOperation::Remove, option_id: option.into() }
    }
}

open_enum! {
    /// Whether a vote is given or taken back.
    pub enum PollVoteOperation {
        /// Given.
        Add = "add",
        /// Taken back.
        Remove = "remove",
    }
}

/// A poll with the message that carries it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollResponse {
    /// The message that carries the poll: the poll is named by it.
    pub message_id: MessageId,
    /// The chat it is in.
    pub chat_id: ChatId,
    /// The options and the votes.
    pub poll: Poll,
    /// Reactions on the poll.
    pub reactions: Vec<ReactionResponse>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// How a poll stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Poll {
    /// What can be voted for.
    pub options: Vec<PollOption>,
    /// How many people have voted; who voted for several options counts once.
    pub total_voters: u32,
}

/// Something to vote for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollOption {
    /// The option's id: votes name it.
    pub option_id: PollOptionId,
    /// The text.
    pub text: String,
    /// Who added it.
    pub creator_handle: ChatHandle,
    /// Whether its text can be changed.
    pub can_be_edited: bool,
    /// Who voted for it.
    pub voters: Vec<PollVoter>,
}

/// Somebody who voted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollVoter {
    /// Who.
    pub handle: Handle,
    /// When.
    pub voted_at: Timestamp,
}
