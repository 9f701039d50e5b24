//! `/v3/webhook-subscriptions`

use std::error::Error as StdError;

use linq_types::{
    Operation, WebhookSubscriptionId,
    webhook_subscriptions::{
        NewWebhookSubscription, SigningSecret, UpdateWebhookSubscription, WebhookSubscription,
        WebhookSubscriptionCreateResponse, WebhookSubscriptionListResponse,
    },
};

#[cfg(feature = "blocking")]
use crate::blocking;
use crate::{Call, Client, request::RequestSpec};

mod ensure;
mod requests;
mod rotate;
mod target_url;

pub use ensure::{Ensure, EnsuredSubscription, SubscriptionChange};
pub use rotate::Rotate;

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
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client, subscription: linq_core::types::WebhookSubscriptionId)
    /// # -> Result<(), linq_core::Error> {
    /// use linq::types::webhook_subscriptions::UpdateWebhookSubscription;
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

impl<'c> WebhookSubscriptions<'c, Client> {
    /// Makes sure that there is a subscription to this endpoint with these events and lines: creates it, updates it, or leaves
    /// it as it is. Call it when a service starts.
    ///
    /// The URL pins the newest format (`?version=2026-02-03`) unless it has a version. A subscription is that of the endpoint
    /// if its URL is the same without `version` and without the `rotation` that [`rotate`](Self::rotate) adds. A subscription
    /// that is not active is activated. Routing headers are only set, not cleared.
    ///
    /// If the subscription is created, `on_secret` gets its signing secret, to store it before this returns. The secret cannot
    /// be read again. If `on_secret` fails, the subscription is deleted. So is one whose creation got no response. If the
    /// secret of an existing subscription is lost, [`rotate`](Self::rotate) it.
    ///
    /// # Errors
    ///
    /// Returns an error if a request fails, or if the secret could not be stored ([`ErrorKind::UnstoredSecret`]). Error codes
    /// to match:
    ///
    /// * [`ErrorCode::INVALID_PARAMETER`] (1005): an event type is unknown, or the URL is not `https`
    /// * [`ErrorCode::FOREIGN_PHONE_NUMBER`] (2006): a filter names a number that is not your line; see
    ///   [`Ensure::without_lines_if_refused`]
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq::types::{
    ///     events::EventType,
    ///     webhook_subscriptions::{NewWebhookSubscription, SigningSecret},
    /// };
    ///
    /// async fn store(secret: SigningSecret) -> Result<(), std::io::Error> {
    ///     std::fs::write("secret", secret.expose())
    /// }
    ///
    /// let wanted = NewWebhookSubscription::new("https://example.com/linq", [EventType::MessageReceived]);
    /// let ensured = client.webhook_subscriptions().ensure(wanted, store).await?;
    /// println!("{:?}", ensured.change);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ensure<F, A, E>(&self, wanted: NewWebhookSubscription, on_secret: F) -> Ensure<'c, Client, F>
    where
        F: FnOnce(SigningSecret) -> A + Send,
        A: Future<Output = Result<(), E>> + Send,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        Ensure::new(self.client, wanted, on_secret)
    }

    /// Replaces a subscription by the same one with another secret, so that every event is delivered.
    ///
    /// The secret of a subscription never changes, and a URL has one subscription. So a second one is created at a second URL
    /// of the same endpoint, with the query parameter `rotation`; `on_secret` stores its secret, and returns when every
    /// receiver accepts both secrets (`linq::webhooks::Verifier::and_secret`); then the previous subscription is deleted.
    /// In between, both deliver each event, and a receiver handles it once. If the receivers have to be
    /// started anew, [keep the previous one](Rotate::keep_previous) until then.
    ///
    /// If `on_secret` fails, the new subscription is deleted and the previous one stays.
    ///
    /// # Errors
    ///
    /// Returns an error if a request fails, or if the secret could not be stored ([`ErrorKind::UnstoredSecret`]). If the last
    /// request fails, which deletes the previous subscription, there are two: delete it again. Error codes to match:
    ///
    /// * [`ErrorCode::WEBHOOK_SUBSCRIPTION_NOT_FOUND`] (2010): there is no such subscription
    pub fn rotate<F, A, E>(
        &self,
        subscription: impl Into<WebhookSubscriptionId>,
        on_secret: F,
    ) -> Rotate<'c, Client, F>
    where
        F: FnOnce(SigningSecret) -> A + Send,
        A: Future<Output = Result<(), E>> + Send,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        Rotate::new(self.client, subscription.into(), on_secret)
    }
}

#[cfg(feature = "blocking")]
impl<'c> WebhookSubscriptions<'c, blocking::Client> {
    /// Makes sure that there is a subscription to this endpoint with these events and lines, as on the asynchronous
    /// [`Client`](WebhookSubscriptions::ensure).
    ///
    /// # Errors
    ///
    /// The call returns an error if a request fails, or if the secret could not be stored.
    pub fn ensure<F, E>(
        &self,
        wanted: NewWebhookSubscription,
        on_secret: F,
    ) -> Ensure<'c, blocking::Client, F>
    where
        F: FnOnce(SigningSecret) -> Result<(), E>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        Ensure::new(self.client, wanted, on_secret)
    }

    /// Replaces a subscription by the same one with another secret, as on the asynchronous
    /// [`Client`](WebhookSubscriptions::rotate).
    ///
    /// # Errors
    ///
    /// The call returns an error if a request fails, or if the secret could not be stored.
    pub fn rotate<F, E>(
        &self,
        subscription: impl Into<WebhookSubscriptionId>,
        on_secret: F,
    ) -> Rotate<'c, blocking::Client, F>
    where
        F: FnOnce(SigningSecret) -> Result<(), E>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        Rotate::new(self.client, subscription.into(), on_secret)
    }
}
