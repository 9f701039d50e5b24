use http::StatusCode;
use linq_types::{Handle, WebhookSubscriptionId, events::EventType};
use serde::Serialize;

use crate::{
    call::Call,
    clock::Moment,
    json,
    model::Subscription,
    response::{Answer, ApiResponse},
    shared::Shared,
};

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

pub(crate) fn create(shared: &Shared, call: &Call<'_>) -> Answer {
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
        Ok(ApiResponse::json(StatusCode::CREATED, &created))
    })
}

pub(crate) fn list(shared: &Shared, _: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        subscriptions: Vec<SubscriptionView<'a>>,
    }

    shared.read(|store| {
        let subscriptions = store.subscriptions.iter().filter(|subscription| subscription.is_of_v3());
        let subscriptions = subscriptions.map(SubscriptionView::new).collect();
        Ok(ApiResponse::json(StatusCode::OK, &Body { subscriptions }))
    })
}

pub(crate) fn retrieve(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.read(|store| {
        Ok(ApiResponse::json(StatusCode::OK, &SubscriptionView::new(store.subscription(call.id())?)))
    })
}

pub(crate) fn update(shared: &Shared, call: &Call<'_>) -> Answer {
    let update = json::read(call.body)?;
    shared.change(|store, now| {
        let subscription = store.update_subscription(now, call.id(), update, call.trace_id)?;
        Ok(ApiResponse::json(StatusCode::OK, &SubscriptionView::new(subscription)))
    })
}

pub(crate) fn delete(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.change(|store, now| store.unsubscribe(now, call.id(), call.trace_id))?;
    Ok(ApiResponse::no_content())
}
