use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use linq_core::{Body, Chunks};
use tokio::task::{JoinHandle, spawn_blocking};

type Read = (Box<Chunks>, Option<io::Result<Bytes>>);

/// A [`Body`] as hyper's: each piece of an upload is read on a thread that may block.
pub(crate) struct RequestBody {
    length: u64,
    state: State,
}

enum State {
    InMemory(Bytes),
    /// Boxed, for hyper moves bodies about and few are uploads.
    Idle(Box<Chunks>),
    Reading(JoinHandle<Read>),
    Done,
}

impl RequestBody {
    pub(crate) fn new(body: Body) -> Self {
        let length = body.content_length();
        let state = match body.as_bytes() {
            Some(bytes) if bytes.is_empty() => State::Done,
            Some(bytes) => State::InMemory(bytes.clone()),
            None => State::Idle(Box::new(body.into_chunks())),
        };
        Self { length, state }
    }
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Poll::Ready(None),
                State::InMemory(bytes) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                State::Idle(mut chunks) => {
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
                        self.state = State::Idle(chunks);
                    }
                    return Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.state, State::Done)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
