use clap::Args;
use linq::types::ChatId;
use serde_json::Value;

use crate::{api_options::ApiOptions, failure::Failure};

/// Show the typing indicator in a chat, or hide it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq chats typing 550e8400-e29b-41d4-a716-446655440000\n  linq chats typing 550e8400-e29b-41d4-a716-446655440000 --stop\n"
)]
pub(super) struct Arguments {
    /// The id of the chat.
    #[arg(value_name = "CHAT_ID")]
    chat: ChatId,
    /// Hide the indicator.
    #[arg(long)]
    stop: bool,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let typing = client.chats().typing(&self.chat);
        let (call, change) = match self.stop {
            false => (typing.start(), "started"),
            true => (typing.stop(), "stopped"),
        };
        let sentence = format!("Typing indicator {change} in chat {}", self.chat);
        self.options.output.confirm(call, Value::Null, &sentence).await
    }
}
