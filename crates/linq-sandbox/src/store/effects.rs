//! Collects the effects of changes to the store. The caller takes and applies them.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use linq_types::{
    ChatId, EventId, Handle, TraceId, WebhookSubscriptionId,
    events::{EventType, WebhookVersion, v2},
};
use serde_json::value::RawValue;

use crate::{
    clock::Moment,
    events::{Envelope, V2Envelope},
    ids::Ids,
    json,
    model::{Chat, Effect, Format, Note, Notice, Subscription, Timer},
};

/// The number of notes that are kept of each chat.
const MAX_NOTES: usize = 500;
/// The maximum size of the data of a note, in bytes.
const MAX_NOTE_DATA: usize = 64 * 1024;

pub(crate) struct Effects {
    /// Event ids have their own sequence, so that subscriptions do not affect other ids.
    ids: Ids,
    /// Those of V2, so that its subscriptions do not affect the ids of V3.
    v2_ids: Ids,
    partner_id: String,
    list: Vec<Effect>,
    /// What happened in each chat besides messages, oldest first.
    notes: HashMap<ChatId, VecDeque<Note>>,
    noted: u64,
}

/// An event and its subject.
#[derive(Clone, Copy)]
pub(super) struct Event<'a> {
    now: Moment,
    event_type: &'a EventType,
    subject: Subject<'a>,
    /// The chat among whose messages it is shown.
    noted_in: Option<&'a Chat>,
    trace_id: &'a TraceId,
}

#[derive(Clone, Copy)]
enum Subject<'a> {
    Chat(&'a Chat),
    Line(&'a Handle),
    Account,
}

impl<'a> Event<'a> {
    pub(super) fn about_chat(
        now: Moment,
        event_type: &'a EventType,
        chat: &'a Chat,
        trace_id: &'a TraceId,
    ) -> Self {
        Self { now, event_type, subject: Subject::Chat(chat), noted_in: Some(chat), trace_id }
    }

    pub(super) fn about_line(
        now: Moment,
        event_type: &'a EventType,
        line: &'a Handle,
        trace_id: &'a TraceId,
    ) -> Self {
        Self { now, event_type, subject: Subject::Line(line), noted_in: None, trace_id }
    }

    pub(super) fn about_account(now: Moment, event_type: &'a EventType, trace_id: &'a TraceId) -> Self {
        Self { now, event_type, subject: Subject::Account, noted_in: None, trace_id }
    }

    /// Shows the event among the messages of this chat.
    pub(super) fn noted_in(self, chat: Option<&'a Chat>) -> Self {
        Self { noted_in: chat, ..self }
    }

    fn chat(&self) -> Option<&'a Chat> {
        match self.subject {
            Subject::Chat(chat) => Some(chat),
            Subject::Line(_) | Subject::Account => None,
        }
    }

    fn line(&self) -> Option<&'a Handle> {
        match self.subject {
            Subject::Chat(chat) => Some(&chat.line),
            Subject::Line(line) => Some(line),
            Subject::Account => None,
        }
    }
}

impl Effects {
    pub(super) fn new(ids: &mut Ids, seed: u64) -> Self {
        Self {
            partner_id: ids.uuid(),
            ids: ids.fork(),
            v2_ids: Ids::new(seed ^ 0x0000_7632),
            list: Vec::new(),
            notes: HashMap::new(),
            noted: 0,
        }
    }

    /// Starts a timer.
    pub(super) fn schedule(&mut self, due: Moment, timer: Timer) {
        self.list.push(Effect::Schedule(due, timer));
    }

    /// Publishes an event to the subscriptions that want it, each in its payload version. `data` is called once for
    /// each version that is wanted.
    pub(super) fn publish(
        &mut self,
        subscriptions: &[Subscription],
        event: Event<'_>,
        data: impl Fn(&WebhookVersion) -> Box<RawValue>,
    ) {
        if let Some(chat) = event.noted_in
            && is_shown(event.event_type)
        {
            let data = data(&WebhookVersion::V2026_02_03);
            self.note(event.now, event.event_type.as_str(), chat, data);
        }
        let event_id = EventId::from(self.ids.uuid());
        let mut rendered = Vec::<(&WebhookVersion, Bytes)>::new();
        let mut bodies = Vec::<(WebhookSubscriptionId, Bytes)>::new();
        for subscription in subscriptions.iter().filter(|one| one.wants(event.event_type, event.line())) {
            let Format::V3(version) = &subscription.format else { continue };
            let body = match rendered.iter().find(|(known, _)| *known == version) {
                Some((_, body)) => body.clone(),
                None => {
                    let body = json::write(&Envelope {
                        api_version: "v3",
                        webhook_version: version,
                        event_type: event.event_type,
                        event_id: &event_id,
                        created_at: event.now.timestamp(),
                        trace_id: event.trace_id,
                        partner_id: &self.partner_id,
                        data: data(version),
                    });
                    rendered.push((version, body.clone()));
                    body
                }
            };
            bodies.push((subscription.id.clone(), body));
        }
        if !bodies.is_empty() {
            self.list.push(Effect::Publish(Notice {
                event_id,
                event_type: event.event_type.clone(),
                time: event.now,
                chat_id: event.chat().map(|chat| chat.id.clone()),
                bodies,
            }));
        }
    }

    /// Publishes an event to the V2 subscriptions that want it.
    pub(super) fn publish_v2(
        &mut self,
        subscriptions: &[Subscription],
        now: Moment,
        event_type: &v2::EventType,
        chat: &Chat,
        data: impl FnOnce() -> Box<RawValue>,
    ) {
        let name = EventType::from(event_type.as_str());
        let wanting = subscriptions.iter().filter(|subscription| subscription.wants_v2(&name));
        let wanting: Vec<_> = wanting.map(|subscription| subscription.id.clone()).collect();
        if wanting.is_empty() {
            return;
        }
        let event_id = EventId::from(self.v2_ids.uuid());
        let body = json::write(&V2Envelope::new(now, event_type, &event_id, data()));
        self.list.push(Effect::Publish(Notice {
            event_id,
            event_type: name,
            time: now,
            chat_id: Some(chat.id.clone()),
            bodies: wanting.into_iter().map(|id| (id, body.clone())).collect(),
        }));
    }

    /// Notes what happened in a chat, for those who look at its messages. Data that is too large is left out.
    pub(super) fn note(&mut self, now: Moment, event_type: &str, chat: &Chat, data: Box<RawValue>) {
        self.noted += 1;
        let notes = self.notes.entry(chat.id.clone()).or_default();
        if notes.len() == MAX_NOTES {
            notes.pop_front();
        }
        notes.push_back(Note {
            number: self.noted,
            after: chat.messages.last_number(),
            event_type: event_type.to_owned(),
            at: now,
            data: Some(data).filter(|data| data.get().len() <= MAX_NOTE_DATA),
        });
    }

    /// Returns the number of the newest note.
    pub(crate) fn noted(&self) -> u64 {
        self.noted
    }

    /// Returns the notes of a chat, newest first.
    pub(crate) fn notes(&self, chat_id: &ChatId) -> impl Iterator<Item = &Note> {
        self.notes.get(chat_id).into_iter().flatten().rev()
    }

    pub(super) fn take(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.list)
    }
}

/// Returns `true` if an event is shown among the messages of its chat. Events about messages change these instead.
fn is_shown(event_type: &EventType) -> bool {
    matches!(
        event_type,
        EventType::ChatGroupNameUpdated
            | EventType::ChatGroupNameUpdateFailed
            | EventType::ChatGroupIconUpdated
            | EventType::ChatGroupIconUpdateFailed
            | EventType::ChatBackgroundUpdated
            | EventType::ChatBackgroundUpdateFailed
            | EventType::ParticipantAdded
            | EventType::ParticipantRemoved
            | EventType::LocationSharingStarted
            | EventType::LocationSharingStopped
            | EventType::ContactCardReceived
            | EventType::PaymentSucceeded
            | EventType::PaymentCanceled
            | EventType::PaymentExpired
    )
}
