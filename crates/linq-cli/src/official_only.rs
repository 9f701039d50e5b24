//! `linq init` and `linq signup`, which only the official command line has.

use std::ffi::OsString;

use clap::Args;

use crate::{exit_code, failure::Failure};

/// A command of the official command line alone, which works with undocumented services.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    _ignored: Vec<OsString>,
}

impl Arguments {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let message = "only the official command line has this command; `linq login` stores an API key, and the profiles \
                       of the official one work here";
        Err(Failure::new(message).with_kind("Usage").with_exit_code(exit_code::USAGE))
    }
}
