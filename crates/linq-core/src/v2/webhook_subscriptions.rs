//! `/v2/webhook_subscriptions`

use bytes::Bytes;
use linq_types::{
    json,
    v2::{
        Id, Operation,
        webhook_subscriptions::{
            NewWebhookSubscription, WebhookSubscription, WebhookSubscriptionListResponse, Wrapped,
        },
    },
};

use crate::{Call, exchange::DecodeError, request::RequestSpec};

json_body! {
    Wrapped<NewWebhookSubscription>;
}

resource! {
    /// A handle on webhook subscriptions of the V2 API.
    WebhookSubscriptions
}

impl<'c, C> WebhookSubscriptions<'c, C> {
    /// Creates a subscription, so that events are delivered to a URL of yours in the format of V2.
    ///
    /// `POST /v2/webhook_subscriptions`. In V3:
    /// [`WebhookSubscriptions::create`](crate::resources::webhook_subscriptions::WebhookSubscriptions::create).
    /// The API takes no idempotency key here, so an attempt that may have been executed is not retried: a second subscription
    /// of the same URL would get each event once more.
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq::Client) -> Result<(), linq::Error> {
    /// use linq::types::v2::{EventType, webhook_subscriptions::NewWebhookSubscription};
    ///
    /// let new = NewWebhookSubscription::new("https://example.com/linq", [EventType::MessageReceived]);
    /// let subscription = client.v2().webhook_subscriptions().create(new.secret("a-long-random-text")).await?;
    /// println!("{}", subscription.id);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "new")]
    pub fn create(&self, subscription: NewWebhookSubscription) -> Call<'c, C, WebhookSubscription> {
        let spec = RequestSpec::v2(Operation::WebhookSubscriptionsCreate, &[]);
        Call::new(self.client, spec.body(Wrapped { webhook_subscription: subscription }), unwrap)
    }

    /// Lists all subscriptions of V2. This list has no pages.
    ///
    /// `GET /v2/webhook_subscriptions`. In V3:
    /// [`WebhookSubscriptions::list`](crate::resources::webhook_subscriptions::WebhookSubscriptions::list).
    pub fn list(&self) -> Call<'c, C, WebhookSubscriptionListResponse> {
        Call::json(self.client, RequestSpec::v2(Operation::WebhookSubscriptionsList, &[]))
    }

    /// Replaces a subscription. Its body is that of [`create`](Self::create): the reference does not tell whether a field
    /// can be left out, and so keeps its value.
    ///
    /// `PUT /v2/webhook_subscriptions/{subscriptionId}`. In V3:
    /// [`WebhookSubscriptions::update`](crate::resources::webhook_subscriptions::WebhookSubscriptions::update).
    pub fn update(
        &self,
        subscription: impl Into<Id>,
        replacement: NewWebhookSubscription,
    ) -> Call<'c, C, WebhookSubscription> {
        let spec = RequestSpec::v2(Operation::WebhookSubscriptionsUpdate, &[subscription.into().as_str()]);
        Call::new(self.client, spec.body(Wrapped { webhook_subscription: replacement }), unwrap)
    }

    /// Deletes a subscription.
    ///
    /// `DELETE /v2/webhook_subscriptions/{subscriptionId}`. In V3:
    /// [`WebhookSubscriptions::delete`](crate::resources::webhook_subscriptions::WebhookSubscriptions::delete).
    pub fn delete(&self, subscription: impl Into<Id>) -> Call<'c, C, ()> {
        let spec = RequestSpec::v2(Operation::WebhookSubscriptionsDelete, &[subscription.into().as_str()]);
        Call::empty(self.client, spec)
    }
}

fn unwrap(body: &Bytes) -> Result<WebhookSubscription, DecodeError> {
    Ok(json::from_slice::<Wrapped<_>>(body)?.webhook_subscription)
}
