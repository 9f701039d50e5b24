use std::error::Error as StdError;

use linq_types::{
    WebhookSubscriptionId,
    webhook_subscriptions::{
        NewWebhookSubscription, SigningSecret, UpdateWebhookSubscription, WebhookSubscription,
        WebhookSubscriptionCreateResponse, WebhookSubscriptionListResponse,
    },
};

use super::WebhookSubscriptions;
#[cfg(feature = "blocking")]
use crate::blocking;
use crate::{Call, Client, Error, exchange::Options};

/// The requests of a call that makes several, with the options of that call.
pub(super) struct Requests<'c, C> {
    client: &'c C,
    options: Options,
}

impl<'c, C> Requests<'c, C> {
    pub(super) fn new(client: &'c C, options: Options) -> Self {
        Self { client, options }
    }

    fn api(&self) -> WebhookSubscriptions<'c, C> {
        WebhookSubscriptions { client: self.client }
    }

    fn with_options<T>(&self, call: Call<'c, C, T>) -> Call<'c, C, T> {
        Call { options: self.options.clone(), ..call }
    }

    pub(super) fn list(&self) -> Call<'c, C, WebhookSubscriptionListResponse> {
        self.with_options(self.api().list())
    }

    pub(super) fn retrieve(&self, id: &WebhookSubscriptionId) -> Call<'c, C, WebhookSubscription> {
        self.with_options(self.api().retrieve(id))
    }

    fn create_once(
        &self,
        new: &NewWebhookSubscription,
    ) -> Call<'c, C, WebhookSubscriptionCreateResponse> {
        self.with_options(self.api().create(new.clone()))
    }

    pub(super) fn update(
        &self,
        id: &WebhookSubscriptionId,
        changes: UpdateWebhookSubscription,
    ) -> Call<'c, C, WebhookSubscription> {
        self.with_options(self.api().update(id, changes))
    }

    pub(super) fn delete(&self, id: &WebhookSubscriptionId) -> Call<'c, C, ()> {
        self.with_options(self.api().delete(id))
    }
}

/// Returns the id of the subscription with this URL.
fn id_of(listed: WebhookSubscriptionListResponse, url: &str) -> Option<WebhookSubscriptionId> {
    let mut subscriptions = listed.subscriptions.into_iter();
    subscriptions.find(|subscription| subscription.target_url.as_deref() == Some(url)).map(|found| found.id)
}

impl Requests<'_, Client> {
    /// Creates a subscription. If it may have been created although the response was lost, and with it the secret, it is deleted.
    pub(super) async fn create(
        &self,
        new: &NewWebhookSubscription,
    ) -> Result<WebhookSubscriptionCreateResponse, Error> {
        let created = self.create_once(new).await;
        if created.as_ref().is_err_and(Error::maybe_sent)
            && let Ok(listed) = self.list().await
            && let Some(lost) = id_of(listed, &new.target_url)
        {
            let _failed = self.delete(&lost).await;
        }
        created
    }

    /// Passes the secret to the callback. If that fails, the subscription is deleted.
    pub(super) async fn store<A, E>(
        &self,
        created: WebhookSubscriptionCreateResponse,
        on_secret: impl FnOnce(SigningSecret) -> A,
    ) -> Result<WebhookSubscription, Error>
    where
        A: Future<Output = Result<(), E>>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        // The error itself need not be `Send`.
        let stored: Result<(), Box<dyn StdError + Send + Sync>> =
            on_secret(created.signing_secret).await.map_err(Into::into);
        match stored {
            Ok(()) => Ok(created.subscription),
            Err(error) => {
                let is_left = self.delete(&created.subscription.id).await.is_err();
                Err(Error::unstored_secret(error, is_left))
            }
        }
    }
}

#[cfg(feature = "blocking")]
impl Requests<'_, blocking::Client> {
    /// Creates a subscription. If it may have been created although the response was lost, and with it the secret, it is deleted.
    pub(super) fn create(
        &self,
        new: &NewWebhookSubscription,
    ) -> Result<WebhookSubscriptionCreateResponse, Error> {
        let created = self.create_once(new).call();
        if created.as_ref().is_err_and(Error::maybe_sent)
            && let Ok(listed) = self.list().call()
            && let Some(lost) = id_of(listed, &new.target_url)
        {
            let _failed = self.delete(&lost).call();
        }
        created
    }

    /// Passes the secret to the callback. If that fails, the subscription is deleted.
    pub(super) fn store<E>(
        &self,
        created: WebhookSubscriptionCreateResponse,
        on_secret: impl FnOnce(SigningSecret) -> Result<(), E>,
    ) -> Result<WebhookSubscription, Error>
    where
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        match on_secret(created.signing_secret) {
            Ok(()) => Ok(created.subscription),
            Err(error) => {
                let is_left = self.delete(&created.subscription.id).call().is_err();
                Err(Error::unstored_secret(error.into(), is_left))
            }
        }
    }
}
