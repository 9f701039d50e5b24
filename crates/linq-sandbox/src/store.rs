//! The behavior of the API: all changes of the data. No I/O, no clock, no waiting. The webhooks and timers that
//! follow from a change are returned by [`Store::take_effects`].

mod assertions;
mod attachments;
mod backgrounds;
mod blocked_handles;
mod chat_updates;
mod chats;
mod contact_cards;
mod contents;
mod conversations;
mod edits;
mod effects;
mod experiences;
mod hearing;
mod inbound;
mod line_selection;
mod lines;
mod locations;
mod messages;
mod participants;
mod payment_requests;
mod payments;
mod people;
mod polls;
mod presence;
mod reactions;
mod receipts;
mod recipients;
mod subscriptions;
mod v2_events;
mod v2_subscriptions;
mod voice_memos;

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use linq_types::{Handle, MessageId, PaymentRequestId, payments::PaymentProviderStatus};

use self::{contents::Intake, conversations::Conversations, effects::Effects};
use crate::{
    clock::Moment,
    config::Config,
    ids::Ids,
    model::{
        Attachments, Blocked, CallLimit, Connection, DailyCount, Effect, Line, Listings, Payment,
        PaymentRequest, Person, Subscription, Timeline, Tracked, Unheard, Versioned,
    },
};

/// The number of people, and of payment requests, that are known to have changed last.
const RECENT_PEOPLE: usize = 1_024;
const RECENT_PAYMENT_REQUESTS: usize = 256;

pub(crate) struct Store {
    pub(crate) config: Arc<Config>,
    pub(crate) ids: Ids,
    pub(crate) lines: Versioned<Vec<Line>>,
    pub(crate) attachments: Attachments,
    pub(crate) people: Tracked<Handle, Person, RECENT_PEOPLE>,
    pub(crate) conversations: Conversations,
    listings: Listings,
    /// The number of messages ever added.
    pushed_messages: u64,
    /// The messages of each thread, by the id of its first message.
    threads: HashMap<MessageId, Timeline>,
    unheard: Unheard,
    /// The recent sends of each line to each person.
    sends: HashMap<(Handle, Handle), VecDeque<Moment>>,
    daily_sends: DailyCount,
    /// The chats that each line opened today.
    opened_chats: HashMap<Handle, DailyCount>,
    capability_checks: CallLimit,
    pub(crate) blocked: Vec<Blocked>,
    pub(crate) payment_requests: Tracked<PaymentRequestId, PaymentRequest, RECENT_PAYMENT_REQUESTS>,
    /// In the order in which they were created.
    payment_request_ids: Vec<PaymentRequestId>,
    payments: Vec<Payment>,
    payment_connections: HashMap<Handle, Connection>,
    payment_providers: HashMap<String, PaymentProviderStatus>,
    pub(crate) subscriptions: Versioned<Vec<Subscription>>,
    pub(crate) effects: Effects,
}

impl Store {
    pub(crate) fn new(config: Arc<Config>, origin: String) -> Self {
        let mut ids = Ids::new(config.seed);
        let lines = config.phone_numbers.iter();
        let lines = lines.map(|number| Line::new(&mut ids, number.clone())).collect();
        Self {
            effects: Effects::new(&mut ids, config.seed),
            ids,
            lines: Versioned::new(lines),
            attachments: Attachments::new(origin, config.seed),
            config,
            people: Tracked::default(),
            conversations: Conversations::default(),
            listings: Listings::default(),
            pushed_messages: 0,
            threads: HashMap::new(),
            unheard: Unheard::default(),
            sends: HashMap::new(),
            daily_sends: DailyCount::default(),
            opened_chats: HashMap::new(),
            capability_checks: CallLimit::new(1, Duration::from_secs(10)),
            blocked: Vec::new(),
            payment_requests: Tracked::default(),
            payment_request_ids: Vec::new(),
            payments: Vec::new(),
            payment_connections: HashMap::new(),
            payment_providers: HashMap::new(),
            subscriptions: Versioned::default(),
        }
    }

    fn intake(&mut self, now: Moment) -> Intake<'_> {
        Intake { now, ids: &mut self.ids, attachments: &mut self.attachments }
    }

    /// Returns the effects of the changes since the last call, in order.
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        self.effects.take()
    }
}

/// Appends an item and returns it.
fn append<T>(items: &mut Vec<T>, item: T) -> &T {
    let at = items.len();
    items.push(item);
    &items[at]
}
