use http::StatusCode;
use linq_types::v2::webhook_subscriptions::{NewWebhookSubscription, Wrapped};
use serde::Serialize;

use crate::{
    call::Call,
    json,
    response::{Answer, ApiResponse},
    shared::Shared,
    views::v2::SubscriptionView,
};

pub(super) fn create(shared: &Shared, call: &Call<'_>) -> Answer {
    let Wrapped { webhook_subscription: new } = json::read::<Wrapped<NewWebhookSubscription>>(call.body)?;
    shared.change(|store, now| {
        let webhook_subscription = SubscriptionView::new(store.subscribe_v2(now, new)?);
        Ok(ApiResponse::json(StatusCode::CREATED, &Wrapped { webhook_subscription }))
    })
}

pub(super) fn list(shared: &Shared, _: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        webhook_subscriptions: Vec<SubscriptionView<'a>>,
    }

    shared.read(|store| {
        let webhook_subscriptions = store.v2_subscriptions().map(SubscriptionView::new).collect();
        Ok(ApiResponse::json(StatusCode::OK, &Body { webhook_subscriptions }))
    })
}

pub(super) fn update(shared: &Shared, call: &Call<'_>) -> Answer {
    let Wrapped { webhook_subscription: new } = json::read::<Wrapped<NewWebhookSubscription>>(call.body)?;
    shared.change(|store, now| {
        let webhook_subscription =
            SubscriptionView::new(store.update_v2_subscription(now, call.id(), new)?);
        Ok(ApiResponse::json(StatusCode::OK, &Wrapped { webhook_subscription }))
    })
}

pub(super) fn delete(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.change(|store, _| store.unsubscribe_v2(call.id()))?;
    Ok(ApiResponse::no_content())
}
