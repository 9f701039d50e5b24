//! Webhook subscriptions: `/v2/webhook_subscriptions`.

use serde::{Deserialize, Serialize};

use super::{EventType, Id, Time};
use crate::Secret;

/// A webhook subscription to create or to replace another one: inside of [`Wrapped`], the body of
/// `POST /v2/webhook_subscriptions` and `PUT /v2/webhook_subscriptions/{subscriptionId}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewWebhookSubscription {
    /// The URL that events are sent to. Several subscriptions can have the same URL; each of them is then sent to it.
    pub webhook_url: String,
    /// The version of the payloads: `2`.
    pub version: u32,
    /// The [types](EventType) of the events to send.
    pub events: Vec<EventType>,
    /// The secret that deliveries are signed with, which you choose; `None` for unsigned deliveries. The API never returns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
    /// Whether events are sent; `None` leaves it to the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

impl NewWebhookSubscription {
    /// Creates a subscription that sends events of these types to this URL.
    pub fn new<E: Into<EventType>>(
        webhook_url: impl Into<String>,
        events: impl IntoIterator<Item = E>,
    ) -> Self {
        Self {
            webhook_url: webhook_url.into(),
            version: 2,
            events: events.into_iter().map(Into::into).collect(),
            secret: None,
            active: None,
        }
    }

    setters! {
        /// Sets the secret that deliveries are signed with. Choose it at random, with at least 32 characters.
        secret: Secret,
        /// Sets whether events are sent.
        plain active: bool,
    }
}

/// The field that requests and responses have one subscription in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "the wire format has this one field")]
pub struct Wrapped<T> {
    /// The subscription.
    pub webhook_subscription: T,
}

/// A webhook subscription.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookSubscription {
    /// The id of the subscription.
    pub id: Id,
    /// The URL that events are sent to; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_url: Option<String>,
    /// The version of the payloads; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The [types](EventType) of the events to send.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub events: Vec<EventType>,
    /// Whether events are sent; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Whether deliveries are signed with a secret; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_configured: Option<bool>,
    /// When the last delivery succeeded; `None` if none has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_delivered_at: Option<Time>,
    /// The number of deliveries that were attempted; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_attempts: Option<u64>,
    /// When the subscription was created; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Time>,
    /// When the subscription last changed; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Time>,
}

/// The response to listing webhook subscriptions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookSubscriptionListResponse {
    /// The [subscriptions](WebhookSubscription) of the account. The list is complete: it has no pages.
    #[serde(default, deserialize_with = "crate::list::identifying")]
    pub webhook_subscriptions: Vec<WebhookSubscription>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_redacts_the_secret() {
        let new =
            NewWebhookSubscription::new("https://example.com", [EventType::MessageSent]).secret("my-secret");
        assert!(!format!("{new:?}").contains("my-secret"));
        assert_eq!(new.secret.unwrap().expose(), "my-secret");
    }
}
