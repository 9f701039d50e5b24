use clap::Args;
use linq::types::webhook_events::WebhookEventListResponse;

use crate::{api_options::ApiOptions, failure::Failure, output::Style};

/// List the event types that the API delivers. The response is printed as JSON unless standard output is a terminal.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  linq webhooks events\n  linq webhooks events --json\n")]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let names = |list: &WebhookEventListResponse, _: &Style| {
            list.events.iter().map(|event| format!("{}\n", linq::types::escape(event))).collect()
        };
        self.options.output.or_json_in_pipes().show_call(client.webhook_events().list(), names).await
    }
}
