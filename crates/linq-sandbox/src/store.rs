//! Everything the sandbox remembers. Plain functions over plain data: no I/O, no clock, no waiting.

mod assertions;
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

use linq_types::{ChatId, Handle, IdempotencyKey, MessageId, TraceId, error::ErrorCode};

use crate::{
    clock::Moment,
    config::Config,
    error::ApiError,
    faults::Faults,
    ids::Ids,
    scheduler::{Action, Queue},
};

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
    /// How many messages there ever were.
    pushed_messages: u64,
    replays: HashMap<IdempotencyKey, Replay>,
    /// When each line last wrote to each person.
    sends: HashMap<(Handle, Handle), VecDeque<Moment>>,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) routing_tokens: RoutingTokens,
    pub(crate) faults: Faults,
}

/// A line of the account.
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) phone_number: Handle,
}

impl Store {
    /// The messages that a request sent take their next step now.
    pub(crate) fn hurry(&mut self, now: Moment, trace_id: &TraceId) {
        let messages = &self.messages;
        self.queue.bring_forward(now, |action| match action {
            Action::Advance(id) => messages.get(id).is_some_and(|message| message.trace_id == *trace_id),
            _ => false,
        });
    }

    pub(crate) fn new(config: Arc<Config>, media_origin: String) -> Self {
        let mut ids = Ids::new(config.seed);
        let lines = config.phone_numbers.iter();
        let lines = lines.map(|number| Line { id: ids.uuid(), phone_number: number.clone() }).collect();
        let faults = Faults::new(config.seed, config.faults.clone());
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
            pushed_messages: 0,
            replays: HashMap::new(),
            sends: HashMap::new(),
            routing_tokens: RoutingTokens::default(),
            faults,
        }
    }

    /// Begins anew, with the ids it began with.
    pub(crate) fn reset(&mut self, keep_subscriptions: bool) {
        let mut new = Self::new(self.config.clone(), self.media_origin.clone());
        new.queue = self.queue.successor();
        if keep_subscriptions {
            new.subscriptions.keep(&mut self.subscriptions);
        }
        *self = new;
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
