use clap::Args;
use linq::types::webhook_subscriptions::{WebhookSubscription, WebhookSubscriptionListResponse};

use crate::{
    api_options::ApiOptions,
    failure::Failure,
    output::Style,
    table::{Cell, Heading, listing},
};

/// List the webhook subscriptions of the account.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  linq webhooks list\n  linq webhooks list --json\n")]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

const HEADINGS: &[Heading] = &[
    Heading::Whole("ID"),
    Heading::Shortened("URL"),
    Heading::Whole("EVENTS"),
    Heading::Whole("ACTIVE"),
    Heading::Whole("UPDATED"),
];

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        self.options.output.show_call(client.webhook_subscriptions().list(), text).await
    }
}

fn text(list: &WebhookSubscriptionListResponse, style: &Style) -> String {
    let row = |subscription: &WebhookSubscription| {
        vec![
            Cell::new(&subscription.id),
            Cell::of(subscription.target_url.as_ref()),
            Cell::new(subscription.subscribed_events.len()),
            Cell::yes_or_no(subscription.is_active),
            Cell::new(style.time(subscription.updated_at.as_ref())),
        ]
    };
    match &*list.subscriptions {
        [] => "No webhook subscriptions found.\n".to_owned(),
        subscriptions => listing(HEADINGS, subscriptions.iter().map(row).collect(), style, true),
    }
}

#[cfg(test)]
mod tests {
    use linq::types::json;

    use super::*;

    #[test]
    fn a_list_on_a_terminal_fits_and_has_relative_times_and_colors() {
        let body = r#"{"subscriptions": [
            {"id": "b2c3d4e5-f6a7-8901-bcde-f23456789012", "target_url": "https://example.com/a/path/that/is/long\u001b[2J",
             "subscribed_events": ["message.sent", "message.read"], "is_active": true, "updated_at": "2026-02-05T19:57:00Z"},
            {"id": "c2c3d4e5-f6a7-8901-bcde-f23456789012", "is_active": false}]}"#;
        let list: WebhookSubscriptionListResponse = json::from_slice(body.as_bytes()).unwrap();
        let style = Style { colored: true, ..Style::terminal() };
        insta::assert_snapshot!(text(&list, &style));
        insta::assert_snapshot!(text(&list, &Style::pipe()));
    }
}
