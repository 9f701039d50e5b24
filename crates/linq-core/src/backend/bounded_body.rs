use std::{
    fmt,
    io::{self, Read},
};

use bytes::{Bytes, BytesMut};

use crate::{TransportError, TransportErrorKind};

/// Collects the body of a response and rejects one that is too large.
///
/// A body that arrives in one chunk is not copied.
///
/// ```
/// # use linq_core as linq;
/// use bytes::Bytes;
/// use linq::{TransportErrorKind, backend::BoundedBody};
///
/// let mut body = BoundedBody::new(8);
/// body.push(Bytes::from("Hello"))?;
/// let error = body.push(Bytes::from(", you")).unwrap_err();
/// assert_eq!(error.kind(), TransportErrorKind::TooLarge);
/// # Ok::<(), linq_core::TransportError>(())
/// ```
pub struct BoundedBody {
    max_bytes: usize,
    first: Bytes,
    /// Everything, from the second chunk on.
    all: BytesMut,
}

impl BoundedBody {
    /// Creates an empty body of at most this many bytes.
    #[must_use]
    pub fn new(max_bytes: usize) -> Self {
        Self { max_bytes, first: Bytes::new(), all: BytesMut::new() }
    }

    /// Appends a chunk.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is larger than allowed ([`TransportErrorKind::TooLarge`]).
    pub fn push(&mut self, chunk: Bytes) -> Result<(), TransportError> {
        let length = self.all.len().max(self.first.len());
        if chunk.len() > self.max_bytes.saturating_sub(length) {
            return Err(TransportError::new(TransportErrorKind::TooLarge));
        }
        if length == 0 {
            self.first = chunk;
            return Ok(());
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&self.first);
        }
        self.all.extend_from_slice(&chunk);
        Ok(())
    }

    /// Returns the whole body.
    #[must_use]
    pub fn finish(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.freeze() }
    }

    /// Reads a whole body from a blocking reader. Returns `None` if it has more than `max_bytes`.
    ///
    /// # Errors
    ///
    /// Returns an error if the reader fails.
    pub fn read(reader: impl Read, max_bytes: usize) -> io::Result<Option<Bytes>> {
        let mut body = Vec::new();
        reader.take((max_bytes as u64).saturating_add(1)).read_to_end(&mut body)?;
        Ok((body.len() <= max_bytes).then(|| body.into()))
    }
}

/// Shows the length only.
impl fmt::Debug for BoundedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.all.len().max(self.first.len());
        write!(f, "BoundedBody({length} of at most {} bytes)", self.max_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_of_exactly_the_limit_fits_however_it_is_cut() {
        for chunks in [&["", "abcd"][..], &["ab", "cd"], &["a", "", "b", "cd"], &["abcd", ""]] {
            let mut body = BoundedBody::new(4);
            for chunk in chunks {
                body.push(Bytes::from(*chunk)).unwrap();
            }
            assert!(body.push("e".into()).is_err(), "{chunks:?}");
            assert_eq!(body.finish(), "abcd", "{chunks:?}");
        }
        assert!(BoundedBody::new(4).push("abcde".into()).is_err());
    }

    #[test]
    fn a_reader_is_read_up_to_the_limit() {
        assert_eq!(BoundedBody::read(&b"abcd"[..], 4).unwrap().unwrap(), "abcd");
        assert_eq!(BoundedBody::read(io::repeat(1), 4).unwrap(), None);
        assert_eq!(BoundedBody::read(&b""[..], 0).unwrap().unwrap(), "");
    }
}
