use std::io::{self, Read};

use bytes::{Buf, Bytes};
use linq_core::{Body, Chunks};

/// A [`Body`] as a reader, which holds one piece of it at a time.
pub(crate) struct Upload {
    chunks: Chunks,
    chunk: Bytes,
}

impl Upload {
    pub(crate) fn new(body: Body) -> Self {
        Self { chunks: body.into_chunks(), chunk: Bytes::new() }
    }
}

impl Read for Upload {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() {
            match self.chunks.next() {
                // Its kind would say something about the connection.
                Some(chunk) => self.chunk = chunk.map_err(io::Error::other)?,
                None => return Ok(0),
            }
        }
        let length = buffer.len().min(self.chunk.len());
        self.chunk.copy_to_slice(&mut buffer[..length]);
        Ok(length)
    }
}
