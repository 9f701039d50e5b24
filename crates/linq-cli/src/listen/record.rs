//! `--record`: deliveries in a file, to be sent again with `linq replay`.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write as _},
    path::Path,
    sync::{Mutex, PoisonError},
};

use http::HeaderMap;

use crate::{failure::Failure, recording::Recorded};

/// A file that deliveries are appended to, one JSON object per line.
#[derive(Debug)]
pub(super) struct Record(Mutex<File>);

impl Record {
    /// Opens the file. If it does not exist, it is created so that only its owner can read it.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| failed(&error))?;
        Ok(Self(Mutex::new(file)))
    }

    /// Appends a delivery. A body that is not text is not an event, and not recorded.
    pub(super) fn append(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Failure> {
        let Some(recorded) = Recorded::new(headers, body) else { return Ok(()) };
        let mut line = serde_json::to_string(&recorded).map_err(|error| error.to_string())?;
        line.push('\n');
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One write, so that the lines of two processes do not mix.
        file.write_all(line.as_bytes()).map_err(|error| failed(&error))
    }
}

fn failed(error: &io::Error) -> Failure {
    Failure::new(format!("cannot write the file of --record: {error}")).with_kind("Output")
}
