use std::fmt;

use bytes::Bytes;

/// The body of a request.
///
/// Opaque, so that bodies that are read in pieces can be added without a breaking change.
#[derive(Clone, Default)]
pub struct Body(Bytes);

impl Body {
    /// No body.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// The length in bytes.
    #[must_use]
    pub fn content_length(&self) -> u64 {
        self.0.len() as u64
    }

    /// Whether there is nothing to send.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The whole body.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(bytes)
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

/// Shows the length only: bodies hold people's words and numbers.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.content_length())
    }
}
