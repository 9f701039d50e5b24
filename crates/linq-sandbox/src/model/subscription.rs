use http::Uri;
use linq_types::{
    Handle, WebhookSubscriptionId,
    events::{EventType, WebhookVersion},
    webhook_subscriptions::SigningSecret,
};
use linq_webhooks::Signer;

use crate::clock::Moment;

/// A webhook subscription.
pub(crate) struct Subscription {
    pub(crate) id: WebhookSubscriptionId,
    pub(crate) target_url: String,
    pub(crate) target: Uri,
    pub(crate) version: WebhookVersion,
    pub(crate) events: Vec<EventType>,
    /// Empty means all lines.
    pub(crate) phone_numbers: Vec<Handle>,
    pub(crate) is_active: bool,
    pub(crate) secret: SigningSecret,
    pub(crate) signer: Signer,
    pub(crate) routing_key_header: Option<String>,
    pub(crate) routing_id_header: Option<String>,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
}

impl Subscription {
    /// Returns `true` if the event is to be delivered. Events about no line pass every line filter. The older payload
    /// version has no edits.
    pub(crate) fn wants(&self, event_type: &EventType, line: Option<&Handle>) -> bool {
        self.is_active
            && self.events.contains(event_type)
            && (self.version != WebhookVersion::V2025_01_01 || *event_type != EventType::MessageEdited)
            && (self.phone_numbers.is_empty() || line.is_none_or(|line| self.phone_numbers.contains(line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn a_subscription_that_is_paused_wants_nothing() {
        let line = Handle::from("+12025550100");
        let secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        let now = Clock::start(None, true).unwrap().now();
        let mut subscription = Subscription {
            id: "s1".into(),
            target_url: "https://example.com".to_owned(),
            target: Uri::from_static("https://example.com"),
            version: WebhookVersion::V2026_02_03,
            events: vec![EventType::MessageSent],
            phone_numbers: vec![line.clone()],
            is_active: true,
            secret: secret.into(),
            signer: Signer::new(secret).unwrap(),
            routing_key_header: None,
            routing_id_header: None,
            created_at: now,
            updated_at: now,
        };
        assert!(subscription.wants(&EventType::MessageSent, Some(&line)));
        assert!(!subscription.wants(&EventType::MessageRead, Some(&line)));
        assert!(!subscription.wants(&EventType::MessageSent, Some(&"+12025550101".into())));
        subscription.is_active = false;
        assert!(!subscription.wants(&EventType::MessageSent, Some(&line)));
    }
}
