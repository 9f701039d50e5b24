use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::Sleep;

/// A response body that may pause or break off in the middle.
pub(crate) struct FaultyBody {
    first: Bytes,
    pause: Option<Pin<Box<Sleep>>>,
    rest: Bytes,
    breaks: bool,
}

impl FaultyBody {
    pub(crate) fn whole(body: Bytes) -> Self {
        Self { first: body, pause: None, rest: Bytes::new(), breaks: false }
    }

    /// Creates a body that pauses in the middle.
    pub(crate) fn stalled(body: &Bytes, pause: Duration) -> Self {
        let middle = body.len() / 2;
        Self {
            first: body.slice(..middle),
            pause: Some(Box::pin(tokio::time::sleep(pause))),
            rest: body.slice(middle..),
            breaks: false,
        }
    }

    /// Creates a body that breaks off in the middle.
    pub(crate) fn truncated(body: &Bytes) -> Self {
        // The pause flushes the first half.
        Self { breaks: true, ..Self::stalled(body, Duration::from_millis(5)) }
    }
}

impl Body for FaultyBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if !self.first.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.first)))));
        }
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        if self.breaks {
            return Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())));
        }
        let rest = std::mem::take(&mut self.rest);
        Poll::Ready((!rest.is_empty()).then(|| Ok(Frame::data(rest))))
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_empty() && self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact((self.first.len() + self.rest.len()) as u64)
    }
}
