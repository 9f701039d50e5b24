//! `linq chats`: conversations.

use clap::{Args, Subcommand};

use self::one_chat::OneChat;
use crate::failure::Failure;

pub(crate) use self::create::{EffectOption, accepted};

mod create;
mod list;
mod one_chat;
mod participants;
mod typing;
mod update;
mod voicememo;

/// Create, list and change chats.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true, after_help = "Examples:\n  linq chats list --limit 5\n")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(create::Arguments),
    List(list::Arguments),
    /// Show a chat and its participants.
    #[command(after_help = "Examples:\n  linq chats get 550e8400-e29b-41d4-a716-446655440000\n")]
    Get(OneChat),
    Update(update::Arguments),
    /// Mark all messages of a chat as read.
    #[command(after_help = "Examples:\n  linq chats read 550e8400-e29b-41d4-a716-446655440000\n")]
    Read(OneChat),
    Typing(typing::Arguments),
    Voicememo(voicememo::Arguments),
    /// Share the contact card of your line with a chat.
    #[command(after_help = "Examples:\n  linq chats share-contact 550e8400-e29b-41d4-a716-446655440000\n")]
    ShareContact(OneChat),
    Participants(participants::Arguments),
    /// Leave a group. It goes on without your line.
    #[command(after_help = "Examples:\n  linq chats leave 550e8400-e29b-41d4-a716-446655440000\n")]
    Leave(OneChat),
}

impl Arguments {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        match &self.command {
            Command::Create(arguments) => arguments.run().await,
            Command::List(arguments) => arguments.run().await,
            Command::Get(chat) => chat.get().await,
            Command::Update(arguments) => arguments.run().await,
            Command::Read(chat) => chat.mark_as_read().await,
            Command::Typing(arguments) => arguments.run().await,
            Command::Voicememo(arguments) => arguments.run().await,
            Command::ShareContact(chat) => chat.share_contact().await,
            Command::Participants(arguments) => arguments.run().await,
            Command::Leave(chat) => chat.leave().await,
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        let options = match &self.command {
            Command::Create(arguments) => &arguments.options,
            Command::List(arguments) => &arguments.options,
            Command::Update(arguments) => &arguments.options,
            Command::Typing(arguments) => &arguments.options,
            Command::Voicememo(arguments) => &arguments.options,
            Command::Participants(arguments) => arguments.options(),
            Command::Get(chat) | Command::Read(chat) | Command::ShareContact(chat) | Command::Leave(chat) => {
                &chat.options
            }
        };
        options.output.json
    }
}
