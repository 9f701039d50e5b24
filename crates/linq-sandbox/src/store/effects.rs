//! Collects the effects of changes to the store. The caller takes and applies them.

use bytes::Bytes;
use linq_types::{
    EventId, Handle, TraceId, WebhookSubscriptionId,
    events::{EventType, WebhookVersion},
};
use serde_json::value::RawValue;

use crate::{
    clock::Moment,
    events::Envelope,
    ids::Ids,
    json,
    model::{Chat, Effect, Notice, Subscription, Timer},
};

pub(crate) struct Effects {
    /// Event ids have their own sequence, so that subscriptions do not affect other ids.
    ids: Ids,
    partner_id: String,
    list: Vec<Effect>,
}

/// An event and its subject.
#[derive(Clone, Copy)]
pub(super) struct Event<'a> {
    now: Moment,
    event_type: &'a EventType,
    subject: Subject<'a>,
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
        Self { now, event_type, subject: Subject::Chat(chat), trace_id }
    }

    pub(super) fn about_line(
        now: Moment,
        event_type: &'a EventType,
        line: &'a Handle,
        trace_id: &'a TraceId,
    ) -> Self {
        Self { now, event_type, subject: Subject::Line(line), trace_id }
    }

    pub(super) fn about_account(now: Moment, event_type: &'a EventType, trace_id: &'a TraceId) -> Self {
        Self { now, event_type, subject: Subject::Account, trace_id }
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
    pub(super) fn new(ids: &mut Ids) -> Self {
        Self { partner_id: ids.uuid(), ids: ids.fork(), list: Vec::new() }
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
        let event_id = EventId::from(self.ids.uuid());
        let mut rendered = Vec::<(&WebhookVersion, Bytes)>::new();
        let mut bodies = Vec::<(WebhookSubscriptionId, Bytes)>::new();
        for subscription in subscriptions.iter().filter(|one| one.wants(event.event_type, event.line())) {
            let version = &subscription.version;
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

    pub(super) fn take(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.list)
    }
}
