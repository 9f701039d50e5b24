//! The command line of the Linq SDK.

mod account;
mod api_options;
mod attachments;
mod call;
mod chats;
mod command_line;
mod completions;
mod did_you_mean;
mod duration;
mod endpoint;
mod exit_code;
mod failure;
mod inbox;
mod input;
mod known_value;
mod listen;
mod log;
#[cfg(feature = "mcp")]
mod mcp;
mod messages;
mod outbox;
mod output;
mod paging;
mod phonenumbers;
mod progress;
mod queue;
mod recording;
mod relay;
mod report;
mod sandbox;
mod secret;
mod shutdown;
mod store;
mod store_address;
mod table;
mod target_url;
mod temporary_subscription;
mod terminal;
mod usage_error;
mod webhook;
mod webhooks;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(std::env::args_os()).await
}
