use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead as _, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use linq::types::{ChatId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    exported::Exported,
    of_file,
    page::{Head, Page},
    usage,
};
use crate::failure::Failure;

const NAME: &str = "the part file";

/// The pages of an export that is not complete: a header, and a page on each line. A line counts if it ends with a line break,
/// so that what a killed process wrote of a page is written again.
pub(super) struct Part {
    path: PathBuf,
    file: File,
    header: Header,
    /// Where the pages begin, and where the next one will.
    pages: Vec<u64>,
    end: u64,
    cursor: Option<String>,
    is_complete: bool,
    /// The ids of the messages in the pages.
    pub(super) seen: Exported,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Header {
    chat_id: ChatId,
    since: Option<Timestamp>,
    /// The size of the exported file before the messages of the pages are written to it.
    start: u64,
}

impl Part {
    /// Opens the part file of an export, which goes on with the pages that it has.
    pub(super) fn open(out: &Path, chat: &ChatId, since: Option<&Timestamp>) -> Result<Self, Failure> {
        let mut path = out.to_owned().into_os_string();
        path.push(".part");
        let path = PathBuf::from(path);
        let file = private().read(true).append(true).create(true).open(&path);
        let file = file.map_err(|error| of_file(NAME, &error))?;
        if let Err(fs::TryLockError::WouldBlock) = file.try_lock() {
            return Err(usage("another process exports into this file".to_owned()));
        }
        let header = Header { chat_id: chat.clone(), since: since.copied(), start: 0 };
        let mut part = Self {
            path,
            file,
            header,
            pages: Vec::new(),
            end: 0,
            cursor: None,
            is_complete: false,
            seen: Exported::default(),
        };
        if !part.read().map_err(|error| of_file(NAME, &error))? {
            return Err(usage(
                "the part file is of another chat or --since; export with those, or remove it".to_owned(),
            ));
        }
        if part.end == 0 {
            part.header.start = size(out).map_err(|error| of_file("the file", &error))?;
        }
        Ok(part)
    }

    /// Reads the header and the pages, and removes a line that is not whole. Returns `false` if they are of another export.
    fn read(&mut self) -> io::Result<bool> {
        let mut lines = BufReader::new(&self.file);
        let mut is_first = true;
        loop {
            let mut line = Vec::new();
            lines.read_until(b'\n', &mut line)?;
            if line.last() != Some(&b'\n') {
                break;
            }
            if is_first {
                let Ok(header) = serde_json::from_slice::<Header>(&line) else { return Ok(false) };
                if (&header.chat_id, header.since) != (&self.header.chat_id, self.header.since) {
                    return Ok(false);
                }
                self.header = header;
                is_first = false;
            } else {
                let page: Page = serde_json::from_slice(&line)?;
                for message in &page.messages {
                    self.seen.insert(serde_json::from_str::<Head>(message.get())?.id);
                }
                self.pages.push(self.end);
                (self.cursor, self.is_complete) = (page.next_cursor, page.is_last);
            }
            self.end += line.len() as u64;
        }
        self.file.set_len(self.end)?;
        Ok(true)
    }

    /// The size of the exported file before this export.
    pub(super) fn start(&self) -> u64 {
        self.header.start
    }

    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// The cursor of the page to add next.
    pub(super) fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    pub(super) fn add(&mut self, page: &Page) -> Result<(), Failure> {
        let add = |part: &mut Self| {
            if part.end == 0 {
                part.append(serde_json::to_vec(&part.header)?)?;
            }
            part.pages.push(part.end);
            part.append(serde_json::to_vec(page)?)
        };
        add(self).map_err(|error| of_file(NAME, &error))?;
        self.cursor.clone_from(&page.next_cursor);
        self.is_complete = page.is_last;
        Ok(())
    }

    fn append(&mut self, mut line: Vec<u8>) -> io::Result<()> {
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.file.sync_data()?;
        self.end += line.len() as u64;
        Ok(())
    }

    /// Appends the messages of the pages to the exported file, the oldest first, and removes the part file. A process that is
    /// killed meanwhile leaves the part file, from which this is done again. Returns the number of messages.
    pub(super) fn finish(mut self, out: &Path) -> Result<usize, Failure> {
        self.write(out).map_err(|error| of_file("the file", &error))?;
        fs::remove_file(&self.path).map_err(|error| of_file(NAME, &error))?;
        Ok(self.seen.len())
    }

    fn write(&mut self, out: &Path) -> io::Result<()> {
        let mut file = private().read(true).append(true).create(true).open(out)?;
        file.set_len(self.header.start)?;
        let mut last = [b'\n'];
        if self.header.start > 0 {
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
        }
        if last != *b"\n" {
            file.write_all(b"\n")?;
        }
        let mut writer = BufWriter::new(file);
        let mut end = self.end;
        for start in self.pages.iter().rev() {
            self.file.seek(SeekFrom::Start(*start))?;
            let mut line = Vec::new();
            (&self.file).take(end - start).read_to_end(&mut line)?;
            end = *start;
            let page: Page = serde_json::from_slice(&line)?;
            for message in page.messages.iter().rev() {
                writer.write_all(message.get().as_bytes())?;
                writer.write_all(b"\n")?;
            }
        }
        writer.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    }
}

/// An export that has no page leaves no file.
impl Drop for Part {
    fn drop(&mut self) {
        if self.end == 0 {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Returns the size of a file; 0 if there is none.
fn size(path: &Path) -> io::Result<u64> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        metadata => Ok(metadata?.len()),
    }
}

/// Options for files that only the user can read, because they have the messages of people.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
