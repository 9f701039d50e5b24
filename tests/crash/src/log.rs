use std::{
    fs::{File, OpenOptions},
    io::{self, Write as _},
    process,
    sync::Arc,
};

/// The log of all processes, to which the operating system appends each line as a whole.
#[derive(Debug, Clone)]
pub(crate) struct Log(Arc<File>);

impl Log {
    pub(crate) fn open(path: &str) -> io::Result<Self> {
        Ok(Self(Arc::new(OpenOptions::new().append(true).create(true).open(path)?)))
    }

    pub(crate) fn write(&self, what: &str, chat: &str, event: &str) {
        let line = format!("{what} {chat} {event} {}\n", process::id());
        (&*self.0).write_all(line.as_bytes()).expect("the log cannot be written");
    }
}
