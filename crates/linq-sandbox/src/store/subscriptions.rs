use http::Uri;
use linq_types::{
    EventId, Handle, TraceId, WebhookSubscriptionId,
    error::ErrorCode,
    events::{EventType, WebhookVersion},
    webhook_subscriptions::{NewWebhookSubscription, SigningSecret},
};
use linq_webhooks::Signer;
use serde_json::value::RawValue;

use super::{Chat, Store};
use crate::{
    clock::Moment,
    delivery::Attempt,
    error::ApiError,
    events, handle,
    ids::Ids,
    scheduler::{Action, Queue},
};

/// Who wants to hear about what happens.
pub(crate) struct Subscriptions {
    /// Event ids have a sequence of their own, so that a subscription changes no other id.
    ids: Ids,
    partner_id: String,
    list: Vec<Subscription>,
}

pub(crate) struct Subscription {
    pub(crate) id: WebhookSubscriptionId,
    pub(crate) target_url: String,
    pub(crate) target: Uri,
    pub(crate) version: WebhookVersion,
    pub(crate) events: Vec<EventType>,
    /// Empty means all lines.
    pub(crate) phone_numbers: Vec<Handle>,
    pub(crate) is_active: bool,
    pub(crate) secret: SigningSecret,
    pub(crate) signer: Signer,
    pub(crate) routing_key_header: Option<String>,
    pub(crate) routing_id_header: Option<String>,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
}

/// Something that happened, and to what.
#[derive(Clone, Copy)]
pub(super) struct Notice<'a> {
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

impl<'a> Notice<'a> {
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

impl Subscription {
    /// What concerns no line passes every filter. The older format knows no edits.
    fn wants(&self, event_type: &EventType, line: Option<&Handle>) -> bool {
        self.is_active
            && self.events.contains(event_type)
            && (self.version != WebhookVersion::V2025_01_01 || *event_type != EventType::MessageEdited)
            && (self.phone_numbers.is_empty() || line.is_none_or(|line| self.phone_numbers.contains(line)))
    }
}

impl Subscriptions {
    pub(super) fn new(ids: &mut Ids) -> Self {
        Self { partner_id: ids.uuid(), ids: ids.fork(), list: Vec::new() }
    }

    /// Takes over the subscriptions of before.
    pub(super) fn keep(&mut self, before: &mut Self) {
        self.list = std::mem::take(&mut before.list);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Subscription> {
        self.list.iter()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Subscription> {
        self.list.iter().find(|subscription| subscription.id == *id)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Result<&mut Subscription, ApiError> {
        let subscription = self.list.iter_mut().find(|subscription| subscription.id == *id);
        subscription.ok_or_else(|| not_found(id))
    }

    /// Queues a first delivery attempt to everybody who wants this event, in the format each one reads.
    pub(super) fn publish(
        &mut self,
        queue: &mut Queue,
        notice: Notice<'_>,
        data: impl Fn(&WebhookVersion) -> Box<RawValue>,
    ) {
        let Notice { now, event_type, trace_id, .. } = notice;
        let mut rendered = Vec::<(&WebhookVersion, bytes::Bytes)>::new();
        let event_id = EventId::from(self.ids.uuid());
        for subscription in self.list.iter().filter(|one| one.wants(event_type, notice.line())) {
            let version = &subscription.version;
            let body = match rendered.iter().find(|(known, _)| *known == version) {
                Some((_, body)) => body.clone(),
                None => {
                    let envelope = events::Envelope {
                        api_version: "v3",
                        webhook_version: version,
                        event_type,
                        event_id: &event_id,
                        created_at: now.timestamp(),
                        trace_id,
                        partner_id: &self.partner_id,
                        data: data(version),
                    };
                    let body = crate::json::write(&envelope);
                    rendered.push((version, body.clone()));
                    body
                }
            };
            let attempt = Attempt {
                subscription_id: subscription.id.clone(),
                event_id: event_id.clone(),
                event_type: event_type.clone(),
                body,
                number: 1,
                first: now,
                due: now,
                is_new: true,
                chat_id: notice.chat().map(|chat| chat.id.clone()),
            };
            queue.push(now, Action::Deliver(attempt));
        }
    }
}

impl Store {
    pub(crate) fn subscription(&self, id: &str) -> Result<&Subscription, ApiError> {
        self.subscriptions.get(id).ok_or_else(|| not_found(id))
    }

    /// Takes a subscription on. It does not hear of its own beginning.
    pub(crate) fn subscribe(
        &mut self,
        now: Moment,
        new: NewWebhookSubscription,
        trace_id: &TraceId,
    ) -> Result<&Subscription, ApiError> {
        let target = check_target(&new.target_url)?;
        let version = version_of(&target)?;
        self.check_events(&new.subscribed_events)?;
        let phone_numbers = new.phone_numbers.unwrap_or_default();
        self.check_lines("phone_numbers", &phone_numbers)?;
        self.check_target_is_free(&new.target_url, None)?;
        let secret = self.ids.signing_secret();
        let subscription = Subscription {
            id: self.ids.uuid().into(),
            target_url: new.target_url,
            target,
            version,
            events: new.subscribed_events,
            phone_numbers,
            is_active: true,
            signer: Signer::new(&secret).expect("`whsec_` and base64 make a secret"),
            secret: secret.into(),
            routing_key_header: new.routing_key_header,
            routing_id_header: new.routing_id_header,
            created_at: now,
            updated_at: now,
        };
        let event_type = EventType::WebhookSubscriptionCreated;
        let data = events::subscription(now, &subscription, "Subscription created", None);
        let notice = Notice::about_account(now, &event_type, trace_id);
        self.subscriptions.publish(&mut self.queue, notice, |_| data.clone());
        Ok(self.subscriptions.list.push_mut(subscription))
    }

    /// Ends a subscription. It does not hear of its own end.
    pub(crate) fn unsubscribe(&mut self, now: Moment, id: &str, trace_id: &TraceId) -> Result<(), ApiError> {
        let list = &mut self.subscriptions.list;
        let found = list.iter().position(|subscription| subscription.id == *id);
        let ended = list.remove(found.ok_or_else(|| not_found(id))?);
        let event_type = EventType::WebhookSubscriptionDeleted;
        let data = events::subscription(now, &ended, "Subscription deleted", None);
        let notice = Notice::about_account(now, &event_type, trace_id);
        self.subscriptions.publish(&mut self.queue, notice, |_| data.clone());
        Ok(())
    }

    pub(super) fn check_lines(&self, field: &str, lines: &[Handle]) -> Result<(), ApiError> {
        for (at, number) in lines.iter().enumerate() {
            let field = format!("{field}[{at}]");
            handle::check_phone_number(&field, number)?;
            self.check_line(&field, number)?;
        }
        Ok(())
    }

    /// Refuses an address that a subscription has, other than the one with this id.
    pub(super) fn check_target_is_free(
        &self,
        target_url: &str,
        except: Option<&str>,
    ) -> Result<(), ApiError> {
        let mut others = self.subscriptions.iter().filter(|other| Some(other.id.as_str()) != except);
        if others.all(|other| other.target_url != target_url) {
            return Ok(());
        }
        let taken = ApiError::new(
            ErrorCode::CONFLICT,
            "`target_url`: there is a subscription with this address already",
        );
        Err(taken.with_status(self.config.rules.duplicate_target_status))
    }

    pub(super) fn check_events(&self, events: &[EventType]) -> Result<(), ApiError> {
        if events.is_empty() {
            return Err(parameter("`subscribed_events` is empty"));
        }
        match events.iter().find(|event_type| matches!(event_type, EventType::Unknown(_))) {
            Some(unknown) if !self.config.rules.take_unknown_events => {
                Err(parameter(&format!("`subscribed_events`: there is no event type `{unknown}`")))
            }
            _ => Ok(()),
        }
    }
}

fn not_found(id: &str) -> ApiError {
    ApiError::not_found(ErrorCode::WEBHOOK_SUBSCRIPTION_NOT_FOUND, "webhook subscription", id)
}

/// An https address, or http on this machine.
pub(super) fn check_target(target_url: &str) -> Result<Uri, ApiError> {
    let target = target_url.parse::<Uri>().ok().filter(|target| target.host().is_some());
    let allowed = target.filter(|target| match target.scheme_str() {
        Some("https") => true,
        Some("http") => target.host().is_some_and(is_loopback),
        _ => false,
    });
    allowed.ok_or_else(|| {
        parameter("`target_url` must be an https address; the sandbox takes http for localhost too")
    })
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The payload format that `?version=` asks for; the newest without it.
pub(super) fn version_of(target: &Uri) -> Result<WebhookVersion, ApiError> {
    let query = target.query().unwrap_or_default();
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "version");
    match asked.map(|(_, version)| WebhookVersion::from(version.as_ref())) {
        None => Ok(WebhookVersion::V2026_02_03),
        Some(WebhookVersion::Unknown(_)) => {
            Err(parameter("`target_url`: `version` must be 2026-02-03 or 2025-01-01"))
        }
        Some(version) => Ok(version),
    }
}

fn parameter(message: &str) -> ApiError {
    ApiError::new(ErrorCode::INVALID_PARAMETER, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn a_subscription_that_is_paused_wants_nothing() {
        let line = Handle::from("+12025550100");
        let secret = "whsec_c2VjcmV0";
        let now = Clock::start(None, true).now();
        let mut subscription = Subscription {
            id: "s1".into(),
            target_url: "https://example.com".to_owned(),
            target: Uri::from_static("https://example.com"),
            version: WebhookVersion::V2026_02_03,
            events: vec![EventType::MessageSent],
            phone_numbers: vec![line.clone()],
            is_active: true,
            secret: secret.into(),
            signer: Signer::new(secret).unwrap(),
            routing_key_header: None,
            routing_id_header: None,
            created_at: now,
            updated_at: now,
        };
        assert!(subscription.wants(&EventType::MessageSent, Some(&line)));
        assert!(!subscription.wants(&EventType::MessageRead, Some(&line)));
        assert!(!subscription.wants(&EventType::MessageSent, Some(&"+12025550101".into())));
        subscription.is_active = false;
        assert!(!subscription.wants(&EventType::MessageSent, Some(&line)));
    }
}
