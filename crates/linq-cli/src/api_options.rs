use clap::Args;
use linq::types::Handle;

use crate::{account::Account, failure::Failure, output::Output};

/// The options of every command that calls one endpoint.
#[derive(Debug, Args)]
pub(crate) struct ApiOptions {
    #[command(flatten)]
    pub(crate) account: Account,
    #[command(flatten)]
    pub(crate) output: Output,
}

impl ApiOptions {
    /// Returns the line of `--from`, or else that of the account. An empty one does not count, as in `--from "$FROM"`.
    pub(crate) fn line(&self, from: Option<&Handle>) -> Result<Handle, Failure> {
        self.account.line(from.filter(|from| !from.as_str().is_empty()))
    }
}
