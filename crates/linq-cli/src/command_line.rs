use std::{ffi::OsString, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{call, completions, listen, sandbox, terminal, usage_error, webhook};

/// Work with the Linq API (iMessage, RCS and SMS) from the command line.
#[derive(Debug, Parser)]
#[command(name = "linq", version, after_help = AFTER_HELP)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Exit codes:
  0  it worked; `listen` and `sandbox`: ended by Ctrl-C
  1  it did not work; the reason is on standard error
  2  the command line or the parameters of a call make no sense; nothing was done

Environment:
  LINQ_WEBHOOK_SECRET   the signing secret, where `--secret` is not given
  LINQ_API_V3_API_KEY   the API key of `call`
  LINQ_API_V3_BASE_URL  another address of the service, for `call`
  NO_COLOR              no colours, if it is not empty; there are some on terminals only

Secrets that you pass in are never printed.";

#[derive(Debug, Subcommand)]
enum Command {
    Call(call::Arguments),
    Webhook(webhook::Arguments),
    Listen(listen::Arguments),
    Sandbox(sandbox::Arguments),
    Completions(completions::Arguments),
}

/// Runs a command line, whose first argument is the name of the program, and gives what to exit with.
///
/// It needs a tokio runtime with I/O, time and signals.
pub(crate) async fn run(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let command = match CommandLine::try_parse_from(&arguments) {
        Ok(line) => line.command,
        Err(error) => return usage_error::print(error, &arguments),
    };
    let is_json = command.is_json();
    let result = match command {
        Command::Call(arguments) => return call::run(&arguments).await,
        Command::Webhook(arguments) => arguments.run(&mut std::io::stdin()).map(|report| report.print()),
        Command::Listen(arguments) => listen::run(arguments).await,
        Command::Sandbox(arguments) => sandbox::run(arguments).await,
        Command::Completions(arguments) => {
            completions::run(&arguments);
            Ok(())
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            terminal::say_error(&message, is_json);
            ExitCode::FAILURE
        }
    }
}

impl Command {
    /// Whether a failure is to be told as JSON. Those of `call` always are.
    fn is_json(&self) -> bool {
        match self {
            Self::Webhook(arguments) => arguments.is_json(),
            Self::Listen(arguments) => arguments.json,
            Self::Sandbox(arguments) => arguments.json,
            Self::Call(_) | Self::Completions(_) => false,
        }
    }
}
