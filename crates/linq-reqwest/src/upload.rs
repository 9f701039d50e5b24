use std::{
    io,
    pin::Pin,
    sync::{Mutex, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use linq_core::{Body, Chunks};
use tokio::task::{JoinHandle, spawn_blocking};

type Read = (Chunks, Option<io::Result<Bytes>>);

/// An upload as hyper's body: each piece is read on a thread that may block.
pub(crate) struct UploadBody {
    length: u64,
    state: State,
}

enum State {
    /// Never locked: reqwest wants bodies that can be shared, which this makes it.
    Idle(Mutex<Chunks>),
    Reading(JoinHandle<Read>),
    Done,
}

impl UploadBody {
    pub(crate) fn new(body: Body) -> Self {
        Self { length: body.content_length(), state: State::Idle(Mutex::new(body.into_chunks())) }
    }
}

impl http_body::Body for UploadBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Poll::Ready(None),
                State::Idle(chunks) => {
                    let mut chunks = chunks.into_inner().unwrap_or_else(PoisonError::into_inner);
                    self.state = State::Reading(spawn_blocking(move || {
                        let chunk = chunks.next();
                        (chunks, chunk)
                    }));
                }
                State::Reading(mut reading) => {
                    let Poll::Ready(read) = Pin::new(&mut reading).poll(context) else {
                        self.state = State::Reading(reading);
                        return Poll::Pending;
                    };
                    let (chunks, chunk) = read.map_err(io::Error::other)?;
                    if chunk.is_some() {
                        self.state = State::Idle(Mutex::new(chunks));
                    }
                    return Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)));
                }
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
