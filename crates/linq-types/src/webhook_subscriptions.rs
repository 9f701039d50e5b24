//! Webhook subscriptions: `/v3/webhook-subscriptions`.

use serde::{Deserialize, Serialize};

use crate::{Handle, Patch, Secret, Timestamp, WebhookSubscriptionId, events::EventType};

/// A subscription to make: the body of `POST /v3/webhook-subscriptions`.
#[doc(alias = "WebhookSubscriptionCreateParams")]
#[doc(alias = "WebhookSubscriptionNewParams")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewWebhookSubscription {
    /// Where events are posted to: `https`, each address once per account.
    ///
    /// Add `?version=2026-02-03` to pin the format of the payloads; without it the format depends on when the
    /// subscription was made.
    pub target_url: String,
    /// The events wanted, at least one.
    pub subscribed_events: Vec<EventType>,
    /// Only events of these lines; absent or empty means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_numbers: Option<Vec<Handle>>,
    /// The header that carries your routing token back to you: switches delivery affinity on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing_key_header: Option<String>,
    /// The header that carries the chat's id with delivery affinity; `Linq-Chat-Id` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing_id_header: Option<String>,
}

impl NewWebhookSubscription {
    /// Posts these events to this address.
    pub fn new<E: Into<EventType>>(
        target_url: impl Into<String>,
        subscribed_events: impl IntoIterator<Item = E>,
    ) -> Self {
        Self {
            target_url: target_url.into(),
            subscribed_events: subscribed_events.into_iter().map(Into::into).collect(),
            phone_numbers: None,
            routing_key_header: None,
            routing_id_header: None,
        }
    }

    /// Only events of these lines.
    #[must_use]
    pub fn phone_numbers<H: Into<Handle>>(mut self, phone_numbers: impl IntoIterator<Item = H>) -> Self {
        self.phone_numbers = Some(phone_numbers.into_iter().map(Into::into).collect());
        self
    }

    setters! {
        /// Switches delivery affinity on, with your routing token in this header.
        routing_key_header: String,
        /// Sets the header of the chat's id with delivery affinity.
        routing_id_header: String,
    }
}

/// Changes to a subscription: the body of `PUT /v3/webhook-subscriptions/{subscriptionId}`.
///
/// What is left out keeps its value. The signing secret never changes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UpdateWebhookSubscription {
    /// Where events are posted to: `https`, each address once per account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_url: Option<String>,
    /// The events wanted, in place of those before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscribed_events: Option<Vec<EventType>>,
    /// Whether events are delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// Only events of these lines; cleared or empty means all.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub phone_numbers: Patch<Vec<Handle>>,
    /// The header that carries your routing token back to you.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub routing_key_header: Patch<String>,
    /// The header that carries the chat's id with delivery affinity.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub routing_id_header: Patch<String>,
}

impl UpdateWebhookSubscription {
    /// No changes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Delivers these events, in place of those before.
    #[must_use]
    pub fn subscribed_events<E: Into<EventType>>(mut self, events: impl IntoIterator<Item = E>) -> Self {
        self.subscribed_events = Some(events.into_iter().map(Into::into).collect());
        self
    }

    /// Delivers only events of these lines.
    #[must_use]
    pub fn phone_numbers<H: Into<Handle>>(mut self, phone_numbers: impl IntoIterator<Item = H>) -> Self {
        self.phone_numbers = Patch::Set(phone_numbers.into_iter().map(Into::into).collect());
        self
    }

    /// Delivers events of all lines.
    #[must_use]
    pub fn clear_phone_numbers(mut self) -> Self {
        self.phone_numbers = Patch::Clear;
        self
    }

    setters! {
        /// Posts events to this address.
        target_url: String,
        /// Switches delivery on or off.
        plain is_active: bool,
    }

    patches! {
        /// Switches delivery affinity on, with your routing token in this header.
        routing_key_header, clear_routing_key_header: String,
        /// Sets the header of the chat's id with delivery affinity.
        routing_id_header, clear_routing_id_header: String,
    }
}

checks! {
    NewWebhookSubscription: phone_numbers;
}

/// A subscription just made: the only answer that has the secret.
#[doc(alias = "WebhookSubscriptionNewResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookSubscriptionCreateResponse {
    /// The key that deliveries are signed with. It cannot be read again: keep it.
    pub signing_secret: SigningSecret,
    /// The subscription.
    #[serde(flatten)]
    pub subscription: WebhookSubscription,
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookSubscription {
    /// The subscription's id; deliveries name it in `X-Webhook-Subscription-ID`.
    pub id: WebhookSubscriptionId,
    /// Where events are posted to.
    pub target_url: String,
    /// The events wanted.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub subscribed_events: Vec<EventType>,
    /// Only events of these lines; absent or empty means all.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub phone_numbers: Vec<Handle>,
    /// Whether events are delivered at present.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// The header that carries your routing token back to you.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing_key_header: Option<String>,
    /// The header that carries the chat's id with delivery affinity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing_id_header: Option<String>,
}

/// All subscriptions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookSubscriptionListResponse {
    /// The subscriptions, all of them: this list has no pages.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub subscriptions: Vec<WebhookSubscription>,
}

/// The key that webhooks are signed with.
pub type SigningSecret = Secret;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_never_printed() {
        let json = r#"{"id":"s","target_url":"https://example.com","subscribed_events":["message.received"],
            "is_active":true,"created_at":"2026-02-05T19:52:17Z","updated_at":"2026-02-05T19:52:17Z",
            "signing_secret":"whsec_c2VjcmV0"}"#;
        let created: WebhookSubscriptionCreateResponse = serde_json::from_str(json).unwrap();
        assert_eq!(created.signing_secret.expose(), "whsec_c2VjcmV0");
        assert!(!format!("{created:?}").contains("c2VjcmV0"));
    }
}
