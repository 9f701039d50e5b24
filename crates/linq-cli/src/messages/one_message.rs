use clap::Args;
use linq::types::MessageId;
use serde_json::json;

use super::show;
use crate::{api_options::ApiOptions, failure::Failure};

/// A message.
#[derive(Debug, Args)]
pub(super) struct OneMessage {
    /// The id of the message.
    #[arg(value_name = "MESSAGE_ID")]
    message: MessageId,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

impl OneMessage {
    pub(super) async fn get(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        self.options.output.show_call(client.messages().retrieve(&self.message), show::message).await
    }

    pub(super) async fn delete(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let deleted = json!({ "deleted": true, "messageId": self.message });
        let sentence = format!("Message {} deleted", self.message);
        self.options.output.confirm(client.messages().delete(&self.message), deleted, &sentence).await
    }
}
