use std::{error::Error as StdError, fmt};

use linq_types::{
    Handle, WebhookSubscriptionId,
    error::ErrorCode,
    events::EventType,
    webhook_subscriptions::{
        NewWebhookSubscription, SigningSecret, UpdateWebhookSubscription, WebhookSubscription,
    },
};

use super::{requests::Requests, target_url};
#[cfg(feature = "blocking")]
use crate::blocking;
use crate::{CallFuture, Client, Error, exchange::Options};

/// The subscription to an endpoint, and what was done to have it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EnsuredSubscription {
    /// The subscription, without its secret.
    pub subscription: WebhookSubscription,
    /// What was done.
    pub change: SubscriptionChange,
}

/// What was done to have a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SubscriptionChange {
    /// There was no subscription to the endpoint. It was created, and its secret was stored.
    Created,
    /// The subscription differed, and was updated. Its secret is the same.
    Updated,
    /// The subscription was as wanted.
    Unchanged,
}

/// The requests that create or update a subscription, ready to be made: `.await` it on the [`Client`].
#[cfg_attr(
    feature = "blocking",
    doc = "On the [`blocking::Client`](crate::blocking::Client), finish it with `.call()`."
)]
///
/// Options apply to each of the requests.
#[must_use = "nothing is requested until it is awaited or finished with `.call()`"]
pub struct Ensure<'c, C, F> {
    client: &'c C,
    options: Options,
    attempt: Attempt,
    on_secret: F,
}

/// What is wanted, and what was given up on the way there. It has no I/O: both clients are loops around it.
struct Attempt {
    wanted: NewWebhookSubscription,
    may_drop_lines: bool,
    had_conflict: bool,
}

impl<'c, C, F> Ensure<'c, C, F> {
    pub(super) fn new(client: &'c C, mut wanted: NewWebhookSubscription, on_secret: F) -> Self {
        wanted.target_url = target_url::pinned(&wanted.target_url);
        let attempt = Attempt { wanted, may_drop_lines: false, had_conflict: false };
        Self { client, options: Options::default(), attempt, on_secret }
    }

    /// Subscribes to the events of all lines if the API refuses the filter
    /// ([`ErrorCode::FOREIGN_PHONE_NUMBER`], 2006), which otherwise is an error.
    ///
    /// Then ignore the events of other lines when they are received, for example with `linq::webhooks::Gate::only_lines`.
    pub fn without_lines_if_refused(mut self) -> Self {
        self.attempt.may_drop_lines = true;
        self
    }

    request_options!();
}

/// The next request.
enum Step {
    Create,
    Update(WebhookSubscriptionId, UpdateWebhookSubscription),
    Done(EnsuredSubscription),
}

impl Attempt {
    /// Compares with the subscriptions that exist.
    fn next(&self, subscriptions: Vec<WebhookSubscription>) -> Step {
        let wanted = &self.wanted;
        let same = subscriptions.into_iter().filter_map(|subscription| {
            let url = subscription.target_url.clone()?;
            target_url::is_same_endpoint(&url, &wanted.target_url).then_some((url, subscription))
        });
        let newest = same.max_by_key(|(url, _)| (target_url::rotation(url), *url == wanted.target_url));
        let Some((url, existing)) = newest else { return Step::Create };
        let changes = self.changes(&url, &existing);
        match changes == UpdateWebhookSubscription::new() {
            true => Step::Done(EnsuredSubscription {
                subscription: existing,
                change: SubscriptionChange::Unchanged,
            }),
            false => Step::Update(existing.id, changes),
        }
    }

    fn changes(&self, url: &str, existing: &WebhookSubscription) -> UpdateWebhookSubscription {
        let wanted = &self.wanted;
        let mut changes = UpdateWebhookSubscription::new();
        let wanted_url = target_url::rotated(&wanted.target_url, target_url::rotation(url));
        if url != wanted_url {
            changes = changes.target_url(wanted_url);
        }
        let names = |events| sorted(events, EventType::as_str);
        if names(&existing.subscribed_events) != names(&wanted.subscribed_events) {
            changes = changes.subscribed_events(wanted.subscribed_events.iter().cloned());
        }
        let lines = wanted.phone_numbers.as_deref().unwrap_or_default();
        if sorted(&existing.phone_numbers, Handle::as_str) != sorted(lines, Handle::as_str) {
            changes = match lines.is_empty() {
                true => changes.clear_phone_numbers(),
                false => changes.phone_numbers(lines.iter().cloned()),
            };
        }
        if wanted.routing_key_header.is_some() && wanted.routing_key_header != existing.routing_key_header {
            changes.routing_key_header = wanted.routing_key_header.clone().into();
        }
        if wanted.routing_id_header.is_some() && wanted.routing_id_header != existing.routing_id_header {
            changes.routing_id_header = wanted.routing_id_header.clone().into();
        }
        match existing.is_active {
            Some(false) => changes.is_active(true),
            _ => changes,
        }
    }

    /// Prepares another attempt after an error that allows one.
    fn recover(&mut self, error: Error) -> Result<(), Error> {
        match error.code() {
            Some(ErrorCode::FOREIGN_PHONE_NUMBER)
                if self.may_drop_lines && self.wanted.phone_numbers.is_some() =>
            {
                self.wanted.phone_numbers = None;
                Ok(())
            }
            // Another process created the subscription in the meantime.
            Some(ErrorCode::CONFLICT) if !self.had_conflict => {
                self.had_conflict = true;
                Ok(())
            }
            _ => Err(error),
        }
    }
}

/// Returns the elements as a set.
fn sorted<T>(elements: &[T], text: impl Fn(&T) -> &str) -> Vec<&str> {
    let mut texts: Vec<_> = elements.iter().map(text).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

impl<'c, F, A, E> IntoFuture for Ensure<'c, Client, F>
where
    F: FnOnce(SigningSecret) -> A + Send + 'c,
    A: Future<Output = Result<(), E>> + Send + 'c,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    type Output = Result<EnsuredSubscription, Error>;
    type IntoFuture = CallFuture<'c, EnsuredSubscription>;

    fn into_future(self) -> CallFuture<'c, EnsuredSubscription> {
        let Self { client, options, mut attempt, on_secret } = self;
        let requests = Requests::new(client, options);
        Box::pin(async move {
            loop {
                let error = match attempt.next(requests.list().await?.subscriptions) {
                    Step::Done(ensured) => return Ok(ensured),
                    Step::Update(id, changes) => match requests.update(&id, changes).await {
                        Ok(subscription) => {
                            let change = SubscriptionChange::Updated;
                            return Ok(EnsuredSubscription { subscription, change });
                        }
                        Err(error) => error,
                    },
                    Step::Create => match requests.create(&attempt.wanted).await {
                        Ok(created) => {
                            let subscription = requests.store(created, on_secret).await?;
                            let change = SubscriptionChange::Created;
                            return Ok(EnsuredSubscription { subscription, change });
                        }
                        Err(error) => error,
                    },
                };
                attempt.recover(error)?;
            }
        })
    }
}

#[cfg(feature = "blocking")]
impl<F, E> Ensure<'_, blocking::Client, F>
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
    pub fn call(self) -> Result<EnsuredSubscription, Error> {
        let Self { client, options, mut attempt, on_secret } = self;
        let requests = Requests::new(client, options);
        loop {
            let error = match attempt.next(requests.list().call()?.subscriptions) {
                Step::Done(ensured) => return Ok(ensured),
                Step::Update(id, changes) => match requests.update(&id, changes).call() {
                    Ok(subscription) => {
                        let change = SubscriptionChange::Updated;
                        return Ok(EnsuredSubscription { subscription, change });
                    }
                    Err(error) => error,
                },
                Step::Create => match requests.create(&attempt.wanted) {
                    Ok(created) => {
                        let subscription = requests.store(created, on_secret)?;
                        let change = SubscriptionChange::Created;
                        return Ok(EnsuredSubscription { subscription, change });
                    }
                    Err(error) => error,
                },
            };
            attempt.recover(error)?;
        }
    }
}

impl<C, F> fmt::Debug for Ensure<'_, C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ensure").field("wanted", &self.attempt.wanted).finish_non_exhaustive()
    }
}
