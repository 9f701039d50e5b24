use clap::Args;
use linq::types::{
    ChatId,
    messages::{Message, ThreadOrder},
};

use super::show::MESSAGES;
use crate::{
    api_options::ApiOptions,
    exit_code,
    failure::Failure,
    known_value,
    paging::{Listing, Paging, quoted},
};

const DEFAULT_LIMIT: u32 = 50;

/// List the messages of a chat, newest first: 50, or --limit, or --all.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq messages list 550e8400-e29b-41d4-a716-446655440000 --limit 10\n  linq messages list 550e8400-e29b-41d4-a716-446655440000 --order asc\n  linq messages list 550e8400-e29b-41d4-a716-446655440000 --all --json\n"
)]
pub(super) struct Arguments {
    /// The id of the chat.
    #[arg(value_name = "CHAT_ID")]
    chat: ChatId,
    #[command(flatten)]
    paging: Paging,
    /// Sort the page by time: `asc` is oldest first. The page itself is that of the newest messages, or of the cursor.
    #[arg(long, value_name = "ORDER", value_parser = known_value::order())]
    order: Option<ThreadOrder>,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        if self.order.is_some() && !self.paging.is_one_page() {
            let failure = Failure::new("--order sorts one page: use it with a --limit of 100 at most");
            return Err(failure.with_exit_code(exit_code::USAGE));
        }
        let client = self.options.account.client()?;
        let list = client.chats().messages(&self.chat).list();
        let command = format!("linq messages list {}", quoted(self.chat.as_str()));
        let listing: Listing<Message> = Listing { order: self.order.clone(), ..MESSAGES };
        self.paging.print(list, Some(DEFAULT_LIMIT), &listing, &self.options, &command).await
    }
}
