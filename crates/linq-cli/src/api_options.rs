use clap::Args;

use crate::{account::Account, output::Output};

/// The options of every command that calls one endpoint.
#[derive(Debug, Args)]
pub(crate) struct ApiOptions {
    #[command(flatten)]
    pub(crate) account: Account,
    #[command(flatten)]
    pub(crate) output: Output,
}
