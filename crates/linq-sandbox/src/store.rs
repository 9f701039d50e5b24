//! Everything the sandbox remembers. Plain functions over plain data: no I/O, no clock, no waiting.

mod chats;
mod messages;
mod people;
mod rate_limit;
mod reactions;
mod replays;
mod routing_tokens;
mod subscriptions;

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use linq_types::{ChatId, Handle, IdempotencyKey, MessageId, error::ErrorCode};

use crate::{clock::Moment, config::Config, error::ApiError, ids::Ids, scheduler::Queue};

pub(crate) use chats::{Chat, Member};
pub(crate) use messages::{Message, MessagePart, Outgoing};
pub(crate) use reactions::StoredReaction;
pub(crate) use subscriptions::{Subscription, Subscriptions};

use chats::ChatKey;
use people::Person;
use replays::Replay;
use routing_tokens::RoutingTokens;

pub(crate) struct Store {
    pub(crate) config: Arc<Config>,
    pub(crate) ids: Ids,
    pub(crate) queue: Queue,
    pub(crate) lines: Vec<Line>,
    /// Where re-hosted media claims to be.
    media_origin: String,
    people: HashMap<Handle, Person>,
    chats: HashMap<ChatId, Chat>,
    chat_ids: HashMap<ChatKey, ChatId>,
    messages: HashMap<MessageId, Message>,
    replays: HashMap<IdempotencyKey, Replay>,
    /// When each line last wrote to each person.
    sends: HashMap<(Handle, Handle), VecDeque<Moment>>,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) routing_tokens: RoutingTokens,
}

/// A line of the account.
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) phone_number: Handle,
}

impl Store {
    pub(crate) fn new(config: Arc<Config>, media_origin: String) -> Self {
        let mut ids = Ids::new(config.seed);
        let lines = config.phone_numbers.iter();
        let lines = lines.map(|number| Line { id: ids.uuid(), phone_number: number.clone() }).collect();
        Self {
            subscriptions: Subscriptions::new(&mut ids),
            ids,
            lines,
            config,
            media_origin,
            queue: Queue::default(),
            people: HashMap::new(),
            chats: HashMap::new(),
            chat_ids: HashMap::new(),
            messages: HashMap::new(),
            replays: HashMap::new(),
            sends: HashMap::new(),
            routing_tokens: RoutingTokens::default(),
        }
    }

    pub(crate) fn is_line(&self, handle: &Handle) -> bool {
        self.lines.iter().any(|line| line.phone_number == *handle)
    }

    /// Refuses a number that is not a line of the account.
    pub(crate) fn check_line(&self, field: &str, handle: &Handle) -> Result<(), ApiError> {
        if self.is_line(handle) {
            return Ok(());
        }
        Err(ApiError::new(
            ErrorCode::FOREIGN_PHONE_NUMBER,
            format!("`{field}`: `{handle}` is not one of your lines"),
        ))
    }

    pub(crate) fn chat(&self, id: &str) -> Result<&Chat, ApiError> {
        self.chats.get(id).ok_or_else(|| ApiError::not_found(ErrorCode::CHAT_NOT_FOUND, "chat", id))
    }

    pub(crate) fn message(&self, id: &str) -> Result<&Message, ApiError> {
        self.messages.get(id).ok_or_else(|| ApiError::not_found(ErrorCode::MESSAGE_NOT_FOUND, "message", id))
    }
}
