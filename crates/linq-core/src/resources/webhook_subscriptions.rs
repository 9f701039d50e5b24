//! `/v3/webhook-subscriptions`

use http::Method;
use linq_types::{
    WebhookSubscriptionId,
    webhook_subscriptions::{
        NewWebhookSubscription, UpdateWebhookSubscription, WebhookSubscription,
        WebhookSubscriptionCreateResponse, WebhookSubscriptionListResponse,
    },
};

use crate::{Call, request::RequestSpec};

const ROUTE: &str = "/v3/webhook-subscriptions";

json_body! {
    NewWebhookSubscription, check;
    UpdateWebhookSubscription;
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

    /// Gets a subscription, without its secret.
    ///
    /// `GET /v3/webhook-subscriptions/{subscriptionId}`
    ///
    /// # Errors
    ///
    /// Worth matching: 2010 (no such subscription).
    pub fn retrieve(self, subscription: impl Into<WebhookSubscriptionId>) -> Call<'c, C, WebhookSubscription> {
        let subscription = subscription.into();
        let route = "/v3/webhook-subscriptions/{subscriptionId}";
        Call::json(self.client, RequestSpec::new(Method::GET, route, &[subscription.as_str()]))
    }

    /// Changes a subscription; what the changes leave out keeps its value.
    ///
    /// `PUT /v3/webhook-subscriptions/{subscriptionId}`. The signing secret stays as it is.
    ///
    /// # Errors
    ///
    /// Worth matching: 1005 (an unknown event type, an address that is not `https`), 2006 (a filter names a number
    /// that is not your line), 2010 (no such subscription).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, subscription: linq_core::types::WebhookSubscriptionId)
    /// # -> Result<(), linq_core::Error> {
    /// use linq_core::types::webhook_subscriptions::UpdateWebhookSubscription;
    ///
    /// let changes = UpdateWebhookSubscription::new().clear_phone_numbers().is_active(true);
    /// client.webhook_subscriptions().update(&subscription, changes).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(
        self,
        subscription: impl Into<WebhookSubscriptionId>,
        changes: UpdateWebhookSubscription,
    ) -> Call<'c, C, WebhookSubscription> {
        let subscription = subscription.into();
        let route = "/v3/webhook-subscriptions/{subscriptionId}";
        let spec = RequestSpec::new(Method::PUT, route, &[subscription.as_str()]);
        Call::json(self.client, spec.body(changes))
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
