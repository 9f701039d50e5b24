use std::{
    fmt,
    io::{self, Read},
    sync::Arc,
};

use bytes::Bytes;

/// The size of the chunks that an upload is read in.
const CHUNK: usize = 64 * 1024;

/// The body of a request: bytes in memory, or an upload that is read in chunks.
///
/// Every call of the API has the first kind; only attachments are uploads. A backend that streams takes the
/// [`chunks`](Self::into_chunks); one that cannot [collects](Self::collect) them.
#[derive(Clone, Default)]
pub struct Body(Repr);

#[derive(Clone)]
enum Repr {
    Bytes(Bytes),
    Upload(Upload),
}

impl Default for Repr {
    fn default() -> Self {
        Self::Bytes(Bytes::new())
    }
}

type Open = dyn Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync;
type Progress = dyn Fn(u64) + Send + Sync;

#[derive(Clone)]
struct Upload {
    length: u64,
    open: Arc<Open>,
    progress: Option<Arc<Progress>>,
}

impl Body {
    /// Creates an empty body.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Creates a body of `length` bytes that is read when it is sent. `open` is called for each attempt.
    pub fn upload(
        length: u64,
        open: impl Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync + 'static,
    ) -> Self {
        Self(Repr::Upload(Upload { length, open: Arc::new(open), progress: None }))
    }

    /// Calls `progress` with the number of bytes passed to the backend so far, starting over with each attempt.
    #[must_use]
    pub fn on_progress(self, progress: impl Fn(u64) + Send + Sync + 'static) -> Self {
        let progress: Option<Arc<Progress>> = Some(Arc::new(progress));
        Self(Repr::Upload(match self.0 {
            Repr::Upload(upload) => Upload { progress, ..upload },
            Repr::Bytes(bytes) => Upload {
                length: bytes.len() as u64,
                open: Arc::new(move || Ok(Box::new(io::Cursor::new(bytes.clone())))),
                progress,
            },
        }))
    }

    /// Returns the length in bytes.
    #[must_use]
    pub fn content_length(&self) -> u64 {
        match &self.0 {
            Repr::Bytes(bytes) => bytes.len() as u64,
            Repr::Upload(upload) => upload.length,
        }
    }

    /// Returns `true` if there is nothing to send.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content_length() == 0
    }

    /// Returns the body if it is in memory; `None` for an upload.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Repr::Bytes(bytes) => Some(bytes),
            Repr::Upload(_) => None,
        }
    }

    /// Returns the body in chunks of at most 64 KiB, or in one chunk if it is in memory.
    ///
    /// Taking a chunk of an upload reads from its source and can block. It is an error if the source has fewer or more
    /// bytes than its length.
    #[must_use]
    pub fn into_chunks(self) -> Chunks {
        let state = match self.0 {
            Repr::Bytes(bytes) => ChunksState::Bytes(bytes),
            Repr::Upload(upload) => ChunksState::Closed(upload),
        };
        Chunks(state)
    }

    /// Reads the whole body into memory.
    ///
    /// # Errors
    ///
    /// Returns an error if the source of an upload fails, or has another length than announced.
    pub fn collect(self) -> io::Result<Bytes> {
        match self.0 {
            Repr::Bytes(bytes) => Ok(bytes),
            Repr::Upload(upload) => {
                let mut bytes = Vec::new();
                for chunk in Chunks(ChunksState::Closed(upload)) {
                    bytes.extend_from_slice(&chunk?);
                }
                Ok(bytes.into())
            }
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Repr::Bytes(bytes))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Repr::Bytes(bytes.into()))
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self(Repr::Bytes(text.into()))
    }
}

impl From<&'static [u8]> for Body {
    fn from(bytes: &'static [u8]) -> Self {
        Self(Repr::Bytes(Bytes::from_static(bytes)))
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        text.as_bytes().into()
    }
}

/// Shows the length only: bodies hold private texts and numbers.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.content_length())
    }
}

/// The chunks of a [`Body`]. The default has none.
#[derive(Default)]
pub struct Chunks(ChunksState);

#[derive(Default)]
enum ChunksState {
    Bytes(Bytes),
    Closed(Upload),
    Open {
        source: Box<dyn Read + Send>,
        upload: Upload,
        read: u64,
    },
    #[default]
    Done,
}

impl Iterator for Chunks {
    type Item = io::Result<Bytes>;

    fn next(&mut self) -> Option<io::Result<Bytes>> {
        let (source, upload, read) = match std::mem::replace(&mut self.0, ChunksState::Done) {
            ChunksState::Bytes(bytes) => return (!bytes.is_empty()).then_some(Ok(bytes)),
            ChunksState::Closed(upload) => match (upload.open)() {
                Ok(source) => (source, upload, 0),
                Err(error) => return Some(Err(error)),
            },
            ChunksState::Open { source, upload, read } => (source, upload, read),
            ChunksState::Done => return None,
        };
        self.read(source, upload, read)
    }
}

impl Chunks {
    fn read(
        &mut self,
        mut source: Box<dyn Read + Send>,
        upload: Upload,
        read: u64,
    ) -> Option<io::Result<Bytes>> {
        let mut chunk = Vec::with_capacity(CHUNK);
        if let Err(error) = (&mut source).take(CHUNK as u64).read_to_end(&mut chunk) {
            return Some(Err(error));
        }
        let read = read + chunk.len() as u64;
        let announced = upload.length;
        if chunk.is_empty() && read == announced {
            return None;
        }
        if chunk.is_empty() || read > announced {
            let found = if chunk.is_empty() { "fewer" } else { "more" };
            return Some(Err(io::Error::other(format!(
                "invalid upload: the source has {found} bytes than its announced length of {announced}"
            ))));
        }
        if let Some(progress) = &upload.progress {
            progress(read);
        }
        self.0 = ChunksState::Open { source, upload, read };
        Some(Ok(chunk.into()))
    }
}

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chunks")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(announced: u64, bytes: Vec<u8>) -> Body {
        Body::upload(announced, move || Ok(Box::new(io::Cursor::new(bytes.clone()))))
    }

    #[test]
    fn an_upload_is_read_in_chunks_and_can_be_read_again() {
        let bytes: Vec<u8> = (0..150_000).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let body = upload(150_000, bytes.clone());
        let lengths: Vec<_> = body.clone().into_chunks().map(|chunk| chunk.unwrap().len()).collect();
        assert_eq!(lengths, [65_536, 65_536, 18_928]);
        assert_eq!(body.collect().unwrap(), bytes);
    }

    #[test]
    fn a_source_of_another_length_than_announced_is_an_error() {
        for (announced, found) in [(5, 4), (5, 6), (0, 1)] {
            assert!(upload(announced, vec![0; found]).collect().is_err(), "{announced} {found}");
        }
        assert_eq!(upload(0, Vec::new()).collect().unwrap(), "");
    }

    #[test]
    fn progress_is_reported_for_bytes_and_uploads() {
        for body in [Body::from(vec![0; 70_000]), upload(70_000, vec![0; 70_000])] {
            let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
            let reported = Arc::clone(&seen);
            body.on_progress(move |bytes| reported.lock().unwrap().push(bytes)).collect().unwrap();
            assert_eq!(*seen.lock().unwrap(), [65_536, 70_000]);
        }
    }
}
