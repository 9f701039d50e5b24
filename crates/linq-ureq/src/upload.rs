use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::{Buf, Bytes};
use linq_core::{Body, Chunks};

/// A [`Body`] as a reader, which holds one chunk of it at a time.
pub(crate) struct Upload {
    chunks: Chunks,
    chunk: Bytes,
    begun: Arc<AtomicBool>,
}

/// How far a request has got for certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    /// It has no body, so its progress is not visible.
    Unknown,
    /// Its body has not been read: it has not been sent completely.
    NotBody,
    /// Its body has been read, so there is a connection.
    Body,
}

/// Observes an [`Upload`]. ureq reads a body when it has sent the head.
pub(crate) struct Progress(Option<Arc<AtomicBool>>);

impl Progress {
    pub(crate) fn without_body() -> Self {
        Self(None)
    }

    pub(crate) fn reached(&self) -> Reached {
        match &self.0 {
            None => Reached::Unknown,
            Some(begun) if begun.load(Ordering::Relaxed) => Reached::Body,
            Some(_) => Reached::NotBody,
        }
    }
}

impl Upload {
    pub(crate) fn new(body: Body) -> (Self, Progress) {
        let begun = (!body.is_empty()).then(Arc::<AtomicBool>::default);
        let upload = Self {
            chunks: body.into_chunks(),
            chunk: Bytes::new(),
            begun: begun.clone().unwrap_or_default(),
        };
        (upload, Progress(begun))
    }
}

impl Read for Upload {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.begun.store(true, Ordering::Relaxed);
        while self.chunk.is_empty() {
            match self.chunks.next() {
                // The error kind of the source must not be taken for one of the connection.
                Some(chunk) => self.chunk = chunk.map_err(io::Error::other)?,
                None => return Ok(0),
            }
        }
        let length = buffer.len().min(self.chunk.len());
        self.chunk.copy_to_slice(&mut buffer[..length]);
        Ok(length)
    }
}
