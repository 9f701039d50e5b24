use clap::Args;
use linq::types::{ChatId, chats::UpdateChat};

use super::one_chat::text;
use crate::{
    api_options::ApiOptions,
    exit_code,
    failure::Failure,
    output::{Style, print_body},
    terminal::print,
};

/// Change the name or the icon of a group.
///
/// With --json, prints the response to the change; otherwise requests the chat after it and prints that.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq chats update 550e8400-e29b-41d4-a716-446655440000 --name \"Book club\"\n  linq chats update 550e8400-e29b-41d4-a716-446655440000 --icon https://example.com/icon.png\n"
)]
pub(super) struct Arguments {
    /// The id of the group.
    #[arg(value_name = "CHAT_ID")]
    chat: ChatId,
    /// The new name.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true, required_unless_present = "icon")]
    name: Option<String>,
    /// The `https` URL of the new icon.
    #[arg(long, value_name = "URL")]
    icon: Option<String>,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let mut update = UpdateChat::new();
        update.display_name = self.name.clone().filter(|name| !name.is_empty());
        update.group_chat_icon = self.icon.clone().filter(|icon| !icon.is_empty());
        if update == UpdateChat::new() {
            return Err(Failure::new("missing --name or --icon").with_exit_code(exit_code::USAGE));
        }
        let client = self.options.account.client()?;
        let updated = client.chats().update(&self.chat, update).raw().await?;
        if self.options.output.json {
            return print_body(&updated);
        }
        let chat = client.chats().retrieve(&self.chat).await.map_err(Failure::from);
        let chat = chat.map_err(|failure| failure.with_note("the change was accepted"))?;
        print(&text(&chat, &Style::of_stdout()))
    }
}
