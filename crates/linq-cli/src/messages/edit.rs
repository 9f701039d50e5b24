use std::io::stdin;

use clap::Args;
use linq::types::{MessageId, messages::UpdateMessage};

use super::show;
use crate::{
    api_options::ApiOptions,
    failure::Failure,
    input::{Input, MessageText},
};

/// Change the text of a message that you sent by iMessage, within 15 minutes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq messages edit 69a37c7d-af4f-4b5e-af42-e28e98ce873a --message \"We open at ten\"\n"
)]
pub(super) struct Arguments {
    /// The id of the message.
    #[arg(value_name = "MESSAGE_ID")]
    id: MessageId,
    /// The new text. `@FILE` reads it from a file and `-` from standard input; `@@` is a text that starts with `@`.
    #[arg(long, short, value_name = "TEXT", allow_hyphen_values = true, value_parser = MessageText)]
    message: Input,
    /// The index of the part to change, from 0. By default the first.
    #[arg(long, value_name = "N")]
    part_index: Option<u32>,
    #[command(flatten)]
    pub(super) options: ApiOptions,
}

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let text = self.message.read_text(&mut stdin())?;
        let client = self.options.account.client()?;
        let mut update = UpdateMessage::new(text);
        update.part_index = self.part_index;
        self.options.output.show_call(client.messages().update(&self.id, update), show::message).await
    }
}
