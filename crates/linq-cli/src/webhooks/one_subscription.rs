use clap::Args;
use linq::types::{WebhookSubscriptionId, webhook_subscriptions::WebhookSubscription};
use serde_json::json;

use crate::{
    api_options::ApiOptions,
    failure::Failure,
    output::Style,
    table::{Cell, details},
};

/// A subscription.
#[derive(Debug, Args)]
pub(super) struct OneSubscription {
    /// The id of the subscription.
    #[arg(value_name = "SUBSCRIPTION_ID")]
    subscription: WebhookSubscriptionId,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

impl OneSubscription {
    pub(super) async fn get(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let call = client.webhook_subscriptions().retrieve(&self.subscription);
        self.options.output.show_call(call, text).await
    }

    pub(super) async fn delete(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let call = client.webhook_subscriptions().delete(&self.subscription);
        let deleted = json!({ "deleted": true, "subscriptionId": self.subscription });
        let sentence = format!("Subscription {} deleted", self.subscription);
        self.options.output.confirm(call, deleted, &sentence).await
    }
}

pub(super) fn text(subscription: &WebhookSubscription, style: &Style) -> String {
    details(&values(subscription, style), style)
}

/// Returns the fields of a subscription, with an entry for each event type.
pub(super) fn values(subscription: &WebhookSubscription, style: &Style) -> Vec<(&'static str, Cell)> {
    let mut values = vec![
        ("id", Cell::new(&subscription.id)),
        ("url", Cell::of(subscription.target_url.as_ref())),
        ("active", Cell::yes_or_no(subscription.is_active)),
        ("created", Cell::new(style.time(subscription.created_at.as_ref()))),
        ("updated", Cell::new(style.time(subscription.updated_at.as_ref()))),
    ];
    values.extend(subscription.phone_numbers.iter().map(|line| ("line", Cell::new(line))));
    values.extend(subscription.subscribed_events.iter().map(|event| ("event", Cell::new(event))));
    values
}
