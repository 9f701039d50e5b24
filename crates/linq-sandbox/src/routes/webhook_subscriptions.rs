use http::{Method, StatusCode};
use linq_types::{Handle, WebhookSubscriptionId, events::EventType};
use serde::Serialize;

use super::{Answer, Call};
use crate::{clock::Moment, error::ApiError, json, shared::Shared, store::Subscription};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    Some(match (call.method, rest) {
        (&Method::POST, []) => create(shared, call),
        (&Method::GET, []) => Ok(list(shared)),
        (&Method::GET, [id]) => retrieve(shared, id),
        (&Method::PUT, [id]) => update(shared, call, id),
        (&Method::DELETE, [id]) => delete(shared, call, id),
        _ => return None,
    })
}

#[derive(Serialize)]
struct SubscriptionView<'a> {
    id: &'a WebhookSubscriptionId,
    target_url: &'a str,
    subscribed_events: &'a [EventType],
    phone_numbers: Option<&'a [Handle]>,
    is_active: bool,
    created_at: Moment,
    updated_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    routing_key_header: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    routing_id_header: Option<&'a str>,
}

impl<'a> SubscriptionView<'a> {
    fn new(subscription: &'a Subscription) -> Self {
        Self {
            id: &subscription.id,
            target_url: &subscription.target_url,
            subscribed_events: &subscription.events,
            phone_numbers: Some(subscription.phone_numbers.as_slice()).filter(|numbers| !numbers.is_empty()),
            is_active: subscription.is_active,
            created_at: subscription.created_at,
            updated_at: subscription.updated_at,
            routing_key_header: subscription.routing_key_header.as_deref(),
            routing_id_header: subscription.routing_id_header.as_deref(),
        }
    }
}

fn create(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Created<'a> {
        #[serde(flatten)]
        subscription: SubscriptionView<'a>,
        signing_secret: &'a str,
    }

    let new = json::read(call.body)?;
    shared.change(|store, now| {
        let subscription = store.subscribe(now, new, call.trace_id)?;
        let created = Created {
            subscription: SubscriptionView::new(subscription),
            signing_secret: subscription.secret.expose(),
        };
        Ok(Answer::json(StatusCode::CREATED, &created))
    })
}

fn list(shared: &Shared) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        subscriptions: Vec<SubscriptionView<'a>>,
    }

    shared.read(|store| {
        let subscriptions = store.subscriptions.iter().map(SubscriptionView::new).collect();
        Answer::json(StatusCode::OK, &Body { subscriptions })
    })
}

fn retrieve(shared: &Shared, id: &str) -> Result<Answer, ApiError> {
    shared.read(|store| Ok(Answer::json(StatusCode::OK, &SubscriptionView::new(store.subscription(id)?))))
}

fn update(shared: &Shared, call: &Call<'_>, id: &str) -> Result<Answer, ApiError> {
    let update = json::read(call.body)?;
    shared.change(|store, now| {
        let subscription = store.update_subscription(now, id, update, call.trace_id)?;
        Ok(Answer::json(StatusCode::OK, &SubscriptionView::new(subscription)))
    })
}

fn delete(shared: &Shared, call: &Call<'_>, id: &str) -> Result<Answer, ApiError> {
    shared.change(|store, now| store.unsubscribe(now, id, call.trace_id))?;
    Ok(Answer::no_content())
}
