use clap::{Args, Subcommand};
use linq::types::{ChatId, Handle, messages::AcceptedResponse};

use crate::{api_options::ApiOptions, failure::Failure, output::Style};

/// Add people to a group, or remove them.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  linq chats participants add 550e8400-e29b-41d4-a716-446655440000 --handle +12025550199\n"
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add a person to a group. The response is printed as JSON unless standard output is a terminal.
    #[command(
        after_help = "Examples:\n  linq chats participants add 550e8400-e29b-41d4-a716-446655440000 --handle +12025550199\n"
    )]
    Add(Participant),
    /// Remove a person from a group. The response is printed as JSON unless standard output is a terminal.
    #[command(
        after_help = "Examples:\n  linq chats participants remove 550e8400-e29b-41d4-a716-446655440000 --handle +12025550199\n"
    )]
    Remove(Participant),
}

#[derive(Debug, Args)]
struct Participant {
    /// The id of the group.
    #[arg(value_name = "CHAT_ID")]
    chat: ChatId,
    /// The phone number (E.164, such as +12025550199) or email address of the person.
    #[arg(long, value_name = "HANDLE")]
    handle: Handle,
    #[command(flatten)]
    options: ApiOptions,
}

impl Arguments {
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let (Command::Add(participant) | Command::Remove(participant)) = &self.command;
        let Participant { chat, handle, options } = participant;
        let client = options.account.client()?;
        let participants = client.chats().participants(chat);
        let (call, request) = match &self.command {
            Command::Add(_) => (participants.add(handle), "add"),
            Command::Remove(_) => (participants.remove(handle), "remove"),
        };
        let accepted = |_: &AcceptedResponse, style: &Style| {
            format!("{}\n", style.done(&format!("Request to {request} {handle} accepted (chat {chat})")))
        };
        options.output.or_json_in_pipes().show_call(call, accepted).await
    }

    pub(super) fn options(&self) -> &ApiOptions {
        let (Command::Add(participant) | Command::Remove(participant)) = &self.command;
        &participant.options
    }
}
