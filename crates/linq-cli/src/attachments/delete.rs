use clap::Args;
use linq::types::AttachmentId;
use serde_json::json;

use crate::{api_options::ApiOptions, failure::Failure};

/// Delete an attachment.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  linq attachments delete abc12345-1234-5678-9abc-def012345678\n")]
pub(super) struct Arguments {
    /// The id of the attachment.
    #[arg(value_name = "ATTACHMENT_ID")]
    attachment: AttachmentId,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let call = client.attachments().delete(&self.attachment);
        let deleted = json!({ "deleted": true, "attachmentId": self.attachment });
        let sentence = format!("Attachment {} deleted", self.attachment);
        self.options.output.confirm(call, deleted, &sentence).await
    }
}
