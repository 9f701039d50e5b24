//! Everything the sandbox remembers. Plain functions over plain data: no I/O, no clock, no waiting.

mod assertions;
mod attachments;
mod audits;
mod backgrounds;
mod blocked_handles;
mod call_limit;
mod capability;
mod chat_updates;
mod chats;
mod contact_cards;
mod edits;
mod experiences;
mod inbound;
mod kept_answers;
mod line_selection;
mod lines;
mod listings;
mod locations;
mod messages;
mod participants;
mod payment_handles;
mod payment_providers;
mod payment_requests;
mod payments;
mod people;
mod polls;
mod presence;
mod rate_limit;
mod reactions;
mod receipts;
mod recipients;
mod replays;
mod routing_tokens;
mod subscription_changes;
mod subscriptions;
mod timelines;
mod voice_memos;

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use linq_types::{
    ChatId, Handle, IdempotencyKey, MessageId, TraceId, error::ErrorCode, payments::PaymentProviderStatus,
};

use crate::{
    clock::Moment,
    config::Config,
    error::ApiError,
    faults::Faults,
    ids::Ids,
    scheduler::{Action, Queue},
};

pub(crate) use attachments::{Attachment, Attachments, Space};
pub(crate) use blocked_handles::Blocked;
pub(crate) use chat_updates::ChatUpdate;
pub(crate) use chats::{Chat, Member};
pub(crate) use contact_cards::{Card, ReceivedCard};
pub(crate) use line_selection::Selection;
pub(crate) use lines::{Line, Standing};
pub(crate) use locations::Sharing;
pub(crate) use messages::{Message, MessagePart, Outgoing};
pub(crate) use payment_requests::PaymentRequest;
pub(crate) use payments::Payment;
pub(crate) use polls::{Poll, PollOption};
pub(crate) use reactions::StoredReaction;
pub(crate) use replays::Digest;
pub(crate) use subscriptions::{Subscription, Subscriptions};
pub(crate) use timelines::Timeline;

use call_limit::CallLimit;
use chats::ChatKey;
use kept_answers::KeptAnswers;
use listings::Listings;
use payment_handles::Connection;
use people::Person;
use recipients::DailySends;
use replays::Replay;
use routing_tokens::RoutingTokens;

pub(crate) struct Store {
    pub(crate) config: Arc<Config>,
    pub(crate) ids: Ids,
    pub(crate) queue: Queue,
    pub(crate) lines: Vec<Line>,
    pub(crate) attachments: Attachments,
    people: HashMap<Handle, Person>,
    chats: HashMap<ChatId, Chat>,
    chat_ids: HashMap<ChatKey, ChatId>,
    listings: Listings,
    messages: HashMap<MessageId, Box<Message>>,
    /// How many messages there ever were.
    pushed_messages: u64,
    /// The messages of each thread, under the id of its first one.
    threads: HashMap<MessageId, Timeline>,
    replays: HashMap<(u64, IdempotencyKey), Replay>,
    kept_answers: KeptAnswers,
    /// When each line last wrote to each person.
    sends: HashMap<(Handle, Handle), VecDeque<Moment>>,
    daily_sends: DailySends,
    capability_checks: CallLimit,
    pub(crate) blocked: Vec<Blocked>,
    payment_requests: Vec<PaymentRequest>,
    payments: Vec<Payment>,
    payment_connections: HashMap<Handle, Connection>,
    payment_providers: HashMap<String, PaymentProviderStatus>,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) routing_tokens: RoutingTokens,
    pub(crate) faults: Faults,
}

impl Store {
    /// The messages that a request sent take their next step now.
    pub(crate) fn hurry(&mut self, now: Moment, trace_id: &TraceId) {
        let messages = &self.messages;
        self.queue.bring_forward(now, |action| match action {
            Action::Advance(id, _) => messages.get(id).is_some_and(|message| message.trace_id == *trace_id),
            _ => false,
        });
    }

    pub(crate) fn new(config: Arc<Config>, origin: String) -> Self {
        let mut ids = Ids::new(config.seed);
        let lines = config.phone_numbers.iter();
        let lines = lines.map(|number| Line::new(&mut ids, number.clone())).collect();
        let faults = Faults::new(config.seed, config.faults.clone());
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
            listings: Listings::default(),
            messages: HashMap::new(),
            pushed_messages: 0,
            threads: HashMap::new(),
            replays: HashMap::new(),
            kept_answers: KeptAnswers::default(),
            sends: HashMap::new(),
            daily_sends: DailySends::default(),
            capability_checks: CallLimit::new(1, Duration::from_secs(10)),
            blocked: Vec::new(),
            payment_requests: Vec::new(),
            payments: Vec::new(),
            payment_connections: HashMap::new(),
            payment_providers: HashMap::new(),
            routing_tokens: RoutingTokens::default(),
            faults,
        }
    }

    /// Begins anew, with the ids it began with.
    pub(crate) fn reset(&mut self, keep_subscriptions: bool) {
        let mut new = Self::new(self.config.clone(), self.attachments.origin.clone());
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

    pub(crate) fn message(&self, id: &str) -> Result<&Message, ApiError> {
        let found = self.messages.get(id).map(AsRef::as_ref);
        found.ok_or_else(|| ApiError::not_found(ErrorCode::MESSAGE_NOT_FOUND, "message", id))
    }
}
