//! Collects what a page shows, or what of it has changed.

use std::time::Duration;

use linq_types::{ChatId, MessageId};
use serde::Serialize;
use serde_json::value::RawValue;

use super::rows::{ChatRow, EntryRow, LineRow, MessageRow, PaymentRequestRow, PersonRow, SubscriptionRow};
use crate::{
    clock::Moment,
    json,
    log::{Kept, Log},
    model::{Chat, Note},
    shared::Shared,
    state::State,
};

const MAX_PEOPLE: usize = 500;
const MAX_CHATS: usize = 200;
const MAX_MESSAGES: usize = 500;
/// The number of messages of the open chat, counted from the newest one, among which changes are found.
const WATCHED_MESSAGES: usize = 2_000;
const MAX_PAYMENT_REQUESTS: usize = 200;
/// The number of entries of the log in a whole view.
const MAX_FIRST_ENTRIES: usize = 1_000;
/// The number of entries of the log in another view. What is left follows in the next ones.
const MAX_ENTRIES: usize = 2_000;

/// What a page looks at.
pub(super) struct Selection {
    /// The open conversation.
    pub(super) chat_id: Option<ChatId>,
    pub(super) with_log: bool,
}

/// How far a page has seen.
#[derive(Clone, PartialEq)]
pub(super) struct Cursor {
    resets: u64,
    chats: u64,
    messages: u64,
    people: u64,
    payment_requests: u64,
    lines: u64,
    subscriptions: u64,
    faults: u64,
    notes: u64,
    skipped: Duration,
    log: LogCursor,
}

#[derive(Clone, Copy, PartialEq)]
struct LogCursor {
    entry: u64,
    cleared: u64,
}

#[derive(Serialize)]
struct View<'a> {
    #[serde(skip_serializing_if = "is_false")]
    reset: bool,
    #[serde(skip_serializing_if = "is_false")]
    whole: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'a str>,
    now: Moment,
    stands_still: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<LineRow<'a>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    people: Vec<PersonRow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    chats: Vec<ChatRow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<MessageRow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    removed_messages: Vec<&'a MessageId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a Note>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    payment_requests: Vec<PaymentRequestRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscriptions: Option<Vec<SubscriptionRow<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    faults: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<Box<RawValue>>,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// Writes what changed after the cursor as JSON, everything without one, and moves the cursor. Returns `false` if nothing
/// changed.
pub(super) fn write(
    shared: &Shared,
    selection: &Selection,
    cursor: &mut Option<Cursor>,
    buffer: &mut Vec<u8>,
) -> bool {
    let since = cursor.as_ref().map(|cursor| cursor.log);
    let (log, seen) = if selection.with_log { entries(&shared.log, since) } else { (None, NO_LOG) };
    shared.inspect(|state| {
        let skipped = shared.clock.skipped_time();
        let current = Cursor::of(state, skipped, seen);
        if cursor.as_ref() == Some(&current) {
            return false;
        }
        let now = shared.clock.now();
        let stands_still = shared.clock.stands_still();
        let view = View { log, ..View::new(state, now, stands_still, selection, cursor.as_ref()) };
        json::append(buffer, &view);
        *cursor = Some(current);
        true
    })
}

impl Cursor {
    fn of(state: &State, skipped: Duration, log: LogCursor) -> Self {
        let store = &state.store;
        let (chats, messages) = store.conversations.revisions();
        Self {
            resets: state.resets,
            chats,
            messages,
            people: store.people.revision(),
            payment_requests: store.payment_requests.revision(),
            lines: store.lines.revision(),
            subscriptions: store.subscriptions.revision(),
            faults: state.faults.revision(),
            notes: store.effects.noted(),
            skipped,
            log,
        }
    }
}

impl<'a> View<'a> {
    fn new(
        state: &'a State,
        now: Moment,
        stands_still: bool,
        selection: &Selection,
        cursor: Option<&Cursor>,
    ) -> Self {
        let store = &state.store;
        let reset = cursor.is_some_and(|cursor| cursor.resets != state.resets);
        let chat = selection.chat_id.as_ref().and_then(|id| store.conversations.chat(id));
        let since = cursor.filter(|_| !reset);
        let deleted = match (chat, since) {
            (Some(chat), Some(since)) => store.conversations.deleted_messages(&chat.id, since.messages),
            _ => Some(Vec::new()),
        };
        // Deletions that are not known any more can only be told by what is left.
        let since = since.filter(|_| deleted.is_some());
        let after = |of: fn(&Cursor) -> u64| since.map_or(0, of);
        let people = store.people.changed(after(|since| since.people), MAX_PEOPLE);
        let mut chats = store.conversations.changed_chats(after(|since| since.chats), MAX_CHATS);
        if let (Some(chat), None) = (chat, since)
            && !chats.iter().any(|listed| listed.id == chat.id)
        {
            chats.push(chat);
        }
        let payment_requests =
            store.payment_requests.changed(after(|since| since.payment_requests), MAX_PAYMENT_REQUESTS);
        Self {
            reset,
            whole: since.is_none(),
            origin: since.is_none().then_some(&store.attachments.origin),
            now,
            stands_still,
            lines: (since.is_none_or(|since| since.lines != store.lines.revision()))
                .then(|| store.lines.iter().map(LineRow::new).collect()),
            people: people.into_iter().map(PersonRow::new).collect(),
            chats: chats.into_iter().map(|chat| ChatRow::new(now, store, chat)).collect(),
            messages: chat.map(|chat| messages(state, chat, since)).unwrap_or_default(),
            removed_messages: deleted.unwrap_or_default(),
            notes: chat.map(|chat| notes(state, chat, after(|since| since.notes))).unwrap_or_default(),
            payment_requests: payment_requests
                .into_iter()
                .map(|(_, request)| PaymentRequestRow::new(request))
                .collect(),
            subscriptions: (since.is_none_or(|since| since.subscriptions != store.subscriptions.revision()))
                .then(|| store.subscriptions.iter().map(SubscriptionRow::new).collect()),
            faults: (since.is_none_or(|since| since.faults != state.faults.revision()))
                .then(|| state.faults.iter().map(ToString::to_string).collect()),
            log: None,
        }
    }
}

/// Returns the messages of a chat that changed, oldest first.
fn messages<'a>(state: &'a State, chat: &'a Chat, since: Option<&Cursor>) -> Vec<MessageRow<'a>> {
    let (after, watched) = since.map_or((0, MAX_MESSAGES), |since| (since.messages, WATCHED_MESSAGES));
    let changed = state.store.conversations.changed_messages(chat, after, watched);
    let mut rows: Vec<_> = changed.take(MAX_MESSAGES).map(|message| MessageRow::new(chat, message)).collect();
    rows.reverse();
    rows
}

/// Returns the notes of a chat after this number, oldest first.
fn notes<'a>(state: &'a State, chat: &Chat, after: u64) -> Vec<&'a Note> {
    let notes = state.store.effects.notes(&chat.id).take_while(|note| note.number > after);
    let mut notes: Vec<_> = notes.collect();
    notes.reverse();
    notes
}

const NO_LOG: LogCursor = LogCursor { entry: 0, cleared: 0 };

/// Returns the entries of the log after the cursor and how far they go.
fn entries(log: &Log, since: Option<LogCursor>) -> (Option<Box<RawValue>>, LogCursor) {
    #[derive(Serialize)]
    struct LogView<'a> {
        entries: Vec<EntryRow<'a>>,
        cleared: bool,
    }

    log.read(|kept: &Kept| {
        let (after, most) = match since {
            Some(since) => (since.entry, MAX_ENTRIES),
            None => (kept.before_newest(MAX_FIRST_ENTRIES), MAX_FIRST_ENTRIES),
        };
        let mut seen = LogCursor { entry: kept.newest(), cleared: kept.cleared() };
        if since == Some(seen) {
            return (None, seen);
        }
        let mut newer = kept.after(after);
        let entries: Vec<_> = newer.by_ref().take(most).collect();
        if let (Some(_), Some(last)) = (newer.next(), entries.last()) {
            seen.entry = last.number();
        }
        let cleared = since.is_some_and(|since| since.cleared != seen.cleared);
        let entries = entries.into_iter().map(EntryRow::new).collect();
        (Some(json::raw(&LogView { entries, cleared })), seen)
    })
}
