//! `linq webhooks`: subscriptions to events.

use std::io::Read;

use clap::{Args, Subcommand};

use self::one_subscription::OneSubscription;
use crate::{
    failure::Failure,
    listen::{self, Listener},
    webhook,
};

mod create;
mod events;
mod list;
mod one_subscription;
mod update;

/// Create, list and change webhook subscriptions.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true, after_help = "Examples:\n  linq webhooks list\n")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(create::Arguments),
    List(list::Arguments),
    /// Show a subscription.
    #[command(after_help = "Examples:\n  linq webhooks get b2c3d4e5-f6a7-8901-bcde-f23456789012\n")]
    Get(OneSubscription),
    Update(update::Arguments),
    /// Delete a subscription.
    #[command(after_help = "Examples:\n  linq webhooks delete b2c3d4e5-f6a7-8901-bcde-f23456789012\n")]
    Delete(OneSubscription),
    Events(events::Arguments),
    /// Receive webhooks through the relay of the service and print each event, until Ctrl-C.
    #[command(
        after_help = "Examples:\n  linq webhooks listen\n  linq webhooks listen --events message.received,message.sent\n  linq webhooks listen --json --forward-to http://localhost:3000/webhook"
    )]
    Listen(Box<listen::Arguments>),
    /// Receive webhooks through the relay of the service and print each with its payload, until Ctrl-C.
    #[command(
        after_help = "Examples:\n  linq webhooks tail\n  linq webhooks tail --events message.received --record events.jsonl"
    )]
    Tail(Box<listen::Arguments>),
    #[command(flatten)]
    Offline(webhook::Command),
}

impl Arguments {
    /// Runs the command, which reads this input if its file is `-`.
    pub(crate) async fn run(self, stdin: &mut impl Read) -> Result<(), Failure> {
        match self.command {
            Command::Create(arguments) => arguments.run().await,
            Command::List(arguments) => arguments.run().await,
            Command::Get(subscription) => subscription.get().await,
            Command::Update(arguments) => arguments.run().await,
            Command::Delete(subscription) => subscription.delete().await,
            Command::Events(arguments) => arguments.run().await,
            Command::Listen(arguments) => arguments.run(Listener::Relay).await,
            Command::Tail(arguments) => arguments.run(Listener::Tail).await,
            Command::Offline(command) => command.run(stdin),
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        let options = match &self.command {
            Command::Create(arguments) => &arguments.options,
            Command::List(arguments) => &arguments.options,
            Command::Update(arguments) => &arguments.options,
            Command::Events(arguments) => &arguments.options,
            Command::Get(subscription) | Command::Delete(subscription) => &subscription.options,
            Command::Listen(arguments) | Command::Tail(arguments) => return arguments.output.json,
            Command::Offline(command) => return command.is_json(),
        };
        options.output.json
    }
}
