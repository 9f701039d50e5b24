use std::{
    fs::File,
    io::{self, Read},
    path::PathBuf,
};

use clap::Args;

/// Where the body of a delivery is.
#[derive(Debug, Args)]
pub(crate) struct BodyFile {
    /// The file with the body, byte by byte as it came; `-` for standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl BodyFile {
    /// Reads it all. What the file is called stays out of the error.
    pub(crate) fn read(&self, stdin: &mut impl Read) -> Result<Vec<u8>, String> {
        let mut body = Vec::new();
        if self.file.as_os_str() == "-" {
            stdin.read_to_end(&mut body)
        } else {
            File::open(&self.file).and_then(|mut file| file.read_to_end(&mut body))
        }
        .map_err(|error: io::Error| format!("the file cannot be read: {error}"))?;
        Ok(body)
    }
}
