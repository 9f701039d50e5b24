use std::{fs, path::PathBuf};

use clap::{Args, CommandFactory as _};

use crate::{command_line::CommandLine, failure::Failure};

/// Write the man pages of all commands, for packages.
#[derive(Debug, Args)]
#[command(hide = true, after_help = "Examples:\n  linq man --out target/man")]
pub(crate) struct Arguments {
    /// The folder to write to; it is created if it does not exist.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Arguments {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        fs::create_dir_all(&self.out)
            .and_then(|()| clap_mangen::generate_to(CommandLine::command(), &self.out))
            .map_err(|error| Failure::new(format!("cannot write the man pages: {error}")).with_kind("Output"))
    }
}
