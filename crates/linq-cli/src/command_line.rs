use std::{ffi::OsString, io::stdin, process::ExitCode};

use clap::{CommandFactory as _, Parser, Subcommand};

#[cfg(feature = "mcp")]
use crate::mcp;
use crate::{
    attachments, broadcast, call, chats, completions, doctor, export, inbox,
    listen::{self, Listener},
    login, logout, messages, outbox, phonenumbers, profile, replay, sandbox, send, store,
    terminal::print,
    trigger, usage_error, webhook, webhooks, whoami,
};

/// Work with the Linq API (iMessage, RCS and SMS) from the command line.
#[derive(Debug, Parser)]
#[command(name = "linq", version, after_help = AFTER_HELP)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Exit codes:
  0  success; for `listen` and `sandbox`: stopped with Ctrl-C, SIGTERM or SIGHUP
  1  failure, or the API refused the request; the reason is on standard error
  2  invalid command line, parameters or settings; nothing was sent
  3  not found: no such chat, message or other thing
  4  authentication: the API key is missing or wrong
  5  rate limited: the same command may succeed later
  6  unreachable: no proper response from the API
  141  the reader of the output is gone, as after `| head -1`

Environment (empty variables count as unset):
  LINQ_TOKEN            the API key; wins over profiles
  LINQ_PROFILE          the profile, unless `--profile` is given; instead of the active one
  LINQ_API_V3_API_KEY   the API key, unless one of the above is given; wins over the active profile
  LINQ_FROM_PHONE       the line that sends, unless `--from` is given; wins over profiles
  LINQ_API_URL          the base URL, instead of the default
  LINQ_API_V3_BASE_URL  the same, unless LINQ_API_URL is set
  LINQ_API_V3_ALLOW_PLAIN_HTTP
                        1 allows a base URL with plain http on another machine
  LINQ_WEBHOOK_SECRET   the signing secret, unless `--secret` is given
  LINQ_STORE            the store of `inbox`, `outbox` and `store`, unless `--store` is given
  HOME                  the folder with .linq/config.json, the file of the profiles
  NO_COLOR              disables colors if it is not empty

Secrets that you pass in are never printed.";

#[derive(Debug, Subcommand)]
enum Command {
    Login(login::Arguments),
    Logout(logout::Arguments),
    Whoami(whoami::Arguments),
    Profile(profile::Arguments),
    Doctor(doctor::Arguments),
    Call(call::Arguments),
    Send(send::Arguments),
    Broadcast(broadcast::Arguments),
    Export(export::Arguments),
    #[command(hide = true)]
    Webhook(webhook::Arguments),
    Listen(listen::Arguments),
    Sandbox(sandbox::Arguments),
    Inbox(inbox::Arguments),
    #[cfg(feature = "mcp")]
    Mcp(mcp::Arguments),
    Outbox(outbox::Arguments),
    Store(store::Arguments),
    #[command(visible_alias = "autocomplete")]
    Completions(completions::Arguments),
    /// Print the version.
    #[command(after_help = "Examples:\n  linq version\n")]
    Version,
    Attachments(attachments::Arguments),
    Chats(chats::Arguments),
    Messages(messages::Arguments),
    Phonenumbers(phonenumbers::Arguments),
    Webhooks(webhooks::Arguments),
    Trigger(trigger::Arguments),
    Replay(replay::Arguments),
}

/// Runs a command line, whose first argument is the name of the program, and returns the exit code.
pub(crate) async fn run(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> ExitCode {
    let command = match CommandLine::try_parse_from(split_topics(arguments)) {
        Ok(line) => line.command,
        Err(error) => return usage_error::print_error(&error),
    };
    let is_json = command.is_json();
    let result = match command {
        Command::Call(arguments) => call::run(&arguments, &mut stdin()).await,
        Command::Webhook(arguments) => arguments.run(&mut stdin()),
        Command::Listen(arguments) => arguments.run(Listener::Server).await,
        Command::Send(arguments) => arguments.run().await,
        Command::Broadcast(arguments) => arguments.run().await,
        Command::Export(arguments) => arguments.run().await,
        Command::Sandbox(arguments) => sandbox::run(arguments).await,
        Command::Inbox(arguments) => arguments.run().await,
        #[cfg(feature = "mcp")]
        Command::Mcp(arguments) => mcp::run(arguments).await,
        Command::Outbox(arguments) => arguments.run().await,
        Command::Store(arguments) => arguments.run().await,
        Command::Doctor(arguments) => arguments.run().await,
        Command::Login(arguments) => arguments.run().await,
        Command::Logout(arguments) => arguments.run(),
        Command::Profile(arguments) => arguments.run(),
        Command::Whoami(arguments) => arguments.run().await,
        Command::Completions(arguments) => completions::run(&arguments).and_then(|report| report.print()),
        Command::Version => print(&CommandLine::command().render_version()),
        Command::Attachments(arguments) => arguments.run().await,
        Command::Chats(arguments) => arguments.run().await,
        Command::Messages(arguments) => arguments.run().await,
        Command::Phonenumbers(arguments) => arguments.run().await,
        Command::Webhooks(arguments) => arguments.run(&mut stdin()).await,
        Command::Trigger(arguments) => arguments.run().await,
        Command::Replay(arguments) => arguments.run().await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.print(is_json),
    }
}

/// Splits `chats:create` into the two commands, as the official command line accepts it.
fn split_topics(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let position = if arguments.get(1).is_some_and(|first| first == "help") { 2 } else { 1 };
    let Some(topics) = arguments.get(position).and_then(|topics| topics.to_str()) else { return arguments };
    let topics: Vec<OsString> = topics.split(':').map(OsString::from).collect();
    if CommandLine::command().find_subcommand(&topics[0]).is_some() {
        arguments.splice(position..=position, topics);
    }
    arguments
}

impl Command {
    /// Returns `true` if failures are printed as JSON.
    fn is_json(&self) -> bool {
        match self {
            Self::Webhook(arguments) => arguments.is_json(),
            Self::Listen(arguments) => arguments.output.json,
            Self::Sandbox(arguments) => arguments.json,
            Self::Broadcast(arguments) => arguments.output.json,
            Self::Export(arguments) => arguments.output.json,
            Self::Send(arguments) => arguments.output.json,
            Self::Inbox(arguments) => arguments.is_json(),
            Self::Outbox(arguments) => arguments.is_json(),
            Self::Store(arguments) => arguments.is_json(),
            Self::Call(_) => true,
            Self::Doctor(arguments) => arguments.output.json,
            Self::Profile(arguments) => arguments.is_json(),
            Self::Whoami(arguments) => arguments.output.json,
            Self::Completions(_) | Self::Login(_) | Self::Logout(_) | Self::Version => false,
            #[cfg(feature = "mcp")]
            Self::Mcp(_) => false,
            Self::Completions(_) | Self::Version => false,
            Self::Attachments(arguments) => arguments.is_json(),
            Self::Chats(arguments) => arguments.is_json(),
            Self::Messages(arguments) => arguments.is_json(),
            Self::Phonenumbers(arguments) => arguments.options.output.json,
            Self::Webhooks(arguments) => arguments.is_json(),
            Self::Trigger(arguments) => arguments.output.json,
            Self::Replay(arguments) => arguments.output.json,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_may_be_joined_by_colons() {
        for (given, expected) in [
            (&["linq", "chats:create", "--to", "a:b"][..], &["linq", "chats", "create", "--to", "a:b"][..]),
            (&["linq", "chats:participants:add", "x"], &["linq", "chats", "participants", "add", "x"]),
            (&["linq", "help", "chats:create"], &["linq", "help", "chats", "create"]),
            (&["linq", "invented:create"], &["linq", "invented:create"]),
            (&["linq", "chats", "get", "a:b"], &["linq", "chats", "get", "a:b"]),
            (&["linq"], &["linq"]),
        ] {
            assert_eq!(split_topics(given), expected);
        }
    }
}
