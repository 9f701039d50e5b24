use crate::{
    failure::Failure,
    terminal::{print, print_on_stderr},
};

/// The output of a command that succeeded.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Report {
    pub(crate) fn new(stdout: String) -> Self {
        Self { stdout, stderr: String::new() }
    }

    pub(crate) fn print(&self) -> Result<(), Failure> {
        print_on_stderr(&self.stderr)?;
        print(&self.stdout)
    }
}
