//! The command line of the Linq SDK.

mod account;
mod broadcast;
mod call;
mod command_line;
mod completions;
mod duration;
mod endpoint;
mod exit_code;
mod export;
mod failure;
mod inbox;
mod input;
mod known_value;
mod listen;
mod log;
mod outbox;
mod output;
mod progress;
mod queue;
mod recipient;
mod report;
mod sandbox;
mod secret;
mod send;
mod shutdown;
mod store;
mod store_address;
mod table;
mod terminal;
mod usage_error;
mod webhook;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(std::env::args_os()).await
}
