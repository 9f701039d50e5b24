use std::{ffi::OsString, io::stdin, process::ExitCode};

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, parser::ValueSource};

#[cfg(feature = "mcp")]
use crate::mcp;
use crate::{
    attachments, broadcast, call, chats, completions, doctor, export,
    failure::Failure,
    inbox,
    listen::{self, Listener},
    login, logout, man, messages, official_only, outbox, phonenumbers, profile, replay, sandbox, send, store,
    terminal::print,
    trigger, usage_error, webhooks, whoami,
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
  0  success; for `listen`, `sandbox` and `mcp`: stopped with Ctrl-C, SIGTERM or SIGHUP
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
  LINQ_RELAY_WS_URL     the WebSocket of the relay of `listen --relay`, instead of the service's
  LINQ_RELAY_URL        the base of the URL that `listen --relay` subscribes
  LINQ_MCP_TOKEN        the token of `mcp --http`, instead of a random one
  HOME                  the folder with .linq/config.json, the file of the profiles
  NO_COLOR              disables colors if it is not empty; FORCE_COLOR enables them in pipes

Secrets that you pass in are never printed.";

#[derive(Debug, Subcommand)]
enum Command {
    Login(login::Arguments),
    Logout(logout::Arguments),
    Whoami(whoami::Arguments),
    Profile(profile::Arguments),
    Doctor(doctor::Arguments),
    Send(send::Arguments),
    Broadcast(broadcast::Arguments),
    Chats(chats::Arguments),
    Messages(messages::Arguments),
    Attachments(attachments::Arguments),
    Phonenumbers(phonenumbers::Arguments),
    Export(export::Arguments),
    Call(call::Arguments),
    #[command(alias = "webhook")]
    Webhooks(webhooks::Arguments),
    Listen(Box<listen::Arguments>),
    Trigger(trigger::Arguments),
    Replay(replay::Arguments),
    Sandbox(Box<sandbox::Arguments>),
    #[cfg(feature = "mcp")]
    Mcp(mcp::Arguments),
    Inbox(inbox::Arguments),
    Outbox(outbox::Arguments),
    Store(store::Arguments),
    #[command(visible_alias = "autocomplete")]
    Completions(completions::Arguments),
    Man(man::Arguments),
    #[command(hide = true, after_help = "Examples:\n  linq init\n")]
    Init(official_only::Arguments),
    #[command(hide = true, after_help = "Examples:\n  linq signup\n")]
    Signup(official_only::Arguments),
    /// Print the version.
    #[command(after_help = "Examples:\n  linq version\n")]
    Version,
}

/// Runs a command line, whose first argument is the name of the program, and returns the exit code.
pub(crate) async fn run(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> ExitCode {
    let arguments = split_topics(arguments);
    let asks_for_json = arguments.iter().any(|argument| argument == "--json");
    let matches = CommandLine::command().try_get_matches_from(arguments);
    let parsed =
        matches.and_then(|matches| Ok((is_json(&matches), CommandLine::from_arg_matches(&matches)?)));
    let (is_json, command) = match parsed {
        Ok((is_json, line)) => (is_json, line.command),
        Err(error) => return usage_error::print_error(&error, asks_for_json),
    };
    match command.run().await {
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

/// Returns `true` if the command has `--json`, so that failures are printed as JSON, too.
fn is_json(matches: &ArgMatches) -> bool {
    match matches.subcommand() {
        Some((_, matches)) => is_json(matches),
        None => {
            matches.try_contains_id("json").unwrap_or_default()
                && matches.value_source("json") == Some(ValueSource::CommandLine)
        }
    }
}

impl Command {
    async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Login(arguments) => arguments.run().await,
            Self::Logout(arguments) => arguments.run(),
            Self::Whoami(arguments) => arguments.run().await,
            Self::Profile(arguments) => arguments.run(),
            Self::Doctor(arguments) => arguments.run().await,
            Self::Send(arguments) => arguments.run().await,
            Self::Broadcast(arguments) => arguments.run().await,
            Self::Chats(arguments) => arguments.run().await,
            Self::Messages(arguments) => arguments.run().await,
            Self::Attachments(arguments) => arguments.run().await,
            Self::Phonenumbers(arguments) => arguments.run().await,
            Self::Export(arguments) => arguments.run().await,
            Self::Call(arguments) => arguments.run(&mut stdin()).await,
            Self::Webhooks(arguments) => arguments.run(&mut stdin()).await,
            Self::Listen(arguments) => arguments.run(Listener::Server).await,
            Self::Trigger(arguments) => arguments.run().await,
            Self::Replay(arguments) => arguments.run().await,
            Self::Sandbox(arguments) => sandbox::run(*arguments).await,
            #[cfg(feature = "mcp")]
            Self::Mcp(arguments) => mcp::run(arguments).await,
            Self::Inbox(arguments) => arguments.run().await,
            Self::Outbox(arguments) => arguments.run().await,
            Self::Store(arguments) => arguments.run().await,
            Self::Completions(arguments) => completions::run(&arguments)?.print(),
            Self::Man(arguments) => arguments.run(),
            Self::Init(arguments) | Self::Signup(arguments) => arguments.run(),
            Self::Version => print(&CommandLine::command().render_version()),
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

    /// Returns the commands that do something, with their names.
    fn leaves(command: &clap::Command, names: &str) -> Vec<(String, clap::Command)> {
        let names = format!("{names} {}", command.get_name()).trim_start().to_owned();
        if !command.has_subcommands() {
            return vec![(names, command.clone())];
        }
        command.get_subcommands().flat_map(|command| leaves(command, &names)).collect()
    }

    /// Returns the part of a line that is a command of ours: what is before a pipe or a redirection.
    fn words(line: &str) -> Vec<String> {
        let words = shlex::split(line).unwrap_or_else(|| panic!("unbalanced quotes: {line}"));
        words.into_iter().take_while(|word| !["|", "<", ">", "&&", "&"].contains(&&**word)).collect()
    }

    #[test]
    fn the_help_of_every_command_has_examples_that_parse() {
        let mut tried = 0;
        for (names, command) in leaves(&CommandLine::command(), "") {
            let help = command.clone().render_long_help().to_string();
            let examples = help.split("Examples:\n").nth(1).unwrap_or_default().lines();
            let examples = examples.map_while(|line| line.strip_prefix("  "));
            let examples: Vec<_> = examples.filter(|line| line.contains("linq ")).collect();
            assert!(!examples.is_empty(), "`{names}` has no example");
            for example in examples {
                let line = &example[example.find("linq ").unwrap_or_default()..];
                assert!(line.starts_with(&format!("{names} ")) || line == names, "`{names}` shows `{line}`");
                CommandLine::try_parse_from(words(line)).unwrap_or_else(|error| panic!("{line}: {error}"));
                tried += 1;
            }
        }
        assert!(tried >= 60, "{tried}");
    }

    #[test]
    fn json_is_a_format_of_failures_if_it_is_given() {
        for (line, expected) in [
            ("linq chats list --json", true),
            ("linq chats list", false),
            ("linq chats participants add c --handle h --json", true),
            ("linq call phone_numbers.list --json", true),
            ("linq call phone_numbers.list", false),
            ("linq version", false),
        ] {
            let matches = CommandLine::command().try_get_matches_from(words(line)).unwrap();
            assert_eq!(is_json(&matches), expected, "{line}");
        }
    }
}
