//! The command line of the Linq SDK.

mod log_line;
mod sandbox;

use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use clap::{Parser, Subcommand};
use linq_cli::call;

use crate::log_line::is_coloured;

/// Work with the Linq API (iMessage, RCS and SMS) from the command line.
#[derive(Debug, Parser)]
#[command(name = "linq", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Call(call::Arguments),
    Sandbox(sandbox::Arguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Call(arguments) => return call::run(&arguments).await,
        Command::Sandbox(arguments) => sandbox::run(arguments).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            say("error", AnsiColor::Red.on_default().bold(), &message);
            ExitCode::FAILURE
        }
    }
}

/// Says something on standard error, with a coloured word in front.
fn say(word: &str, style: Style, message: &str) {
    let style = if is_coloured(&std::io::stderr()) { style } else { Style::new() };
    eprintln!("{style}{word}{style:#}: {message}");
}
