use std::{
    collections::HashSet,
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _},
    path::Path,
};

use linq::types::ChatId;

use super::{of_file, page::Head, usage};
use crate::failure::Failure;

/// The ids of messages.
#[derive(Debug, Default)]
pub(super) struct Exported(HashSet<Box<str>>);

impl Exported {
    /// Reads the ids of the messages in the first `size` bytes of a file. Another file is an error, so that it is not changed.
    pub(super) fn read(path: &Path, size: u64, chat: &ChatId) -> Result<Self, Failure> {
        let mut exported = Self::default();
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && size == 0 => return Ok(exported),
            file => file.map_err(|error| of_file("the file", &error))?,
        };
        for (at, line) in BufReader::new(file.take(size)).split(b'\n').enumerate() {
            let line = line.map_err(|error| of_file("the file", &error))?;
            let Ok(head) = serde_json::from_slice::<Head>(&line) else {
                return Err(usage(format!(
                    "line {} of the file is not a message; choose another file",
                    at + 1
                )));
            };
            if head.chat_id.is_some_and(|id| *chat != id) {
                return Err(usage(format!(
                    "line {} of the file is of another chat; choose another file",
                    at + 1
                )));
            }
            exported.insert(head.id);
        }
        Ok(exported)
    }

    /// Returns `false` if the id was there.
    pub(super) fn insert(&mut self, id: String) -> bool {
        self.0.insert(id.into_boxed_str())
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        self.0.contains(id)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
