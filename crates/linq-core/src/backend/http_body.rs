use std::{
    fmt, io,
    pin::Pin,
    sync::{Mutex, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::AttemptProgress;
use crate::{BackendFuture, Body, Chunks};

/// A [`Body`] as an [`http_body::Body`](https://docs.rs/http-body/1/http_body/trait.Body.html), for libraries that send those.
///
/// Each chunk of an upload is read from its source, which can block. The backend says how to run that on a thread that may
/// block. An HTTP library looks at a body when it has a connection to send it on, so the body also reports the
/// [`AttemptProgress`]:
///
/// ```no_run
/// # use linq_core as linq;
/// use std::io;
///
/// use linq::{Body, backend::{AttemptProgress, HttpBody}};
///
/// # mod tokio { pub mod task { pub async fn spawn_blocking<T>(work: impl FnOnce() -> T) -> std::io::Result<T> { Ok(work()) } } }
/// fn request(request: http::Request<Body>) -> http::Request<HttpBody> {
///     let progress = AttemptProgress::of(&request);
///     request.map(|body| {
///         HttpBody::new(body, progress, |read| {
///             Box::pin(async { tokio::task::spawn_blocking(read).await.map_err(io::Error::other) })
///         })
///     })
/// }
/// ```
#[cfg(feature = "http-body")]
pub struct HttpBody {
    length: u64,
    state: State,
    progress: AttemptProgress,
}

/// Reads the next chunk of an upload. It can block.
#[cfg(feature = "http-body")]
pub type BlockingRead = Box<dyn FnOnce() -> ReadChunk + Send>;

/// What a [`BlockingRead`] returns, for [`HttpBody`] to go on with.
#[cfg(feature = "http-body")]
pub struct ReadChunk {
    chunks: Chunks,
    chunk: Option<io::Result<Bytes>>,
}

type RunBlocking = fn(BlockingRead) -> BackendFuture<io::Result<ReadChunk>>;

enum State {
    InMemory(Bytes),
    /// Boxed, for HTTP libraries move bodies about and few are uploads. The mutex is never locked: some libraries require
    /// bodies to be `Sync`, which it provides.
    Upload(Box<Mutex<Upload>>),
    Done,
}

struct Upload {
    run: RunBlocking,
    step: Step,
}

enum Step {
    Idle(Chunks),
    Reading(BackendFuture<io::Result<ReadChunk>>),
    Done,
}

impl HttpBody {
    /// Wraps a body. Reports `progress`: it is connecting until the body is asked for its first chunk, or whether it has one.
    ///
    /// `run_blocking` runs a function on a thread that may block and returns what it returns.
    #[must_use]
    pub fn new(
        body: Body,
        progress: AttemptProgress,
        run_blocking: fn(BlockingRead) -> BackendFuture<io::Result<ReadChunk>>,
    ) -> Self {
        progress.connecting();
        let length = body.content_length();
        let state = match body.as_bytes() {
            Some(bytes) if bytes.is_empty() => State::Done,
            Some(bytes) => State::InMemory(bytes.clone()),
            None => {
                let upload = Upload { run: run_blocking, step: Step::Idle(body.into_chunks()) };
                State::Upload(Box::new(Mutex::new(upload)))
            }
        };
        Self { length, state, progress }
    }
}

#[cfg(feature = "http-body")]
impl http_body::Body for HttpBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if !self.progress.sending() {
            return Poll::Ready(Some(Err(io::Error::other("the client has given up this attempt"))));
        }
        let chunk = match &mut self.state {
            State::Done => return Poll::Ready(None),
            State::InMemory(bytes) => Some(Ok(std::mem::take(bytes))),
            State::Upload(upload) => {
                let upload = upload.get_mut().unwrap_or_else(PoisonError::into_inner);
                std::task::ready!(upload.poll_chunk(context))
            }
        };
        if !matches!((&self.state, &chunk), (State::Upload(_), Some(Ok(_)))) {
            self.state = State::Done;
        }
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.state, State::Done) && self.progress.sending()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}

impl Upload {
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if let Step::Idle(chunks) = &mut self.step {
            let mut chunks = std::mem::take(chunks);
            self.step = Step::Reading((self.run)(Box::new(move || {
                let chunk = chunks.next();
                ReadChunk { chunks, chunk }
            })));
        }
        let Step::Reading(reading) = &mut self.step else { return Poll::Ready(None) };
        let read = std::task::ready!(reading.as_mut().poll(context));
        self.step = Step::Done;
        let ReadChunk { chunks, chunk } = read?;
        self.step = Step::Idle(chunks);
        Poll::Ready(chunk)
    }
}

#[cfg(feature = "http-body")]
impl fmt::Debug for HttpBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpBody({} bytes)", self.length)
    }
}

#[cfg(feature = "http-body")]
impl fmt::Debug for ReadChunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadChunk")
    }
}
