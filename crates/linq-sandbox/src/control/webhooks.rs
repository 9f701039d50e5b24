use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use linq_types::{ChatId, EventId, Timestamp, WebhookSubscriptionId, events::EventType};
use serde::{Deserialize, Serialize};

use crate::{
    call::Call,
    error::ApiError,
    json,
    log::{Bodies, Delivery, Kept, Sent},
    queue::{Action, Attempt},
    response::{Answer, ApiResponse},
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
        let (status, error) = delivery.outcome.status_or_error();
        let Delivery { attempt, time, target_url, .. } = delivery;
        Self { attempt: *attempt, time, target_url, status, error }
    }
}

/// Delivers an event again, with the same id and payload, to the subscriptions it was delivered to or to one of them.
pub(super) fn send_again(shared: &Shared, call: &Call<'_>, event_id: &str) -> Answer {
    #[derive(Deserialize)]
    struct SendAgain {
        subscription_id: Option<WebhookSubscriptionId>,
    }

    let SendAgain { subscription_id } = json::read_or_empty(call.body)?;
    let mut sent = shared.log.read(|kept| payloads(kept, event_id));
    let is_asked = |id: &WebhookSubscriptionId| subscription_id.as_ref().is_none_or(|asked| asked == id);
    let any = shared.update(|state, now| {
        let is_active = |id: &WebhookSubscriptionId| {
            state.store.find_subscription(id.as_str()).is_some_and(|subscription| subscription.is_active)
        };
        sent.retain(|(delivery, ..)| {
            is_asked(&delivery.subscription_id) && is_active(&delivery.subscription_id)
        });
        let any = !sent.is_empty();
        for (delivery, chat_id, body) in sent {
            let attempt = Attempt {
                subscription_id: delivery.subscription_id,
                event_id: delivery.event_id,
                event_type: delivery.event_type,
                body,
                number: 1,
                first: now,
                waited: Duration::ZERO,
                due: now,
                is_new: true,
                chat_id,
            };
            state.queue.push(now, Action::Deliver(attempt));
        }
        any
    });
    if any {
        return Ok(ApiResponse::no_content());
    }
    Err(ApiError::nothing_there(&format!(
        "webhook `{event_id}` of an active subscription whose payload is still kept"
    )))
}

/// Returns what was delivered of an event, once for each subscription.
fn payloads(kept: &Kept, event_id: &str) -> Vec<(Delivery, Option<ChatId>, Bytes)> {
    let mut found = Vec::<(Delivery, Option<ChatId>, Bytes)>::new();
    for row in kept.deliveries().rev().filter(|row| row.value.delivery.event_id == *event_id) {
        let Sent { delivery, chat_id } = &row.value;
        let is_known = found.iter().any(|(other, ..)| other.subscription_id == delivery.subscription_id);
        let payload = row.bodies.as_ref().map(Bodies::request);
        if let Some(payload) =
            payload.filter(|body| !is_known && !body.is_truncated && !body.bytes.is_empty())
        {
            found.push((delivery.clone(), chat_id.clone(), Bytes::copy_from_slice(payload.bytes)));
        }
    }
    found.reverse();
    found
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
