//! The webhook subscriptions of V2. They are apart from those of V3: neither API lists those of the other.

use http::Uri;
use linq_types::{
    Secret, WebhookSubscriptionId,
    error::ErrorCode,
    events::{EventType, v2},
    v2::webhook_subscriptions::NewWebhookSubscription,
};
use linq_webhooks::Signer;

use super::{Store, append};
use crate::{
    clock::Moment,
    error::ApiError,
    model::{Deliveries, Format, Subscription},
    views::v2::number,
};

/// What a request asks for, checked.
struct Checked {
    target: Uri,
    signer: Option<Signer>,
    events: Vec<EventType>,
}

impl Store {
    pub(crate) fn v2_subscriptions(&self) -> impl Iterator<Item = &Subscription> {
        self.subscriptions.iter().filter(|subscription| !subscription.is_of_v3())
    }

    /// Creates a subscription. Several can have the same URL.
    pub(crate) fn subscribe_v2(
        &mut self,
        now: Moment,
        new: NewWebhookSubscription,
    ) -> Result<&Subscription, ApiError> {
        let Checked { target, signer, events } = self.check_v2_subscription(&new)?;
        let subscription = Subscription {
            id: self.ids.uuid().into(),
            target_url: new.webhook_url,
            target,
            format: Format::V2,
            events,
            phone_numbers: Vec::new(),
            is_active: new.active.unwrap_or(true),
            secret: Secret::from(""),
            signer,
            routing_key_header: None,
            routing_id_header: None,
            created_at: now,
            updated_at: now,
            deliveries: Deliveries::default(),
        };
        Ok(append(&mut self.subscriptions, subscription))
    }

    /// Replaces a subscription. The secret and whether it is active are kept if the request does not have them.
    pub(crate) fn update_v2_subscription(
        &mut self,
        now: Moment,
        id: &str,
        new: NewWebhookSubscription,
    ) -> Result<&Subscription, ApiError> {
        let at = self.v2_position(id)?;
        let Checked { target, signer, events } = self.check_v2_subscription(&new)?;
        let subscription = &mut self.subscriptions[at];
        (subscription.target_url, subscription.target, subscription.events) =
            (new.webhook_url, target, events);
        subscription.signer = signer.or(subscription.signer.take());
        subscription.is_active = new.active.unwrap_or(subscription.is_active);
        subscription.updated_at = now;
        Ok(&self.subscriptions[at])
    }

    pub(crate) fn unsubscribe_v2(&mut self, id: &str) -> Result<(), ApiError> {
        let at = self.v2_position(id)?;
        self.subscriptions.remove(at);
        Ok(())
    }

    /// Counts an attempted delivery to a V2 subscription.
    pub(crate) fn count_v2_delivery(&mut self, now: Moment, id: &WebhookSubscriptionId, succeeded: bool) {
        let found = self.subscriptions.iter().position(|one| one.id == *id && !one.is_of_v3());
        if let Some(subscription) = found.and_then(|at| self.subscriptions.get_mut(at)) {
            subscription.deliveries.attempts += 1;
            if succeeded {
                subscription.deliveries.last_success = Some(now);
            }
        }
    }

    fn v2_position(&self, id: &str) -> Result<usize, ApiError> {
        let found = self.subscriptions.iter().position(|subscription| {
            !subscription.is_of_v3() && number(subscription.id.as_str()).to_string() == id
        });
        found.ok_or_else(|| {
            ApiError::not_found(ErrorCode::WEBHOOK_SUBSCRIPTION_NOT_FOUND, "webhook subscription", id)
        })
    }

    fn check_v2_subscription(&self, new: &NewWebhookSubscription) -> Result<Checked, ApiError> {
        let target = self.check_target("webhook_url", &new.webhook_url)?;
        if new.version != 2 {
            return Err(ApiError::invalid("`version` must be 2"));
        }
        if new.events.is_empty() {
            return Err(ApiError::invalid("`events` is empty"));
        }
        let is_unknown = |event_type: &&v2::EventType| matches!(event_type, v2::EventType::Unknown(_));
        if let Some(unknown) = new.events.iter().find(is_unknown) {
            return Err(ApiError::invalid(format!("`events`: unknown event type `{unknown}`")));
        }
        let signer = new.secret.as_ref().map(|secret: &Secret| Signer::new(secret)).transpose();
        let signer = signer.map_err(|reason| ApiError::invalid(format!("`secret`: {reason}")))?;
        let events = new.events.iter().map(|event_type| EventType::from(event_type.as_str())).collect();
        Ok(Checked { target, signer, events })
    }
}
