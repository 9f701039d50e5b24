use std::io;

use crate::terminal::write;

/// What a command has to say after it worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    /// What goes to standard output.
    pub(crate) stdout: String,
    /// What goes to standard error.
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
