use linq_types::{EventId, Timestamp, WebhookSubscriptionId, events::EventType};

use crate::{
    clock::Moment,
    log::Delivery,
    queue::{Attempt, Queue},
};

/// An event for one subscription: the attempts so far, and the next one.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Webhook {
    /// The id of the event.
    pub event_id: EventId,
    /// The type of the event.
    pub event_type: EventType,
    /// The subscription.
    pub subscription_id: WebhookSubscriptionId,
    /// The delivery status.
    pub status: WebhookStatus,
    /// The attempts so far, oldest first.
    pub attempts: Vec<Delivery>,
    /// When the next attempt is due; `None` if there is none.
    pub next_attempt: Option<Timestamp>,
}

/// The delivery status of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookStatus {
    /// An attempt is pending or in progress.
    Waiting,
    /// The receiver accepted it.
    Delivered,
    /// The sandbox gave up.
    Failed,
}

impl WebhookStatus {
    /// Returns `waiting`, `delivered` or `failed`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// A filter for webhooks; the default matches all.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct WebhookQuery {
    /// Only webhooks of this subscription.
    pub subscription_id: Option<WebhookSubscriptionId>,
    /// Only webhooks of this event.
    pub event_id: Option<EventId>,
    /// Only webhooks of this event type.
    pub event_type: Option<EventType>,
}

impl WebhookQuery {
    /// Matches only webhooks of this subscription.
    #[must_use]
    pub fn subscription_id(mut self, id: impl Into<WebhookSubscriptionId>) -> Self {
        self.subscription_id = Some(id.into());
        self
    }

    /// Matches only webhooks of this event.
    #[must_use]
    pub fn event_id(mut self, id: impl Into<EventId>) -> Self {
        self.event_id = Some(id.into());
        self
    }

    /// Matches only webhooks of this event type.
    #[must_use]
    pub fn event_type(mut self, event_type: EventType) -> Self {
        self.event_type = Some(event_type);
        self
    }

    fn takes(&self, webhook: &Webhook) -> bool {
        let Self { subscription_id, event_id, event_type } = self;
        subscription_id.as_ref().is_none_or(|id| *id == webhook.subscription_id)
            && event_id.as_ref().is_none_or(|id| *id == webhook.event_id)
            && event_type.as_ref().is_none_or(|asked| *asked == webhook.event_type)
    }
}

/// What became of webhooks, those first whose first attempt came first.
pub(crate) fn webhooks(deliveries: Vec<Delivery>, queue: &Queue, query: &WebhookQuery) -> Vec<Webhook> {
    let mut found = Webhooks::default();
    for delivery in deliveries {
        let webhook = found.entry(&delivery.event_id, &delivery.event_type, &delivery.subscription_id);
        webhook.next_attempt = delivery.retry_at;
        webhook.attempts.push(delivery);
    }
    for (attempt, due) in queue.attempts() {
        found.wait(attempt, due);
    }
    let mut webhooks = found.list;
    webhooks.retain(|webhook| query.takes(webhook));
    for webhook in &mut webhooks {
        webhook.status = match &webhook.next_attempt {
            _ if webhook.attempts.iter().any(Delivery::succeeded) => WebhookStatus::Delivered,
            Some(_) => WebhookStatus::Waiting,
            None => WebhookStatus::Failed,
        };
    }
    webhooks
}

#[derive(Default)]
struct Webhooks {
    list: Vec<Webhook>,
    places: std::collections::HashMap<(EventId, WebhookSubscriptionId), usize>,
}

impl Webhooks {
    fn entry(
        &mut self,
        event_id: &EventId,
        event_type: &EventType,
        subscription_id: &WebhookSubscriptionId,
    ) -> &mut Webhook {
        let at = *self.places.entry((event_id.clone(), subscription_id.clone())).or_insert(self.list.len());
        if at == self.list.len() {
            self.list.push(Webhook {
                event_id: event_id.clone(),
                event_type: event_type.clone(),
                subscription_id: subscription_id.clone(),
                status: WebhookStatus::Waiting,
                attempts: Vec::new(),
                next_attempt: None,
            });
        }
        &mut self.list[at]
    }

    fn wait(&mut self, attempt: &Attempt, due: Moment) {
        let webhook = self.entry(&attempt.event_id, &attempt.event_type, &attempt.subscription_id);
        webhook.next_attempt = Some(due.timestamp());
    }
}
