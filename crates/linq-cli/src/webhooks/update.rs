use clap::Args;
use linq::types::{
    WebhookSubscriptionId, events::EventType, webhook_subscriptions::UpdateWebhookSubscription,
};

use super::one_subscription::text;
use crate::{api_options::ApiOptions, failure::Failure, known_value};

/// Change a subscription: its URL, its events, or whether it is active.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq webhooks update b2c3d4e5-f6a7-8901-bcde-f23456789012 --url https://example.com/new\n  linq webhooks update b2c3d4e5-f6a7-8901-bcde-f23456789012 --events message.received\n  linq webhooks update b2c3d4e5-f6a7-8901-bcde-f23456789012 --deactivate\n"
)]
#[group(id = "change", required = true, multiple = true, args = ["url", "events", "activate", "deactivate"])]
pub(super) struct Arguments {
    /// The id of the subscription.
    #[arg(value_name = "SUBSCRIPTION_ID")]
    subscription: WebhookSubscriptionId,
    /// The new `https` URL.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The new event types, separated by commas, in place of the old ones.
    #[arg(
        long,
        value_name = "EVENTS",
        value_delimiter = ',',
        value_parser = known_value::event_type(),
        hide_possible_values = true
    )]
    events: Vec<EventType>,
    /// Deliver events.
    #[arg(long, conflicts_with = "deactivate")]
    activate: bool,
    /// Deliver no events until it is activated.
    #[arg(long)]
    deactivate: bool,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let mut changes = UpdateWebhookSubscription::new();
        changes.target_url.clone_from(&self.url);
        changes.subscribed_events = Some(self.events.clone()).filter(|events| !events.is_empty());
        changes.is_active = (self.activate || self.deactivate).then_some(self.activate);
        let call = client.webhook_subscriptions().update(&self.subscription, changes);
        self.options.output.show_call(call, text).await
    }
}
