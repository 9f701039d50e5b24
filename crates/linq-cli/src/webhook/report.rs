use std::io;

use crate::terminal::write;

/// The output of a command that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Report {
    pub(super) fn new(stdout: String, stderr: String) -> Self {
        Self { stdout, stderr }
    }

    pub(crate) fn print(&self) {
        write(io::stderr(), self.stderr.as_bytes());
        write(io::stdout(), self.stdout.as_bytes());
    }
}
