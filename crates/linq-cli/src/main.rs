//! The command line of the Linq SDK.

mod call;
mod command_line;
mod completions;
mod endpoint;
mod interrupt;
mod listen;
mod sandbox;
mod secret;
mod terminal;
mod usage_error;
mod webhook;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(std::env::args_os()).await
}
