use std::{fmt, sync::Arc};

/// The body that an event was read from: shared bytes that are never copied.
///
/// It wraps any owner of bytes, such as `Vec<u8>`, `String` or `bytes::Bytes`.
#[derive(Clone)]
pub struct RawBody(Arc<dyn AsRef<[u8]> + Send + Sync>);

impl RawBody {
    /// Wraps an owner of bytes.
    pub fn new(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self(Arc::new(bytes))
    }

    /// Returns the bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

impl From<Vec<u8>> for RawBody {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl From<String> for RawBody {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for RawBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawBody({} bytes)", self.as_bytes().len())
    }
}
