use std::{error::Error as StdError, fmt};

use linq_types::{
    WebhookSubscriptionId,
    webhook_subscriptions::{
        NewWebhookSubscription, SigningSecret, WebhookSubscription, WebhookSubscriptionListResponse,
    },
};

use super::{requests::Requests, target_url};
#[cfg(feature = "blocking")]
use crate::blocking;
use crate::{CallFuture, Client, Error, exchange::Options};

/// The requests that replace a subscription by one with another secret, ready to be made: `.await` it on the [`Client`].
#[cfg_attr(
    feature = "blocking",
    doc = "On the [`blocking::Client`](crate::blocking::Client), finish it with `.call()`."
)]
///
/// Options apply to each of the requests.
#[must_use = "nothing is requested until it is awaited or finished with `.call()`"]
pub struct Rotate<'c, C, F> {
    client: &'c C,
    options: Options,
    previous: WebhookSubscriptionId,
    on_secret: F,
    keeps_previous: bool,
}

impl<'c, C, F> Rotate<'c, C, F> {
    pub(super) fn new(client: &'c C, previous: WebhookSubscriptionId, on_secret: F) -> Self {
        Self { client, options: Options::default(), previous, on_secret, keeps_previous: false }
    }

    /// Keeps the previous subscription, to be [deleted](super::WebhookSubscriptions::delete) when every receiver accepts the
    /// new secret. Until then, both deliver each event.
    pub fn keep_previous(mut self) -> Self {
        self.keeps_previous = true;
        self
    }

    request_options!();
}

/// Returns the same subscription, at a URL that no other one has.
fn successor(
    previous: WebhookSubscription,
    listed: WebhookSubscriptionListResponse,
) -> NewWebhookSubscription {
    let url = previous.target_url.unwrap_or_default();
    let others = listed.subscriptions.into_iter().filter_map(|other| other.target_url);
    let rotations = others
        .filter(|other| target_url::is_same_endpoint(other, &url))
        .map(|other| target_url::rotation(&other));
    let rotation = rotations.max().unwrap_or_default().saturating_add(1);
    let mut new = NewWebhookSubscription::new(target_url::rotated(&url, rotation), previous.subscribed_events);
    new.phone_numbers = Some(previous.phone_numbers).filter(|lines| !lines.is_empty());
    new.routing_key_header = previous.routing_key_header;
    new.routing_id_header = previous.routing_id_header;
    new
}

impl<'c, F, A, E> IntoFuture for Rotate<'c, Client, F>
where
    F: FnOnce(SigningSecret) -> A + Send + 'c,
    A: Future<Output = Result<(), E>> + Send + 'c,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    type Output = Result<WebhookSubscription, Error>;
    type IntoFuture = CallFuture<'c, WebhookSubscription>;

    fn into_future(self) -> CallFuture<'c, WebhookSubscription> {
        let Self { client, options, previous, on_secret, keeps_previous } = self;
        let requests = Requests::new(client, options);
        Box::pin(async move {
            let new = successor(requests.retrieve(&previous).await?, requests.list().await?);
            let subscription = requests.store(requests.create(&new).await?, on_secret).await?;
            if !keeps_previous {
                requests.delete(&previous).await?;
            }
            Ok(subscription)
        })
    }
}

#[cfg(feature = "blocking")]
impl<F, E> Rotate<'_, blocking::Client, F>
where
    F: FnOnce(SigningSecret) -> Result<(), E>,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    /// On the blocking client, makes the requests.
    ///
    /// # Errors
    ///
    /// Returns an error if a request fails, or if the secret could not be stored
    /// ([`ErrorKind::UnstoredSecret`](crate::ErrorKind::UnstoredSecret)).
    pub fn call(self) -> Result<WebhookSubscription, Error> {
        let Self { client, options, previous, on_secret, keeps_previous } = self;
        let requests = Requests::new(client, options);
        let new = successor(requests.retrieve(&previous).call()?, requests.list().call()?);
        let subscription = requests.store(requests.create(&new)?, on_secret)?;
        if !keeps_previous {
            requests.delete(&previous).call()?;
        }
        Ok(subscription)
    }
}

impl<C, F> fmt::Debug for Rotate<'_, C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rotate").field("previous", &self.previous).finish_non_exhaustive()
    }
}
