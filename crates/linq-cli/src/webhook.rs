//! `linq webhooks verify` and `linq webhooks sign`: verifies a recorded delivery, or signs a body.

use std::io::Read;

use clap::{Args, Subcommand};

use crate::failure::Failure;

pub(crate) use self::{
    delivery::{Delivery, Rejection, reason, version},
    signature::signature,
    time::{now, now_with_millis},
    whole::Whole,
};

mod body;
mod delivery;
mod header;
mod sign;
mod signature;
mod time;
mod verify;
mod whole;

/// Verify a recorded webhook, or sign one: an alias of the commands of `linq webhooks`.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true, after_help = "Examples:\n  linq webhooks verify --help\n")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Verify(verify::Arguments),
    Sign(sign::Arguments),
}

impl Arguments {
    pub(crate) fn run(&self, stdin: &mut impl Read) -> Result<(), Failure> {
        self.command.run(stdin)
    }

    pub(crate) fn is_json(&self) -> bool {
        self.command.is_json()
    }
}

impl Command {
    /// Runs the command, which reads this input if its file is `-`.
    pub(crate) fn run(&self, stdin: &mut impl Read) -> Result<(), Failure> {
        match self {
            Self::Verify(arguments) => arguments.run(stdin),
            Self::Sign(arguments) => arguments.run(stdin),
        }?
        .print()
    }

    pub(crate) fn is_json(&self) -> bool {
        match self {
            Self::Verify(arguments) => arguments.json,
            Self::Sign(arguments) => arguments.json,
        }
    }
}
