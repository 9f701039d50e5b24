//! `linq webhooks`: subscriptions to events.

use clap::{Args, Subcommand};

use self::one_subscription::OneSubscription;
use crate::failure::Failure;

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
}

impl Arguments {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        match &self.command {
            Command::Create(arguments) => arguments.run().await,
            Command::List(arguments) => arguments.run().await,
            Command::Get(subscription) => subscription.get().await,
            Command::Update(arguments) => arguments.run().await,
            Command::Delete(subscription) => subscription.delete().await,
            Command::Events(arguments) => arguments.run().await,
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        let options = match &self.command {
            Command::Create(arguments) => &arguments.options,
            Command::List(arguments) => &arguments.options,
            Command::Update(arguments) => &arguments.options,
            Command::Events(arguments) => &arguments.options,
            Command::Get(subscription) | Command::Delete(subscription) => &subscription.options,
        };
        options.output.json
    }
}
