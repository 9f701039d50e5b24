//! `GET /sandbox/events`: a stream of server-sent events that ends with the sandbox.

use std::{
    future::Future,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    time::{Instant, sleep_until},
};

use super::view::{self, Cursor, Selection};
use crate::{call::Call, error::ApiError, shared::Shared};

/// The shortest and the longest pause between two views.
const MIN_PAUSE: Duration = Duration::from_millis(100);
const MAX_PAUSE: Duration = Duration::from_secs(2);
/// The part of the time that a stream takes at most, as a divisor.
const SHARE: u32 = 1_000;
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A response body without an end: views of the sandbox as they change.
pub(crate) struct EventStream(NextEvent);

type NextEvent = Pin<Box<dyn Future<Output = Option<(Bytes, Feed)>> + Send>>;

impl EventStream {
    /// Opens a stream that ends when the sender of `stop` is dropped.
    pub(crate) fn open(
        shared: &Arc<Shared>,
        call: &Call<'_>,
        stop: watch::Receiver<()>,
    ) -> Result<Self, ApiError> {
        let permit = shared.streams.open()?;
        let selection = Selection {
            chat_id: call.parameter("chat").map(|id| id.as_ref().into()),
            with_log: call.parameter("log").as_deref() != Some("false"),
        };
        let now = Instant::now();
        let feed = Feed {
            shared: shared.clone(),
            stop,
            selection,
            cursor: None,
            ready_at: now,
            sent_at: now,
            _permit: permit,
        };
        Ok(Self(Box::pin(feed.next())))
    }
}

impl Body for EventStream {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let next = ready!(self.0.as_mut().poll(context));
        Poll::Ready(next.map(|(event, feed)| {
            self.0 = Box::pin(feed.next());
            Ok(Frame::data(event))
        }))
    }
}

/// The state of a stream between two events.
struct Feed {
    shared: Arc<Shared>,
    stop: watch::Receiver<()>,
    selection: Selection,
    cursor: Option<Cursor>,
    /// When the next view may be collected.
    ready_at: Instant,
    /// When the last event was sent.
    sent_at: Instant,
    _permit: OwnedSemaphorePermit,
}

impl Feed {
    /// Waits for the next event; `None` is the end of the stream.
    async fn next(mut self) -> Option<(Bytes, Self)> {
        let shared = self.shared.clone();
        loop {
            let keep_alive_at = self.sent_at + KEEP_ALIVE;
            tokio::select! {
                biased;
                _ = self.stop.changed() => return None,
                () = sleep_until(self.ready_at) => {}
            }
            let altered = shared.altered();
            let event = self.view();
            let event = match event {
                Some(event) => event,
                None if Instant::now() >= keep_alive_at => Bytes::from_static(b": \n\n"),
                None => {
                    tokio::select! {
                        _ = self.stop.changed() => return None,
                        () = altered => {}
                        () = sleep_until(keep_alive_at) => {}
                    }
                    continue;
                }
            };
            self.sent_at = Instant::now();
            return Some((event, self));
        }
    }

    /// Returns the event with what changed; `None` if nothing did.
    fn view(&mut self) -> Option<Bytes> {
        let started = Instant::now();
        let mut event = b"event: view\ndata: ".to_vec();
        let changed = view::write(&self.shared, &self.selection, &mut self.cursor, &mut event);
        self.ready_at = started + (started.elapsed() * SHARE).clamp(MIN_PAUSE, MAX_PAUSE);
        event.extend_from_slice(b"\n\n");
        changed.then(|| event.into())
    }
}
