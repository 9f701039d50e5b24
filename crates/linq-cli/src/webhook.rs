//! `linq webhooks verify` and `linq webhooks sign`: verifies a recorded delivery, or signs a body.

use std::io::Read;

use clap::Subcommand;

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

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Verify(verify::Arguments),
    Sign(sign::Arguments),
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
}
