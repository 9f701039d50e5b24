use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use sha2::{Digest as _, Sha256};

/// The largest row in bytes, so that a file without line breaks does not fill the memory.
const MAX_ROW: usize = 1024 * 1024;

/// A file that is read row by row: without its carriage returns, and with a line break at the end. It hashes what is read.
pub(super) struct Source {
    file: File,
    /// Whether what was read ends with a line break.
    is_ended: bool,
    budget: Budget,
    hash: Sha256,
}

/// How many bytes the next row may have.
#[derive(Clone)]
pub(super) struct Budget(Arc<AtomicUsize>);

impl Budget {
    /// Begins the next row.
    pub(super) fn renew(&self) {
        self.0.store(MAX_ROW, Ordering::Relaxed);
    }
}

impl Source {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        // A pipe would block when it is opened.
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "not a regular file, which can be read twice",
            ));
        }
        let file = File::open(path)?;
        let budget = Budget(Arc::new(AtomicUsize::new(MAX_ROW)));
        Ok(Self { file, is_ended: true, budget, hash: Sha256::new() })
    }

    pub(super) fn budget(&self) -> Budget {
        self.budget.clone()
    }

    /// Returns the hash of what was read.
    pub(super) fn digest(&self) -> String {
        hex(&self.hash.clone().finalize())
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Source {
    /// Reads without carriage returns. Returns 0 at the end only.
    fn read_lines(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.file.read(buffer)?;
            if read == 0 && !self.is_ended && !buffer.is_empty() {
                (buffer[0], self.is_ended) = (b'\n', true);
                return Ok(1);
            }
            let mut length = 0;
            for at in 0..read {
                if buffer[at] != b'\r' {
                    buffer[length] = buffer[at];
                    length += 1;
                }
            }
            if length > 0 {
                self.is_ended = buffer[length - 1] == b'\n';
            }
            if length > 0 || read == 0 {
                return Ok(length);
            }
        }
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.read_lines(buffer)?;
        let budget = &self.budget.0;
        match budget.load(Ordering::Relaxed).checked_sub(length) {
            Some(left) => budget.store(left, Ordering::Relaxed),
            None => return Err(io::Error::other("a row has more than 1 MiB; is a quote missing?")),
        }
        self.hash.update(&buffer[..length]);
        Ok(length)
    }
}
