//! Everything the sandbox remembers. Plain functions over plain data: no I/O, no clock, no waiting.

mod attachments;
mod audits;
mod available_number;
mod blocked_handles;
mod call_limit;
mod capability;
mod chats;
mod contact_cards;
mod lines;
mod messages;
mod payment_handles;
mod payment_providers;
mod payment_requests;
mod payments;
mod people;
mod rate_limit;
mod reactions;
mod recipients;
mod replays;
mod subscription_changes;
mod subscriptions;

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use linq_types::{
    ChatId, Handle, IdempotencyKey, MessageId, error::ErrorCode, payments::PaymentProviderStatus,
};

use crate::{clock::Moment, config::Config, error::ApiError, ids::Ids, scheduler::Queue};

pub(crate) use attachments::{Attachment, Attachments, Space};
pub(crate) use blocked_handles::Blocked;
pub(crate) use chats::{Chat, Member};
pub(crate) use contact_cards::{Card, ReceivedCard};
pub(crate) use lines::{Line, Standing};
pub(crate) use messages::{Message, MessagePart, Outgoing};
pub(crate) use payment_requests::PaymentRequest;
pub(crate) use payments::Payment;
pub(crate) use reactions::StoredReaction;
pub(crate) use subscriptions::{Subscription, Subscriptions};

use call_limit::CallLimit;
use chats::ChatKey;
use payment_handles::Connection;
use people::Person;
use recipients::DailySends;
use replays::{KeptAnswer, Replay};

pub(crate) struct Store {
    pub(crate) config: Arc<Config>,
    pub(crate) ids: Ids,
    pub(crate) queue: Queue,
    pub(crate) lines: Vec<Line>,
    pub(crate) attachments: Attachments,
    people: HashMap<Handle, Person>,
    chats: HashMap<ChatId, Chat>,
    chat_ids: HashMap<ChatKey, ChatId>,
    messages: HashMap<MessageId, Message>,
    replays: HashMap<IdempotencyKey, Replay>,
    kept_answers: HashMap<IdempotencyKey, KeptAnswer>,
    /// When each line last wrote to each person.
    sends: HashMap<(Handle, Handle), VecDeque<Moment>>,
    daily_sends: DailySends,
    capability_checks: CallLimit,
    pub(crate) blocked: Vec<Blocked>,
    /// When each chat was last shown the line's card.
    cards_shared: HashMap<ChatId, Moment>,
    payment_requests: Vec<PaymentRequest>,
    payments: Vec<Payment>,
    payment_connections: HashMap<Handle, Connection>,
    payment_providers: HashMap<String, PaymentProviderStatus>,
    pub(crate) subscriptions: Subscriptions,
}

impl Store {
    pub(crate) fn new(config: Arc<Config>, origin: String) -> Self {
        let mut ids = Ids::new(config.seed);
        let lines = config.phone_numbers.iter();
        let lines = lines.map(|number| Line::new(&mut ids, number.clone())).collect();
        Self {
            subscriptions: Subscriptions::new(&mut ids),
            ids,
            lines,
            config,
            attachments: Attachments::new(origin),
            queue: Queue::default(),
            people: HashMap::new(),
            chats: HashMap::new(),
            chat_ids: HashMap::new(),
            messages: HashMap::new(),
            replays: HashMap::new(),
            kept_answers: HashMap::new(),
            sends: HashMap::new(),
            daily_sends: DailySends::default(),
            capability_checks: CallLimit::new(1, Duration::from_secs(10)),
            blocked: Vec::new(),
            payment_requests: Vec::new(),
            payments: Vec::new(),
            payment_connections: HashMap::new(),
            payment_providers: HashMap::new(),
            cards_shared: HashMap::new(),
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
