//! `linq messages`: messages in chats.

use clap::{Args, Subcommand};

use self::one_message::OneMessage;
use crate::failure::Failure;

mod edit;
mod list;
mod one_message;
mod react;
mod send;
mod show;
mod thread;

/// Send, list and change messages.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  linq messages list 550e8400-e29b-41d4-a716-446655440000\n"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Send(send::Arguments),
    List(list::Arguments),
    /// Show a message.
    #[command(after_help = "Examples:\n  linq messages get 69a37c7d-af4f-4b5e-af42-e28e98ce873a\n")]
    Get(OneMessage),
    Edit(edit::Arguments),
    /// Delete a message from Linq. The recipients keep it.
    #[command(after_help = "Examples:\n  linq messages delete 69a37c7d-af4f-4b5e-af42-e28e98ce873a\n")]
    Delete(OneMessage),
    React(react::Arguments),
    Thread(thread::Arguments),
}

impl Arguments {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        match &self.command {
            Command::Send(arguments) => arguments.run().await,
            Command::List(arguments) => arguments.run().await,
            Command::Get(message) => message.get().await,
            Command::Edit(arguments) => arguments.run().await,
            Command::Delete(message) => message.delete().await,
            Command::React(arguments) => arguments.run().await,
            Command::Thread(arguments) => arguments.run().await,
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        let options = match &self.command {
            Command::Send(arguments) => &arguments.options,
            Command::List(arguments) => &arguments.options,
            Command::Edit(arguments) => &arguments.options,
            Command::React(arguments) => &arguments.options,
            Command::Thread(arguments) => &arguments.options,
            Command::Get(message) | Command::Delete(message) => &message.options,
        };
        options.output.json
    }
}
