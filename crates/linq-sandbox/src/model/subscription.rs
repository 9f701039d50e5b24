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
    pub(crate) format: Format,
    /// Those of V2 by their names, also if V3 has no such event.
    pub(crate) events: Vec<EventType>,
    /// Empty means all lines.
    pub(crate) phone_numbers: Vec<Handle>,
    pub(crate) is_active: bool,
    /// Empty for V2, which never returns it.
    pub(crate) secret: SigningSecret,
    /// `None` if deliveries are not signed.
    pub(crate) signer: Option<Signer>,
    pub(crate) routing_key_header: Option<String>,
    pub(crate) routing_id_header: Option<String>,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
    /// The deliveries of a V2 subscription.
    pub(crate) deliveries: Deliveries,
}

/// The API and the version of the payloads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Format {
    V3(WebhookVersion),
    V2,
}

/// The deliveries that were attempted.
#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    pub(crate) attempts: u64,
    pub(crate) last_success: Option<Moment>,
}

impl Subscription {
    pub(crate) fn is_of_v3(&self) -> bool {
        self.format != Format::V2
    }

    /// Returns `true` if the event of V3 is to be delivered. Events about no line pass every line filter. The older payload
    /// version has no edits.
    pub(crate) fn wants(&self, event_type: &EventType, line: Option<&Handle>) -> bool {
        let has_event = match self.format {
            Format::V3(WebhookVersion::V2025_01_01) => *event_type != EventType::MessageEdited,
            Format::V3(_) => true,
            Format::V2 => false,
        };
        has_event
            && self.is_active
            && self.events.contains(event_type)
            && (self.phone_numbers.is_empty() || line.is_none_or(|line| self.phone_numbers.contains(line)))
    }

    /// Returns `true` if the event of V2 is to be delivered.
    pub(crate) fn wants_v2(&self, event_type: &EventType) -> bool {
        self.format == Format::V2 && self.is_active && self.events.contains(event_type)
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
            format: Format::V3(WebhookVersion::V2026_02_03),
            events: vec![EventType::MessageSent],
            phone_numbers: vec![line.clone()],
            is_active: true,
            secret: secret.into(),
            signer: Some(Signer::new(secret).unwrap()),
            routing_key_header: None,
            routing_id_header: None,
            created_at: now,
            updated_at: now,
            deliveries: Deliveries::default(),
        };
        assert!(subscription.wants(&EventType::MessageSent, Some(&line)));
        assert!(!subscription.wants(&EventType::MessageRead, Some(&line)));
        assert!(!subscription.wants(&EventType::MessageSent, Some(&"+12025550101".into())));
        subscription.is_active = false;
        assert!(!subscription.wants(&EventType::MessageSent, Some(&line)));
    }
}
