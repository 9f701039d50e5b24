use std::{
    fs::File,
    io::{self, Read},
    path::PathBuf,
};

use clap::Args;

/// The file with the body of a delivery.
#[derive(Debug, Args)]
pub(crate) struct BodyFile {
    /// The file with the body, byte for byte as received; `-` for standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl BodyFile {
    /// Reads the whole body. The error does not contain the name of the file, which could be a secret.
    pub(crate) fn read(&self, stdin: &mut impl Read) -> Result<Vec<u8>, String> {
        let mut body = Vec::new();
        if self.file.as_os_str() == "-" {
            stdin.read_to_end(&mut body)
        } else {
            File::open(&self.file).and_then(|mut file| file.read_to_end(&mut body))
        }
        .map_err(|error: io::Error| format!("cannot read the file: {error}"))?;
        Ok(body)
    }
}
