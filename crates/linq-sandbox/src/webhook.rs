use linq_types::{EventId, Timestamp, WebhookSubscriptionId, events::EventType};

use crate::{
    clock::Moment,
    log::Delivery,
    queue::{Attempt, Queue},
};

/// One event on its way to one subscription: what was tried, and what comes next.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Webhook {
    /// The event.
    pub event_id: EventId,
    /// The event's type.
    pub event_type: EventType,
    /// The subscription it is for.
    pub subscription_id: WebhookSubscriptionId,
    /// Where it stands.
    pub status: WebhookStatus,
    /// The attempts so far, oldest first.
    pub attempts: Vec<Delivery>,
    /// When the next attempt is due, if there is to be one.
    pub next_attempt: Option<Timestamp>,
}

/// Where a webhook stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookStatus {
    /// There is an attempt to come, or on its way.
    Waiting,
    /// The receiver took it.
    Delivered,
    /// It is given up.
    Failed,
}

impl WebhookStatus {
    /// `waiting`, `delivered` or `failed`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// Which webhooks to look at: all, unless something is asked for.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct WebhookQuery {
    /// Those to this subscription.
    pub subscription_id: Option<WebhookSubscriptionId>,
    /// Those of this event.
    pub event_id: Option<EventId>,
    /// Those of this type.
    pub event_type: Option<EventType>,
}

impl WebhookQuery {
    /// Those to this subscription.
    #[must_use]
    pub fn subscription_id(mut self, id: impl Into<WebhookSubscriptionId>) -> Self {
        self.subscription_id = Some(id.into());
        self
    }

    /// Those of this event.
    #[must_use]
    pub fn event_id(mut self, id: impl Into<EventId>) -> Self {
        self.event_id = Some(id.into());
        self
    }

    /// Those of this type.
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
