//! `linq webhook`: verifies a recorded delivery, or signs a body.

use std::io::Read;

use clap::{Args, Subcommand};

use crate::{failure::Failure, report::Report};

pub(crate) use self::{
    delivery::{Delivery, Rejection, reason, version},
    header::only,
    time::now,
    whole::Whole,
};

mod body;
mod delivery;
mod header;
mod sign;
mod time;
mod verify;
mod whole;

/// Verify a recorded webhook, or sign one.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Verify(verify::Arguments),
    Sign(sign::Arguments),
}

impl Arguments {
    /// Runs the command, which reads this input if its file is `-`.
    pub(crate) fn run(&self, stdin: &mut impl Read) -> Result<Report, Failure> {
        match &self.command {
            Command::Verify(arguments) => arguments.run(stdin),
            Command::Sign(arguments) => arguments.run(stdin),
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        match &self.command {
            Command::Verify(arguments) => arguments.json,
            Command::Sign(arguments) => arguments.json,
        }
    }
}
