//! Collects what a page shows, or what of it has changed.

use std::time::Duration;

use linq_types::{ChatId, Handle, MessageId, PaymentRequestId};
use serde::Serialize;
use serde_json::value::RawValue;

use super::rows::{ChatRow, EntryRow, LineRow, MessageRow, PaymentRequestRow, PersonRow, SubscriptionRow};
use crate::{
    clock::Moment,
    json,
    log::{Kept, Log},
    model::{Chat, Message, Note, PaymentRequest, Person},
    shared::Shared,
    state::State,
    store::Store,
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
        // If deletions are not known any more, only a whole view shows what is left.
        let since = since.filter(|_| deleted.is_some());
        let delta = since.map(|since| (since, Changes::of(state, chat, Some(since))));
        let (since, mut changes) = match delta.filter(|(_, changes)| changes.fit()) {
            Some((since, changes)) => (Some(since), changes),
            None => (None, Changes::of(state, chat, None)),
        };
        if let (Some(chat), None) = (chat, since)
            && !changes.chats.iter().any(|listed| listed.id == chat.id)
        {
            changes.chats.push(chat);
        }
        let after = |of: fn(&Cursor) -> u64| since.map_or(0, of);
        Self {
            reset,
            whole: since.is_none(),
            origin: since.is_none().then_some(&store.attachments.origin),
            now,
            stands_still,
            lines: (since.is_none_or(|since| since.lines != store.lines.revision()))
                .then(|| store.lines.iter().map(LineRow::new).collect()),
            people: changes.people.into_iter().map(PersonRow::new).collect(),
            chats: changes.chats.into_iter().map(|chat| ChatRow::new(now, store, chat)).collect(),
            messages: changes
                .messages
                .into_iter()
                .rev()
                .filter_map(|message| Some(MessageRow::new(chat?, message)))
                .collect(),
            removed_messages: deleted.unwrap_or_default(),
            notes: chat.map(|chat| notes(state, chat, after(|since| since.notes))).unwrap_or_default(),
            payment_requests: changes
                .payment_requests
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

/// What a view has of the lists that can be long, newest change first.
struct Changes<'a> {
    people: Vec<(&'a Handle, &'a Person)>,
    chats: Vec<&'a Chat>,
    messages: Vec<&'a Message>,
    payment_requests: Vec<(&'a PaymentRequestId, &'a PaymentRequest)>,
}

impl<'a> Changes<'a> {
    /// Collects what changed after the cursor, and one more than a view may have. Without a cursor, collects the newest.
    fn of(state: &'a State, chat: Option<&'a Chat>, since: Option<&Cursor>) -> Self {
        let Store { people, conversations, payment_requests, .. } = &state.store;
        let more = usize::from(since.is_some());
        let after = |of: fn(&Cursor) -> u64| since.map_or(0, of);
        let watched = if since.is_some() { WATCHED_MESSAGES } else { MAX_MESSAGES };
        let messages = chat.map(|chat| {
            let changed = conversations.changed_messages(chat, after(|since| since.messages), watched);
            changed.take(MAX_MESSAGES + more).collect()
        });
        Self {
            people: people.changed(after(|since| since.people), MAX_PEOPLE + more),
            chats: conversations.changed_chats(after(|since| since.chats), MAX_CHATS + more),
            messages: messages.unwrap_or_default(),
            payment_requests: payment_requests
                .changed(after(|since| since.payment_requests), MAX_PAYMENT_REQUESTS + more),
        }
    }

    /// Returns `false` if there is more than a view may have. What is left out would never follow.
    fn fit(&self) -> bool {
        self.people.len() <= MAX_PEOPLE
            && self.chats.len() <= MAX_CHATS
            && self.messages.len() <= MAX_MESSAGES
            && self.payment_requests.len() <= MAX_PAYMENT_REQUESTS
    }
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

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::Sandbox;

    /// The number of deleted messages that are remembered.
    const REMEMBERED: usize = 1_000;

    struct Page {
        selection: Selection,
        cursor: Option<Cursor>,
    }

    impl Page {
        fn of(chat_id: &ChatId) -> Self {
            Self { selection: Selection { chat_id: Some(chat_id.clone()), with_log: true }, cursor: None }
        }

        /// Returns what changed, `Null` if nothing did.
        fn view(&mut self, sandbox: &Sandbox) -> Value {
            let mut buffer = Vec::new();
            match write(&sandbox.shared, &self.selection, &mut self.cursor, &mut buffer) {
                true => serde_json::from_slice(&buffer).unwrap(),
                false => Value::Null,
            }
        }
    }

    fn len(list: &Value) -> usize {
        list.as_array().map_or(0, Vec::len)
    }

    async fn sandbox() -> Sandbox {
        Sandbox::builder().manual_time().seed(7).start().await.unwrap()
    }

    #[tokio::test]
    async fn deletions_are_named_up_to_1_000_and_more_make_the_view_whole() {
        for deleted in [1, REMEMBERED, REMEMBERED + 1, 2 * REMEMBERED] {
            let sandbox = sandbox().await;
            let (ada, ben) = (sandbox.person("+12025550199"), sandbox.person("+12025550198"));
            let said: Vec<_> = (0..deleted + 2).map(|number| ada.says(number.to_string()).unwrap()).collect();
            let elsewhere = ben.says("Hi!").unwrap();
            let mut pages = [&said[0], &elsewhere].map(|open| Page::of(&open.chat_id));
            for page in &mut pages {
                assert_eq!(page.view(&sandbox)["whole"], true);
            }
            for message in &said[1..=deleted] {
                sandbox
                    .shared
                    .change(|store, _| store.conversations.delete_message(message.message_id.as_str()));
            }
            let [view, other] = pages.each_mut().map(|page| page.view(&sandbox));
            if deleted <= REMEMBERED {
                assert_eq!((&view["whole"], &other["whole"]), (&Value::Null, &Value::Null));
                assert_eq!((len(&view["removed_messages"]), len(&other["removed_messages"])), (deleted, 0));
                assert_eq!(len(&view["messages"]), 0);
            } else {
                assert_eq!((&view["whole"], &view["reset"]), (&Value::Bool(true), &Value::Null));
                let ids: Vec<_> = view["messages"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
                assert_eq!(ids, [said[0].message_id.as_str(), said[deleted + 1].message_id.as_str()]);
            }
            let chats = view["chats"].as_array().unwrap();
            let chat = chats.iter().find(|chat| chat["id"] == said[0].chat_id.as_str()).unwrap();
            assert_eq!(chat["messages"], 2);
            for page in &mut pages {
                assert_eq!(page.view(&sandbox), Value::Null);
            }
        }
    }

    #[tokio::test]
    async fn more_changes_than_a_view_may_have_make_it_whole() {
        for (chats, messages) in
            [(MAX_CHATS, 0), (MAX_CHATS + 1, 0), (1, MAX_MESSAGES), (1, MAX_MESSAGES + 1)]
        {
            let sandbox = sandbox().await;
            let said = sandbox.person("+12025550199").says("Hello?").unwrap();
            let mut page = Page::of(&said.chat_id);
            assert_eq!(page.view(&sandbox)["whole"], Value::Bool(true));
            for person in 1..chats {
                sandbox.person(format!("+1202556{person:04}")).says("Hello?").unwrap();
            }
            for _ in 0..messages.max(1) {
                sandbox.person("+12025550199").says("Hello?").unwrap();
            }
            let view = page.view(&sandbox);
            let fits = chats <= MAX_CHATS && messages <= MAX_MESSAGES;
            assert_eq!(view["whole"] == Value::Bool(true), !fits, "{chats} {messages}");
            assert_eq!(len(&view["chats"]), chats.min(MAX_CHATS), "{chats} {messages}");
            assert_eq!(page.view(&sandbox), Value::Null);
        }
    }
}
