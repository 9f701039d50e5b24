use clap::Args;
use linq::types::{
    Handle,
    events::EventType,
    webhook_subscriptions::{NewWebhookSubscription, WebhookSubscriptionCreateResponse},
};

use super::one_subscription::values;
use crate::{
    api_options::ApiOptions,
    failure::Failure,
    known_value,
    output::Style,
    table::{Cell, details},
};

/// Subscribe a URL to events. The response has the signing secret, which the API shows only this once.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq webhooks create --url https://example.com/linq --events message.received,message.sent\n  linq webhooks create --url https://example.com/linq?version=2026-02-03 --all-events\n"
)]
pub(super) struct Arguments {
    /// The `https` URL that gets the events. A query parameter `version` selects the format of the payloads.
    #[arg(long, value_name = "URL")]
    url: String,
    /// The event types, separated by commas. `linq webhooks events` lists them.
    #[arg(
        long,
        value_name = "EVENTS",
        value_delimiter = ',',
        value_parser = known_value::event_type(),
        hide_possible_values = true,
        required_unless_present = "all_events"
    )]
    events: Vec<EventType>,
    /// Subscribe to every event type that this version knows.
    #[arg(long)]
    all_events: bool,
    /// Deliver only the events of this line, in E.164 form. Can be repeated. By default those of all lines.
    #[arg(long, value_name = "PHONE")]
    phone_number: Vec<Handle>,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let events = if self.all_events { EventType::KNOWN } else { &self.events };
        let mut subscription = NewWebhookSubscription::new(&self.url, events);
        if !self.phone_number.is_empty() {
            subscription = subscription.phone_numbers(self.phone_number.iter().cloned());
        }
        self.options.output.show_call(client.webhook_subscriptions().create(subscription), created).await
    }
}

fn created(created: &WebhookSubscriptionCreateResponse, style: &Style) -> String {
    let mut values = values(&created.subscription, style);
    values.insert(2, ("signing secret", Cell::new(created.signing_secret.expose())));
    details(&values, style)
}
