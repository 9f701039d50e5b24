//! `/v3/webhook-subscriptions`

use linq_types::{
    Operation, WebhookSubscriptionId,
    webhook_subscriptions::{
        NewWebhookSubscription, UpdateWebhookSubscription, WebhookSubscription,
        WebhookSubscriptionCreateResponse, WebhookSubscriptionListResponse,
    },
};

use crate::{Call, request::RequestSpec};

json_body! {
    NewWebhookSubscription, check;
    UpdateWebhookSubscription, check;
}

resource! {
    /// A handle on webhook subscriptions, which say where events are delivered.
    WebhookSubscriptions
}

impl<'c, C> WebhookSubscriptions<'c, C> {
    /// Creates a subscription, so that events are delivered to a URL of yours.
    ///
    /// `POST /v3/webhook-subscriptions` ([reference](https://docs.linqapp.com/api/resources/webhook_subscriptions/methods/create)).
    /// Only this response has the signing secret: store it, it cannot be read again. The API takes
    /// no idempotency key here, so an attempt that may have been executed is not retried.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::INVALID_PARAMETER`] (1005): an event type is unknown, or the URL is not `https`
    /// * [`ErrorCode::FOREIGN_PHONE_NUMBER`] (2006): a filter names a number that is not your line
    ///
    /// A second subscription for the same URL is refused.
    #[doc(alias = "new")]
    pub fn create(
        &self,
        subscription: NewWebhookSubscription,
    ) -> Call<'c, C, WebhookSubscriptionCreateResponse> {
        let spec = RequestSpec::new(Operation::WebhookSubscriptionsCreate, &[]);
        Call::json(self.client, spec.body(subscription))
    }

    /// Returns a subscription, without its secret.
    ///
    /// `GET /v3/webhook-subscriptions/{subscriptionId}` ([reference](https://docs.linqapp.com/api/resources/webhook_subscriptions/methods/retrieve)).
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::WEBHOOK_SUBSCRIPTION_NOT_FOUND`] (2010): there is no such subscription
    pub fn retrieve(
        &self,
        subscription: impl Into<WebhookSubscriptionId>,
    ) -> Call<'c, C, WebhookSubscription> {
        let subscription = subscription.into();
        let spec = RequestSpec::new(Operation::WebhookSubscriptionsRetrieve, &[subscription.as_str()]);
        Call::json(self.client, spec)
    }

    /// Updates a subscription. Fields that are not set keep their value.
    ///
    /// `PUT /v3/webhook-subscriptions/{subscriptionId}` ([reference](https://docs.linqapp.com/api/resources/webhook_subscriptions/methods/update)).
    /// The signing secret stays the same.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::INVALID_PARAMETER`] (1005): an event type is unknown, or the URL is not `https`
    /// * [`ErrorCode::FOREIGN_PHONE_NUMBER`] (2006): a filter names a number that is not your line
    /// * [`ErrorCode::WEBHOOK_SUBSCRIPTION_NOT_FOUND`] (2010): there is no such subscription
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
        &self,
        subscription: impl Into<WebhookSubscriptionId>,
        changes: UpdateWebhookSubscription,
    ) -> Call<'c, C, WebhookSubscription> {
        let subscription = subscription.into();
        let spec = RequestSpec::new(Operation::WebhookSubscriptionsUpdate, &[subscription.as_str()]);
        Call::json(self.client, spec.body(changes))
    }

    /// Lists all subscriptions, without their secrets. This list has no pages.
    ///
    /// `GET /v3/webhook-subscriptions` ([reference](https://docs.linqapp.com/api/resources/webhook_subscriptions/methods/list)).
    pub fn list(&self) -> Call<'c, C, WebhookSubscriptionListResponse> {
        Call::json(self.client, RequestSpec::new(Operation::WebhookSubscriptionsList, &[]))
    }

    /// Deletes a subscription.
    ///
    /// `DELETE /v3/webhook-subscriptions/{subscriptionId}` ([reference](https://docs.linqapp.com/api/resources/webhook_subscriptions/methods/delete)).
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::WEBHOOK_SUBSCRIPTION_NOT_FOUND`] (2010): there is no such subscription
    pub fn delete(&self, subscription: impl Into<WebhookSubscriptionId>) -> Call<'c, C, ()> {
        let subscription = subscription.into();
        let spec = RequestSpec::new(Operation::WebhookSubscriptionsDelete, &[subscription.as_str()]);
        Call::empty(self.client, spec)
    }
}
