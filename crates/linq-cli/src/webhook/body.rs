use std::{io::Read, path::PathBuf};

use clap::Args;

use crate::input::read_file;

/// The file with the body of a delivery.
#[derive(Debug, Args)]
pub(crate) struct BodyFile {
    /// The file with the body, byte for byte as received; `-` for standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl BodyFile {
    /// Reads the whole body.
    pub(crate) fn read(&self, stdin: &mut impl Read) -> Result<Vec<u8>, String> {
        read_file(&self.file, stdin)
    }
}
