use clap::Args;
use linq::types::{MessageId, messages::ThreadOrder};

use super::show::MESSAGES;
use crate::{
    api_options::ApiOptions,
    failure::Failure,
    known_value,
    paging::{Paging, quoted},
};

/// List the messages of a thread: a message and the replies to it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq messages thread 69a37c7d-af4f-4b5e-af42-e28e98ce873a\n  linq messages thread 69a37c7d-af4f-4b5e-af42-e28e98ce873a --limit 10 --order desc\n"
)]
pub(super) struct Arguments {
    /// The id of any message of the thread.
    #[arg(value_name = "MESSAGE_ID")]
    message: MessageId,
    #[command(flatten)]
    paging: Paging,
    /// The order: `asc`, oldest first, is that of the API.
    #[arg(long, value_name = "ORDER", value_parser = known_value::order())]
    order: Option<ThreadOrder>,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let client = self.options.account.client()?;
        let mut list = client.messages().list_thread(&self.message);
        let mut command = format!("linq messages thread {}", quoted(self.message.as_str()));
        if let Some(order) = &self.order {
            list = list.order(order);
            command.push_str(&format!(" --order {order}"));
        }
        self.paging.print(list, None, &MESSAGES, &self.options, &command).await
    }
}
