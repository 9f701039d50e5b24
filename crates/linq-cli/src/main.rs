//! The command line of the Linq SDK.

mod account;
mod api_options;
mod attachments;
mod broadcast;
mod call;
mod chats;
mod command_line;
mod completions;
mod did_you_mean;
mod doctor;
mod duration;
mod endpoint;
mod exit_code;
mod export;
mod failure;
mod hidden_arguments;
mod inbox;
mod input;
mod known_value;
mod listen;
mod log;
mod login;
mod logout;
mod man;
#[cfg(feature = "mcp")]
mod mcp;
mod messages;
mod official_only;
mod outbox;
mod output;
mod paging;
mod phonenumbers;
mod profile;
mod profile_file;
mod progress;
mod queue;
mod recipient;
mod recording;
mod relay;
mod replay;
mod report;
mod sandbox;
mod secret;
mod send;
mod shutdown;
mod store;
mod store_address;
mod table;
mod target;
mod target_url;
mod temporary_subscription;
mod terminal;
mod tried;
mod trigger;
mod usage_error;
mod webhook;
mod webhooks;
mod whoami;

use std::{ffi::OsString, process::ExitCode};

fn main() -> ExitCode {
    run(hidden_arguments::arguments())
}

#[tokio::main]
async fn run(arguments: Vec<OsString>) -> ExitCode {
    command_line::run(arguments).await
}
