use http::StatusCode;
use linq_types::{EventId, Timestamp, WebhookSubscriptionId, events::EventType};
use serde::Serialize;

use crate::{
    call::Call,
    log::{Delivery, DeliveryOutcome},
    response::ApiResponse,
    shared::Shared,
    webhook::{Webhook, WebhookQuery},
};

#[derive(Serialize)]
struct WebhookView<'a> {
    event_id: &'a EventId,
    event_type: &'a EventType,
    subscription_id: &'a WebhookSubscriptionId,
    status: &'static str,
    attempts: Vec<AttemptView<'a>>,
    next_attempt: Option<&'a Timestamp>,
}

#[derive(Serialize)]
struct AttemptView<'a> {
    attempt: u32,
    time: &'a Timestamp,
    target_url: &'a str,
    status: Option<u16>,
    error: Option<&'a str>,
}

impl<'a> WebhookView<'a> {
    fn new(webhook: &'a Webhook) -> Self {
        Self {
            event_id: &webhook.event_id,
            event_type: &webhook.event_type,
            subscription_id: &webhook.subscription_id,
            status: webhook.status.as_str(),
            attempts: webhook.attempts.iter().map(AttemptView::new).collect(),
            next_attempt: webhook.next_attempt.as_ref(),
        }
    }
}

impl<'a> AttemptView<'a> {
    fn new(delivery: &'a Delivery) -> Self {
        let (status, error) = match &delivery.outcome {
            DeliveryOutcome::Responded(status) => (Some(status.as_u16()), None),
            DeliveryOutcome::Failed(reason) => (None, Some(reason.as_str())),
        };
        let Delivery { attempt, time, target_url, .. } = delivery;
        Self { attempt: *attempt, time, target_url, status, error }
    }
}

pub(super) fn list(shared: &Shared, call: &Call<'_>) -> ApiResponse {
    #[derive(Serialize)]
    struct Body<'a> {
        webhooks: Vec<WebhookView<'a>>,
    }

    let query = WebhookQuery {
        subscription_id: call.parameter("subscription_id").map(|id| id.as_ref().into()),
        event_id: call.parameter("event_id").map(|id| id.as_ref().into()),
        event_type: call.parameter("event_type").map(|event_type| event_type.as_ref().into()),
    };
    let webhooks = shared.webhooks(&query);
    ApiResponse::json(StatusCode::OK, &Body { webhooks: webhooks.iter().map(WebhookView::new).collect() })
}
