//! `/v3/webhook-subscriptions`

use http::Method;
use linq_types::{
    WebhookSubscriptionId,
    webhook_subscriptions::{
        NewWebhookSubscription, WebhookSubscriptionCreateResponse, WebhookSubscriptionListResponse,
    },
};

use crate::{Call, request::RequestSpec};

const ROUTE: &str = "/v3/webhook-subscriptions";

json_body! {
    NewWebhookSubscription, check;
}

resource! {
    /// Webhook subscriptions: where events are delivered to.
    WebhookSubscriptions
}

impl<'c, C> WebhookSubscriptions<'c, C> {
    /// Has events delivered to an address of yours.
    ///
    /// `POST /v3/webhook-subscriptions`. Only this answer has the signing secret: keep it, it cannot be read again.
    /// The API takes no idempotency key here, so an attempt that may have been executed is not repeated.
    ///
    /// # Errors
    ///
    /// Worth matching: 1005 (an unknown event type, an address that is not `https`), 2006 (a filter names a number
    /// that is not your line). A second subscription for the same address is refused.
    #[doc(alias = "new")]
    pub fn create(
        self,
        subscription: NewWebhookSubscription,
    ) -> Call<'c, C, WebhookSubscriptionCreateResponse> {
        Call::json(self.client, RequestSpec::new(Method::POST, ROUTE, &[]).body(subscription))
    }

    /// Lists all subscriptions, without their secrets.
    ///
    /// `GET /v3/webhook-subscriptions`
    pub fn list(self) -> Call<'c, C, WebhookSubscriptionListResponse> {
        Call::json(self.client, RequestSpec::new(Method::GET, ROUTE, &[]))
    }

    /// Ends a subscription.
    ///
    /// `DELETE /v3/webhook-subscriptions/{subscriptionId}`
    ///
    /// # Errors
    ///
    /// Worth matching: 2010 (no such subscription).
    pub fn delete(self, subscription: impl Into<WebhookSubscriptionId>) -> Call<'c, C, ()> {
        let subscription = subscription.into();
        let route = "/v3/webhook-subscriptions/{subscriptionId}";
        Call::empty(self.client, RequestSpec::new(Method::DELETE, route, &[subscription.as_str()]))
    }
}
