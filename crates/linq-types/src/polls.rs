//! Polls: `/v3/chats/{chatId}/polls` and `/v3/messages/{messageId}/poll`.

use serde::{Deserialize, Serialize};

use crate::{
    ChatHandle, ChatId, Handle, IdempotencyKey, MessageId, PollOptionId, Timestamp,
    reactions::ReactionResponse,
};

/// A poll to send: the body of `POST /v3/chats/{chatId}/polls`.
///
/// A poll has no question. Send the question as a message before it.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::polls::NewPoll;
///
/// let poll = NewPoll::new(["At six", "At seven"]);
/// # let _ = poll;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NewPoll {
    /// The [content](PollContent) of the poll.
    pub poll: PollContent,
}

impl NewPoll {
    /// Creates a poll with these options, at least two.
    pub fn new<O: Into<NewPollOption>>(options: impl IntoIterator<Item = O>) -> Self {
        Self { poll: PollContent::new(options) }
    }

    /// Sets the idempotency key.
    #[must_use]
    pub fn idempotency_key(mut self, idempotency_key: impl Into<IdempotencyKey>) -> Self {
        self.poll.idempotency_key = Some(idempotency_key.into());
        self
    }
}

/// The content of a poll to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schemars-1",
    derive(schemars::JsonSchema),
    schemars(example = Self::new(vec!["Pizza", "Sushi"]))
)]
#[non_exhaustive]
pub struct PollContent {
    /// The [options](NewPollOption), at least two. Options can be added later, but not changed or removed.
    pub options: Vec<NewPollOption>,
    /// The [idempotency key](IdempotencyKey), at most 255 characters; if `None`, the client generates one for each
    /// call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<IdempotencyKey>,
}

impl PollContent {
    /// Creates the content of a poll with these options, at least two.
    pub fn new<O: Into<NewPollOption>>(options: impl IntoIterator<Item = O>) -> Self {
        Self { options: options.into_iter().map(Into::into).collect(), idempotency_key: None }
    }
}

impl From<PollContent> for NewPoll {
    fn from(poll: PollContent) -> Self {
        Self { poll }
    }
}

/// An option of a poll to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NewPollOption {
    /// The text of the option.
    pub text: String,
}

impl NewPollOption {
    /// Creates an option with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

from_text! {
    NewPollOption: new;
}

/// Options to add to a poll: the body of `POST /v3/messages/{messageId}/poll/options`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema), schemars(example = Self::new(vec!["Tacos"])))]
#[non_exhaustive]
pub struct AddPollOptions {
    /// The [options](NewPollOption) to add.
    pub options: Vec<NewPollOption>,
}

impl AddPollOptions {
    /// Creates the body that adds these options.
    pub fn new<O: Into<NewPollOption>>(options: impl IntoIterator<Item = O>) -> Self {
        Self { options: options.into_iter().map(Into::into).collect() }
    }
}

/// A vote of your line, to cast or to retract: the body of `POST /v3/messages/{messageId}/poll/votes`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NewPollVote {
    /// Whether to [cast or retract](PollVoteOperation) the vote.
    pub operation: PollVoteOperation,
    /// The id of the option.
    pub option_id: PollOptionId,
}

impl NewPollVote {
    /// Creates a vote for this option.
    pub fn add(option: impl Into<PollOptionId>) -> Self {
        Self { operation: PollVoteOperation::Add, option_id: option.into() }
    }

    /// Creates a retraction of the vote for this option.
    pub fn remove(option: impl Into<PollOptionId>) -> Self {
        Self { operation: PollVoteOperation::Remove, option_id: option.into() }
    }
}

open_enum! {
    /// The operation of a vote: cast or retract.
    pub enum PollVoteOperation {
        /// Cast the vote.
        Add = "add",
        /// Retract the vote.
        Remove = "remove",
    }
}

/// A poll and the message that carries it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollResponse {
    /// The id of the message that carries the poll. It identifies the poll.
    pub message_id: MessageId,
    /// The id of the chat.
    pub chat_id: ChatId,
    /// The [options and votes](Poll).
    pub poll: Poll,
    /// The [reactions](ReactionResponse) to the poll.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub reactions: Vec<ReactionResponse>,
    /// When the poll was created; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When the poll last changed; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

/// The options and votes of a poll.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Poll {
    /// The [options](PollOption).
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub options: Vec<PollOption>,
    /// The number of people who voted. A person who voted for several options counts once. `None` if the API does not
    /// report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_voters: Option<u32>,
}

/// An option of a poll.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollOption {
    /// The id of the option, for [votes](NewPollVote).
    pub option_id: PollOptionId,
    /// The text of the option; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The [participant](ChatHandle) who added the option; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator_handle: Option<ChatHandle>,
    /// Whether the text can be edited; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub can_be_edited: Option<bool>,
    /// The [people](PollVoter) who voted for the option.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub voters: Vec<PollVoter>,
}

/// A vote for an option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollVoter {
    /// The handle of the voter.
    pub handle: Handle,
    /// When the vote was cast; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voted_at: Option<Timestamp>,
}
