//! `linq attachments`: files.

use clap::{Args, Subcommand};

use crate::failure::Failure;

mod delete;
mod get;
mod show;
mod upload;

/// Upload, download and delete files.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true, after_help = "Examples:\n  linq attachments upload photo.jpg\n")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Upload(upload::Arguments),
    Get(get::Arguments),
    Delete(delete::Arguments),
}

impl Arguments {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        match &self.command {
            Command::Upload(arguments) => arguments.run().await,
            Command::Get(arguments) => arguments.run().await,
            Command::Delete(arguments) => arguments.run().await,
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        let options = match &self.command {
            Command::Upload(arguments) => &arguments.options,
            Command::Get(arguments) => &arguments.options,
            Command::Delete(arguments) => &arguments.options,
        };
        options.output.json
    }
}
