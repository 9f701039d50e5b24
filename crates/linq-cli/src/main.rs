//! The command line of the Linq SDK.

mod account;
mod call;
mod command_line;
mod completions;
mod did_you_mean;
mod duration;
mod endpoint;
mod exit_code;
mod failure;
mod inbox;
mod input;
mod known_values;
mod listen;
mod log;
mod man;
mod outbox;
mod output;
mod queue;
mod report;
mod sandbox;
mod secret;
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
