use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

/// The maximum number of connections.
const MAX_CONNECTIONS: usize = 64;
/// The maximum number of frames that wait for one client.
const MAX_WAITING: usize = 64;
/// The maximum size of the frames that wait for one client, in bytes. One frame may be that large.
pub(crate) const MAX_WAITING_BYTES: usize = 4 * 1024 * 1024;

/// The open connections of the relay, by their ids.
#[derive(Debug)]
pub(crate) struct RelayConnections {
    open: Mutex<HashMap<String, RelaySender>>,
    free: Arc<Semaphore>,
}

impl Default for RelayConnections {
    fn default() -> Self {
        Self { open: Mutex::default(), free: Arc::new(Semaphore::new(MAX_CONNECTIONS)) }
    }
}

impl RelayConnections {
    pub(crate) fn find(&self, id: &str) -> Option<RelaySender> {
        self.lock().get(id).cloned()
    }

    /// Reserves one of the connections until the permit is dropped. Returns `None` if there are too many.
    pub(crate) fn reserve(&self) -> Option<OwnedSemaphorePermit> {
        self.free.clone().try_acquire_owned().ok()
    }

    /// Opens a connection, which is closed when the receiver is dropped.
    pub(crate) fn open(&self, id: String) -> Frames<'_> {
        let (frames, waiting) = mpsc::channel(MAX_WAITING);
        let sender = RelaySender { frames, free_bytes: Arc::new(Semaphore::new(MAX_WAITING_BYTES)) };
        self.lock().insert(id.clone(), sender);
        Frames { id, waiting, connections: self }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, RelaySender>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends frames to the client of a connection.
#[derive(Debug, Clone)]
pub(crate) struct RelaySender {
    frames: mpsc::Sender<Frame>,
    free_bytes: Arc<Semaphore>,
}

/// A frame that waits to be written.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) text: String,
    written: oneshot::Sender<()>,
    /// Its size, which counts as waiting until the frame is written.
    _bytes: OwnedSemaphorePermit,
}

impl Frame {
    /// Returns `true` if nobody waits for it any more: its delivery timed out, and will be retried.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.written.is_closed()
    }

    pub(crate) fn confirm(self) {
        // The delivery may have timed out at this moment.
        let _ = self.written.send(());
    }
}

impl RelaySender {
    /// Returns once the frame is written to the connection.
    pub(crate) async fn send(&self, text: String) -> Result<(), RelayError> {
        let size = u32::try_from(text.len()).ok().filter(|size| *size as usize <= MAX_WAITING_BYTES);
        let size = size.ok_or(RelayError::TooLarge)?;
        let bytes = self.free_bytes.clone().try_acquire_many_owned(size).map_err(|_| RelayError::TooSlow)?;
        let (written, confirmed) = oneshot::channel();
        self.frames.try_send(Frame { text, written, _bytes: bytes }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => RelayError::TooSlow,
            mpsc::error::TrySendError::Closed(_) => RelayError::NotFound,
        })?;
        confirmed.await.map_err(|_| RelayError::Ended)
    }
}

/// The frames for a connection.
pub(crate) struct Frames<'a> {
    id: String,
    waiting: mpsc::Receiver<Frame>,
    connections: &'a RelayConnections,
}

impl Frames<'_> {
    pub(crate) fn connection_id(&self) -> &str {
        &self.id
    }

    /// Waits for the next frame. There is always another one to come, since the connection is open.
    pub(crate) async fn next(&mut self) -> Frame {
        match self.waiting.recv().await {
            Some(frame) => frame,
            None => std::future::pending().await,
        }
    }

    /// Accepts no more frames, and returns one that waits already.
    pub(crate) fn take_last(&mut self) -> Option<Frame> {
        self.waiting.close();
        self.waiting.try_recv().ok()
    }
}

impl Drop for Frames<'_> {
    fn drop(&mut self) {
        self.connections.lock().remove(&self.id);
    }
}

/// Why a webhook was not sent to its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RelayError {
    NotFound,
    TooLarge,
    TooSlow,
    Ended,
}

impl RelayError {
    /// Returns the status of the delivery. It is retried if the same connection, or its successor, can take it later.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::GONE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow | Self::Ended => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl fmt::Display for RelayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotFound => "there is no such relay connection",
            Self::TooLarge => "the webhook is too large for a frame",
            Self::TooSlow => "too many frames wait for the client of the relay",
            Self::Ended => "the relay connection ended before the frame was written",
        })
    }
}
