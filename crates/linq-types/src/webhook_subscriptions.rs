//! Webhook subscriptions: `/v3/webhook-subscriptions`.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Handle, Patch, Secret, Timestamp, WebhookSubscriptionId, events::EventType};

/// A webhook subscription to create: the body of `POST /v3/webhook-subscriptions`.
#[doc(alias = "WebhookSubscriptionCreateParams")]
#[doc(alias = "WebhookSubscriptionNewParams")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schemars-1",
    derive(schemars::JsonSchema),
    schemars(
        example = Self::new(
            "https://example.com/webhooks?version=2026-02-03",
            vec![EventType::MessageReceived]
        )
    )
)]
#[non_exhaustive]
pub struct NewWebhookSubscription {
    /// The `https` URL that events are sent to. It must be unique in the account.
    ///
    /// Add `?version=2026-02-03` to pin the payload format; otherwise the format depends on when the subscription was
    /// created.
    pub target_url: String,
    /// The [types](EventType) of the events to send, at least one.
    pub subscribed_events: Vec<EventType>,
    /// The lines whose events are sent, in E.164 form; `None` or empty means all lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_numbers: Option<Vec<Handle>>,
    /// The name of the header that carries your routing token. It enables delivery affinity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing_key_header: Option<String>,
    /// The name of the header that carries the chat id with delivery affinity; `None` means `Linq-Chat-Id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing_id_header: Option<String>,
}

impl NewWebhookSubscription {
    /// Creates a subscription that sends events of these types to this URL.
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

    setters! {
        /// Sets the lines whose events are sent.
        list phone_numbers: Handle,
        /// Enables delivery affinity, with your routing token in the header of this name.
        routing_key_header: String,
        /// Sets the name of the header that carries the chat id with delivery affinity.
        routing_id_header: String,
    }
}

/// Changes to a webhook subscription: the body of `PUT /v3/webhook-subscriptions/{subscriptionId}`.
///
/// Fields that are not set keep their values. The signing secret never changes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schemars-1",
    derive(schemars::JsonSchema),
    schemars(example = Self::new().is_active(true))
)]
#[non_exhaustive]
pub struct UpdateWebhookSubscription {
    /// The `https` URL that events are sent to. It must be unique in the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_url: Option<String>,
    /// The [types](EventType) of the events to send, which replace the previous ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscribed_events: Option<Vec<EventType>>,
    /// Whether events are sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// The lines whose events are sent, in E.164 form; cleared or empty means all lines.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub phone_numbers: Patch<Vec<Handle>>,
    /// The name of the header that carries your routing token.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub routing_key_header: Patch<String>,
    /// The name of the header that carries the chat id with delivery affinity.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub routing_id_header: Patch<String>,
}

impl UpdateWebhookSubscription {
    /// Creates an update without changes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the lines whose events are sent.
    #[must_use]
    pub fn phone_numbers<H: Into<Handle>>(mut self, phone_numbers: impl IntoIterator<Item = H>) -> Self {
        self.phone_numbers = Patch::Set(phone_numbers.into_iter().map(Into::into).collect());
        self
    }

    /// Clears [`phone_numbers`](Self#structfield.phone_numbers): events of all lines are sent.
    #[must_use]
    pub fn clear_phone_numbers(mut self) -> Self {
        self.phone_numbers = Patch::Clear;
        self
    }

    setters! {
        /// Sets the URL that events are sent to.
        target_url: String,
        /// Sets the types of the events to send, replacing the previous ones.
        list subscribed_events: EventType,
        /// Sets whether events are sent.
        plain is_active: bool,
    }

    patches! {
        /// Enables delivery affinity, with your routing token in the header of this name.
        routing_key_header, clear_routing_key_header: String,
        /// Sets the name of the header that carries the chat id with delivery affinity.
        routing_id_header, clear_routing_id_header: String,
    }
}

checks! {
    NewWebhookSubscription: phone_numbers;
    UpdateWebhookSubscription: phone_numbers;
}

/// The response to creating a webhook subscription: the only response with the signing secret.
#[doc(alias = "WebhookSubscriptionNewResponse")]
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WebhookSubscriptionCreateResponse {
    /// The secret that deliveries are signed with. It cannot be retrieved again: store it.
    pub signing_secret: SigningSecret,
    /// The [subscription](WebhookSubscription).
    #[serde(flatten)]
    pub subscription: WebhookSubscription,
}

/// Reads the fields of both at once: what serde flattens is buffered, and no longer read leniently.
impl<'de> Deserialize<'de> for WebhookSubscriptionCreateResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Created {
            signing_secret: SigningSecret,
            id: WebhookSubscriptionId,
            target_url: Option<String>,
            #[serde(default, deserialize_with = "crate::list::or_empty")]
            subscribed_events: Vec<EventType>,
            #[serde(default, deserialize_with = "crate::list::or_empty")]
            phone_numbers: Vec<Handle>,
            is_active: Option<bool>,
            created_at: Option<Timestamp>,
            updated_at: Option<Timestamp>,
            routing_key_header: Option<String>,
            routing_id_header: Option<String>,
        }

        let created = Created::deserialize(deserializer)?;
        Ok(Self {
            signing_secret: created.signing_secret,
            subscription: WebhookSubscription {
                id: created.id,
                target_url: created.target_url,
                subscribed_events: created.subscribed_events,
                phone_numbers: created.phone_numbers,
                is_active: created.is_active,
                created_at: created.created_at,
                updated_at: created.updated_at,
                routing_key_header: created.routing_key_header,
                routing_id_header: created.routing_id_header,
            },
        })
    }
}

/// A webhook subscription.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookSubscription {
    /// The id of the subscription. Deliveries carry it in the `X-Webhook-Subscription-ID` header.
    pub id: WebhookSubscriptionId,
    /// The URL that events are sent to; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_url: Option<String>,
    /// The [types](EventType) of the events to send.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub subscribed_events: Vec<EventType>,
    /// The lines whose events are sent, in E.164 form; empty means all lines.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub phone_numbers: Vec<Handle>,
    /// Whether events are sent; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// When the subscription was created; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When the subscription last changed; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// The name of the header that carries your routing token; `None` if delivery affinity is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing_key_header: Option<String>,
    /// The name of the header that carries the chat id with delivery affinity; `None` if delivery affinity is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing_id_header: Option<String>,
}

/// The response to listing webhook subscriptions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookSubscriptionListResponse {
    /// The [subscriptions](WebhookSubscription) of the account. The list is complete: it has no pages.
    #[serde(default, deserialize_with = "crate::list::identifying")]
    pub subscriptions: Vec<WebhookSubscription>,
}

/// The secret that webhooks are signed with.
pub type SigningSecret = Secret;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_redacts_the_signing_secret() {
        let json = r#"{"id":"s","target_url":"https://example.com","subscribed_events":["message.received"],
            "is_active":true,"created_at":"2026-02-05T19:52:17Z","updated_at":"2026-02-05T19:52:17Z",
            "signing_secret":"whsec_c2VjcmV0"}"#;
        let created: WebhookSubscriptionCreateResponse = serde_json::from_str(json).unwrap();
        assert_eq!(created.signing_secret.expose(), "whsec_c2VjcmV0");
        assert!(!format!("{created:?}").contains("c2VjcmV0"));
    }
}
