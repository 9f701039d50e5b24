//! Webhook subscriptions that last no longer than a command.

use std::{mem, thread, time::Duration};

use linq::{
    Client, Error,
    types::{
        WebhookSubscriptionId,
        events::EventType,
        webhook_subscriptions::{NewWebhookSubscription, SigningSecret, UpdateWebhookSubscription},
    },
    webhooks::{Schemes, Verifier},
};
use tokio::{runtime, time::timeout};

use crate::failure::Failure;

/// The timeout for the deletion, with its retries.
const DELETE_TIMEOUT: Duration = Duration::from_secs(10);

/// A subscription that is deleted with [`delete`](Self::delete), or when it is dropped, as by a panic. Its secret is in memory
/// only.
#[derive(Debug)]
pub(crate) struct TemporarySubscription {
    client: Client,
    id: WebhookSubscriptionId,
    secret: SigningSecret,
    is_deleted: bool,
}

impl TemporarySubscription {
    /// Subscribes a URL to these types of events; to all that the API knows if there are none.
    ///
    /// Polls the future to its end, since dropping it could leave the subscription behind.
    pub(crate) async fn create(
        client: &Client,
        target_url: String,
        mut events: Vec<EventType>,
    ) -> Result<Self, Failure> {
        if events.is_empty() {
            events = client.webhook_events().list().await?.events;
        }
        let new = NewWebhookSubscription::new(target_url.clone(), events);
        match client.webhook_subscriptions().create(new).await {
            Ok(created) => Ok(Self {
                client: client.clone(),
                id: created.subscription.id,
                secret: created.signing_secret,
                is_deleted: false,
            }),
            Err(error) => {
                if error.maybe_sent() {
                    delete_lost(client, &target_url).await;
                }
                Err(error.into())
            }
        }
    }

    pub(crate) fn id(&self) -> &WebhookSubscriptionId {
        &self.id
    }

    /// Returns a verifier of the deliveries.
    pub(crate) fn verifier(&self, schemes: Schemes, tolerance: Duration) -> Result<Verifier, Failure> {
        let verifier =
            Verifier::for_schemes(schemes, self.secret.clone()).map_err(|error| error.to_string())?;
        Ok(verifier.tolerance(tolerance))
    }

    /// Changes the URL.
    pub(crate) async fn move_to(&self, target_url: String) -> Result<(), Error> {
        let changes = UpdateWebhookSubscription::new().target_url(target_url);
        self.client.webhook_subscriptions().update(&self.id, changes).await.map(drop)
    }

    /// Deletes the subscription. The error says how to do it by hand.
    pub(crate) async fn delete(mut self) -> Result<(), Failure> {
        self.is_deleted = true;
        delete(&self.client, &self.id).await
    }
}

/// Deletes the subscription if nobody did, without the runtime of the task, which may be about to end.
impl Drop for TemporarySubscription {
    fn drop(&mut self) {
        if mem::replace(&mut self.is_deleted, true) {
            return;
        }
        let (client, id) = (self.client.clone(), self.id.clone());
        let deletion = thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build();
            runtime.map_err(|error| Failure::new(error.to_string()))?.block_on(delete(&client, &id))
        });
        if let Ok(Err(failure)) = deletion.join() {
            let _ = crate::terminal::say_error(&failure.to_string());
        }
    }
}

async fn delete(client: &Client, id: &WebhookSubscriptionId) -> Result<(), Failure> {
    let deletion = async { client.webhook_subscriptions().delete(id).await };
    let (failure, reason) = match timeout(DELETE_TIMEOUT, deletion).await {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) if error.is_not_found() => return Ok(()),
        Ok(Err(error)) => {
            let reason = error.to_string();
            (Failure::from(error), reason)
        }
        Err(_) => (Failure::new(""), format!("timed out after {} s", DELETE_TIMEOUT.as_secs())),
    };
    Err(failure.with_message(format!(
        "cannot delete the temporary subscription {id}: {reason}; delete it with `linq webhooks delete {id}`"
    )))
}

/// Deletes a subscription that may have been created although the response was lost, and with it the secret.
async fn delete_lost(client: &Client, target_url: &str) {
    let Ok(listed) = client.webhook_subscriptions().list().await else { return };
    let mut lost = listed.subscriptions.iter().filter(|one| one.target_url.as_deref() == Some(target_url));
    if let Some(lost) = lost.next() {
        let _ = client.webhook_subscriptions().delete(&lost.id).await;
    }
}
