use std::{ffi::OsString, io::stdin, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{call, completions, inbox, listen, man, outbox, sandbox, store, usage_error, webhook};

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
  1  failure; the reason is on standard error
  2  invalid command line or parameters of a call; nothing was done
  141  the reader of the output is gone, as after `| head -1`

Environment:
  LINQ_WEBHOOK_SECRET   the signing secret, unless `--secret` is given
  LINQ_API_V3_API_KEY   the API key for `call`
  LINQ_API_V3_BASE_URL  the base URL for `call`, instead of the default
  LINQ_API_V3_ALLOW_PLAIN_HTTP
                        1 allows a base URL with plain http on another machine
  LINQ_STORE            the store of `inbox`, `outbox` and `store`, unless `--store` is given
  NO_COLOR              disables colors if it is not empty

Secrets that you pass in are never printed.";

#[derive(Debug, Subcommand)]
enum Command {
    Call(call::Arguments),
    Webhook(webhook::Arguments),
    Listen(listen::Arguments),
    Sandbox(sandbox::Arguments),
    Inbox(inbox::Arguments),
    Outbox(outbox::Arguments),
    Store(store::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// Runs a command line, whose first argument is the name of the program, and returns the exit code.
pub(crate) async fn run(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
    let command = match CommandLine::try_parse_from(arguments) {
        Ok(line) => line.command,
        Err(error) => return usage_error::print_error(&error),
    };
    let is_json = command.is_json();
    let result = match command {
        Command::Call(arguments) => arguments.run(&mut stdin()).await,
        Command::Webhook(arguments) => arguments.run(&mut stdin()).and_then(|report| report.print()),
        Command::Listen(arguments) => listen::run(arguments).await,
        Command::Sandbox(arguments) => sandbox::run(arguments).await,
        Command::Inbox(arguments) => arguments.run().await,
        Command::Outbox(arguments) => arguments.run().await,
        Command::Store(arguments) => arguments.run().await,
        Command::Completions(arguments) => completions::run(&arguments).print(),
        Command::Man(arguments) => arguments.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.print(is_json),
    }
}

impl Command {
    /// Returns `true` if failures are printed as JSON.
    fn is_json(&self) -> bool {
        match self {
            Self::Webhook(arguments) => arguments.is_json(),
            Self::Listen(arguments) => arguments.json,
            Self::Sandbox(arguments) => arguments.json,
            Self::Inbox(arguments) => arguments.is_json(),
            Self::Outbox(arguments) => arguments.is_json(),
            Self::Store(arguments) => arguments.is_json(),
            Self::Call(arguments) => arguments.is_json(),
            Self::Completions(_) | Self::Man(_) => false,
        }
    }
}
