use http::{Uri, uri::Scheme};
use linq_types::{
    Handle, Patch, TraceId,
    error::ErrorCode,
    events::{EventType, WebhookVersion},
    webhook_subscriptions::{NewWebhookSubscription, UpdateWebhookSubscription},
};
use linq_webhooks::Signer;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{Store, append, effects::Event};
use crate::{
    check,
    clock::Moment,
    error::ApiError,
    events,
    model::{Deliveries, Format, Subscription},
    target::{self, Origin},
};

/// The changes of an update: event type, summary, and the values before and after.
type Changes = Vec<(EventType, &'static str, Option<Box<RawValue>>)>;

impl Store {
    pub(crate) fn find_subscription(&self, id: &str) -> Option<&Subscription> {
        self.subscriptions.iter().find(|subscription| subscription.id == *id)
    }

    /// Returns a subscription of V3.
    pub(crate) fn subscription(&self, id: &str) -> Result<&Subscription, ApiError> {
        self.find_subscription(id).filter(|found| found.is_of_v3()).ok_or_else(|| not_found(id))
    }

    /// Creates a subscription, which does not receive the event of its own creation.
    pub(crate) fn subscribe(
        &mut self,
        now: Moment,
        new: NewWebhookSubscription,
        trace_id: &TraceId,
    ) -> Result<&Subscription, ApiError> {
        let target = self.check_target("target_url", &new.target_url)?;
        let version = version_of(&target)?;
        self.check_events(&new.subscribed_events)?;
        self.check_lines("phone_numbers", new.phone_numbers.as_deref().unwrap_or_default())?;
        self.check_target_is_free(&new.target_url, None)?;
        let secret = self.ids.signing_secret();
        Ok(self.add_subscription(now, new, target, version, secret, trace_id))
    }

    /// Subscribes a receiver in this process to these events of the newest version.
    pub(crate) fn subscribe_in_process(
        &mut self,
        now: Moment,
        target: Uri,
        events: Vec<EventType>,
        secret: String,
    ) {
        let trace_id = self.ids.trace_id();
        let new = NewWebhookSubscription::new(target.to_string(), events);
        self.add_subscription(now, new, target, WebhookVersion::V2026_02_03, secret, &trace_id);
    }

    fn add_subscription(
        &mut self,
        now: Moment,
        new: NewWebhookSubscription,
        target: Uri,
        version: WebhookVersion,
        secret: String,
        trace_id: &TraceId,
    ) -> &Subscription {
        let subscription = Subscription {
            id: self.ids.uuid().into(),
            target_url: new.target_url,
            target,
            format: Format::V3(version),
            events: new.subscribed_events,
            phone_numbers: new.phone_numbers.unwrap_or_default(),
            is_active: true,
            signer: Some(Signer::new(&secret).expect("`whsec_` and base64 make a secret")),
            secret: secret.into(),
            routing_key_header: new.routing_key_header,
            routing_id_header: new.routing_id_header,
            created_at: now,
            updated_at: now,
            deliveries: Deliveries::default(),
        };
        let event_type = EventType::WebhookSubscriptionCreated;
        let data = events::subscription(now, &subscription, "Subscription created", None);
        let event = Event::about_account(now, &event_type, trace_id);
        self.effects.publish(&self.subscriptions, event, |_| data.clone());
        append(&mut self.subscriptions, subscription)
    }

    /// Deletes a subscription, which does not receive the event of its own deletion.
    pub(crate) fn unsubscribe(&mut self, now: Moment, id: &str, trace_id: &TraceId) -> Result<(), ApiError> {
        let mut subscriptions = self.subscriptions.iter();
        let found = subscriptions.position(|subscription| subscription.id == *id && subscription.is_of_v3());
        let ended = self.subscriptions.remove(found.ok_or_else(|| not_found(id))?);
        let event_type = EventType::WebhookSubscriptionDeleted;
        let data = events::subscription(now, &ended, "Subscription deleted", None);
        let event = Event::about_account(now, &event_type, trace_id);
        self.effects.publish(&self.subscriptions, event, |_| data.clone());
        Ok(())
    }

    fn check_lines(&self, field: &str, lines: &[Handle]) -> Result<(), ApiError> {
        for (at, number) in lines.iter().enumerate() {
            let field = format!("{field}[{at}]");
            check::phone_number(&field, number)?;
            self.check_line(&field, number)?;
        }
        Ok(())
    }

    /// Accepts an https URL, or http on this machine and at the allowed origins.
    pub(super) fn check_target(&self, field: &str, url: &str) -> Result<Uri, ApiError> {
        let target = target::parse(url).map_err(|reason| ApiError::invalid(format!("`{field}` {reason}")))?;
        if target.scheme() == Some(&Scheme::HTTPS) || self.config.allowed_targets.allow(&target) {
            return Ok(target);
        }
        Err(ApiError::invalid(format!(
            "`{field}` must be https; the sandbox takes http for this machine, and for other origins that \
             `allow_target` or --allow-target names, here {}",
            Origin::of(&target)
        )))
    }

    /// Rejects a URL that another subscription than this one has.
    fn check_target_is_free(&self, target_url: &str, except: Option<&str>) -> Result<(), ApiError> {
        let others = self.subscriptions.iter().filter(|other| other.is_of_v3());
        let mut others = others.filter(|other| Some(other.id.as_str()) != except);
        if others.all(|other| other.target_url != target_url) {
            return Ok(());
        }
        let taken = ApiError::new(
            ErrorCode::CONFLICT,
            "`target_url`: there is a subscription with this address already",
        );
        Err(taken.with_status(self.config.assumptions.duplicate_target_status))
    }

    fn check_events(&self, events: &[EventType]) -> Result<(), ApiError> {
        if events.is_empty() {
            return Err(ApiError::invalid("`subscribed_events` is empty"));
        }
        match events.iter().find(|event_type| matches!(event_type, EventType::Unknown(_))) {
            Some(unknown) if !self.config.assumptions.accept_unknown_event_types => {
                Err(ApiError::invalid(format!("`subscribed_events`: unknown event type `{unknown}`")))
            }
            _ => Ok(()),
        }
    }

    /// Updates a subscription and publishes one event for each property that changes. The secret is kept.
    pub(crate) fn update_subscription(
        &mut self,
        now: Moment,
        id: &str,
        update: UpdateWebhookSubscription,
        trace_id: &TraceId,
    ) -> Result<&Subscription, ApiError> {
        self.subscription(id)?;
        let target = update.target_url.as_deref();
        let target = target.map(|url| self.check_target("target_url", url)).transpose()?;
        let version = target.as_ref().map(version_of).transpose()?;
        if let Some(target_url) = &update.target_url {
            self.check_target_is_free(target_url, Some(id))?;
        }
        if let Some(events) = &update.subscribed_events {
            self.check_events(events)?;
        }
        if let Patch::Set(lines) = &update.phone_numbers {
            self.check_lines("phone_numbers", lines)?;
        }

        let subscription = self.subscriptions.iter_mut().find(|subscription| subscription.id == *id);
        let subscription = subscription.ok_or_else(|| not_found(id))?;
        let mut changes = Changes::new();
        if let Some(change) = replace(&mut subscription.target_url, update.target_url) {
            if let (Some(target), Some(version)) = (target, version) {
                (subscription.target, subscription.format) = (target, Format::V3(version));
            }
            let event_type = EventType::WebhookSubscriptionTargetUrlChanged;
            changes.push((event_type, "Target URL changed", Some(change)));
        }
        if let Some(change) = replace(&mut subscription.events, update.subscribed_events) {
            changes.push((EventType::WebhookSubscriptionEventsUpdated, "Events updated", Some(change)));
        }
        let lines = patched(update.phone_numbers).map(Option::unwrap_or_default);
        if let Some(change) = replace(&mut subscription.phone_numbers, lines) {
            let event_type = EventType::WebhookSubscriptionPhoneNumbersUpdated;
            changes.push((event_type, "Phone numbers updated", Some(change)));
        }
        let header = |patch| patched(patch).map(|name| name.filter(|name: &String| !name.is_empty()));
        let key_header = replace(&mut subscription.routing_key_header, header(update.routing_key_header));
        let id_header = replace(&mut subscription.routing_id_header, header(update.routing_id_header));
        if key_header.or(id_header).is_some() {
            changes.push(match subscription.routing_key_header {
                Some(_) => (EventType::WebhookSubscriptionRoutingHeadersSet, "Routing headers set", None),
                None => {
                    (EventType::WebhookSubscriptionRoutingHeadersCleared, "Routing headers cleared", None)
                }
            });
        }
        if replace(&mut subscription.is_active, update.is_active).is_some() {
            changes.push(match subscription.is_active {
                true => (EventType::WebhookSubscriptionEnabled, "Subscription enabled", None),
                false => (EventType::WebhookSubscriptionDisabled, "Subscription disabled", None),
            });
        }
        if !changes.is_empty() {
            subscription.updated_at = now;
        }
        for (event_type, summary, change) in &changes {
            self.publish_subscription(now, event_type, id, trace_id, summary, change.as_deref());
        }
        self.subscription(id)
    }

    fn publish_subscription(
        &mut self,
        now: Moment,
        event_type: &EventType,
        id: &str,
        trace_id: &TraceId,
        summary: &str,
        change: Option<&RawValue>,
    ) {
        let Some(subscription) = self.find_subscription(id) else { return };
        let data = events::subscription(now, subscription, summary, change);
        let event = Event::about_account(now, event_type, trace_id);
        self.effects.publish(&self.subscriptions, event, |_| data.clone());
    }
}

fn not_found(id: &str) -> ApiError {
    ApiError::not_found(ErrorCode::WEBHOOK_SUBSCRIPTION_NOT_FOUND, "webhook subscription", id)
}

/// Returns the payload version in `?version=`; the newest by default.
fn version_of(target: &Uri) -> Result<WebhookVersion, ApiError> {
    let query = target.query().unwrap_or_default();
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "version");
    match asked.map(|(_, version)| WebhookVersion::from(version.as_ref())) {
        None => Ok(WebhookVersion::V2026_02_03),
        Some(WebhookVersion::Unknown(_)) => {
            Err(ApiError::invalid("`target_url`: `version` must be 2026-02-03 or 2025-01-01"))
        }
        Some(version) => Ok(version),
    }
}

/// Sets a property, and returns the values before and after if they differ.
fn replace<T: PartialEq + Serialize>(current: &mut T, wanted: Option<T>) -> Option<Box<RawValue>> {
    let wanted = wanted.filter(|wanted| wanted != current)?;
    let change = events::change(&*current, &wanted);
    *current = wanted;
    Some(change)
}

/// Returns what a patch sets; `None` if it keeps the value.
fn patched<T>(patch: Patch<T>) -> Option<Option<T>> {
    match patch {
        Patch::Keep => None,
        Patch::Clear => Some(None),
        Patch::Set(value) => Some(Some(value)),
    }
}
