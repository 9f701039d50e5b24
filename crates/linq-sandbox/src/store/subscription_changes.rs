use linq_types::{
    Handle, Patch, TraceId, events::EventType, webhook_subscriptions::UpdateWebhookSubscription,
};
use serde_json::value::RawValue;

use super::{
    Store, Subscription,
    subscriptions::{Notice, check_target, version_of},
};
use crate::{clock::Moment, error::ApiError, events};

/// What an update changes, as the account's events tell it.
type Changes = Vec<(EventType, &'static str, Option<Box<RawValue>>)>;

impl Store {
    /// Changes a subscription; one event for each thing that is another one than before. The secret stays.
    pub(crate) fn update_subscription(
        &mut self,
        now: Moment,
        id: &str,
        update: UpdateWebhookSubscription,
        trace_id: &TraceId,
    ) -> Result<&Subscription, ApiError> {
        self.subscription(id)?;
        let target = update.target_url.as_deref().map(check_target).transpose()?;
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

        let subscription = self.subscriptions.get_mut(id)?;
        let mut changes = Changes::new();
        if let (Some(target_url), Some(target), Some(version)) = (update.target_url, target, version)
            && subscription.target_url != target_url
        {
            let change = events::change(&subscription.target_url, &target_url);
            changes.push((
                EventType::WebhookSubscriptionTargetUrlChanged,
                "Target URL changed",
                Some(change),
            ));
            (subscription.target_url, subscription.target, subscription.version) =
                (target_url, target, version);
        }
        if let Some(wanted) = update.subscribed_events
            && subscription.events != wanted
        {
            let change = events::change(&subscription.events, &wanted);
            changes.push((EventType::WebhookSubscriptionEventsUpdated, "Events updated", Some(change)));
            subscription.events = wanted;
        }
        let lines: Option<Vec<Handle>> = patched(update.phone_numbers).map(Option::unwrap_or_default);
        if let Some(wanted) = lines
            && subscription.phone_numbers != wanted
        {
            let change = events::change(&subscription.phone_numbers, &wanted);
            let event_type = EventType::WebhookSubscriptionPhoneNumbersUpdated;
            changes.push((event_type, "Phone numbers updated", Some(change)));
            subscription.phone_numbers = wanted;
        }
        let before = (subscription.routing_key_header.clone(), subscription.routing_id_header.clone());
        for (header, patch) in [
            (&mut subscription.routing_key_header, update.routing_key_header),
            (&mut subscription.routing_id_header, update.routing_id_header),
        ] {
            if let Some(wanted) = patched(patch) {
                *header = wanted.filter(|name| !name.is_empty());
            }
        }
        if before != (subscription.routing_key_header.clone(), subscription.routing_id_header.clone()) {
            changes.push(match subscription.routing_key_header {
                Some(_) => (EventType::WebhookSubscriptionRoutingHeadersSet, "Routing headers set", None),
                None => {
                    (EventType::WebhookSubscriptionRoutingHeadersCleared, "Routing headers cleared", None)
                }
            });
        }
        if let Some(is_active) = update.is_active
            && subscription.is_active != is_active
        {
            changes.push(match is_active {
                true => (EventType::WebhookSubscriptionEnabled, "Subscription enabled", None),
                false => (EventType::WebhookSubscriptionDisabled, "Subscription disabled", None),
            });
            subscription.is_active = is_active;
        }
        if !changes.is_empty() {
            subscription.updated_at = now;
        }
        for (event_type, summary, change) in &changes {
            self.publish_subscription(now, event_type, id, trace_id, summary, change.as_deref());
        }
        self.subscription(id)
    }

    pub(super) fn publish_subscription(
        &mut self,
        now: Moment,
        event_type: &EventType,
        id: &str,
        trace_id: &TraceId,
        summary: &str,
        change: Option<&RawValue>,
    ) {
        let Some(subscription) = self.subscriptions.get(id) else { return };
        let data = events::subscription(now, subscription, summary, change);
        let notice = Notice::about_account(now, event_type, trace_id);
        self.subscriptions.publish(&mut self.queue, notice, |_| data.clone());
    }
}

/// What a patch sets; `None` where it keeps.
fn patched<T>(patch: Patch<T>) -> Option<Option<T>> {
    match patch {
        Patch::Keep => None,
        Patch::Clear => Some(None),
        Patch::Set(value) => Some(Some(value)),
    }
}
