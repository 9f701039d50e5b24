//! The receivers in this process, which webhooks are delivered to without a server.

use std::{
    future::{Future, poll_fn},
    sync::{Mutex, MutexGuard, PoisonError},
    task::Poll,
};

use bytes::Bytes;
use http::{Request, Response, Uri};
use linq_types::Timestamp;
use linq_webhooks::{Deduplicator, EventHandler, Receiver};
use tokio::sync::{mpsc, oneshot};

/// The scheme of the URLs of receivers in this process.
const SCHEME: &str = "in-process";
/// The number of deliveries that wait for a receiver whose future is not polled.
const WAITING: usize = 1_000;

/// A webhook, when it is delivered, and where the response goes.
pub(crate) struct Delivery {
    request: Request<Bytes>,
    at: Timestamp,
    respond: oneshot::Sender<Response<Bytes>>,
}

/// The receivers in this process. Their futures complete when it is dropped.
#[derive(Default)]
pub(crate) struct Receivers(Mutex<Vec<mpsc::Sender<Delivery>>>);

impl Receivers {
    /// Adds a receiver, and returns its URL and what is delivered to it.
    pub(crate) fn add(&self) -> (Uri, mpsc::Receiver<Delivery>) {
        let (sender, deliveries) = mpsc::channel(WAITING);
        let mut senders = self.lock();
        senders.push(sender);
        let target = format!("{SCHEME}://receiver-{}/", senders.len());
        (target.parse().expect("a scheme and a name make a URL"), deliveries)
    }

    /// Delivers a webhook. Returns `None` if the future of the receiver was dropped.
    pub(crate) async fn deliver(&self, request: Request<Bytes>, at: Timestamp) -> Option<Response<Bytes>> {
        let number: usize = request.uri().host()?.strip_prefix("receiver-")?.parse().ok()?;
        let sender = self.lock().get(number.checked_sub(1)?)?.clone();
        let (respond, response) = oneshot::channel();
        sender.send(Delivery { request, at, respond }).await.ok()?;
        response.await.ok()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<mpsc::Sender<Delivery>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns `true` for the URLs of receivers in this process. No request can name such a URL.
pub(crate) fn is_in_process(target: &Uri) -> bool {
    target.scheme_str() == Some(SCHEME)
}

/// Handles deliveries concurrently until there are no more.
pub(crate) async fn receive<H: EventHandler, D: Deduplicator>(
    receiver: Receiver<H, D>,
    mut deliveries: mpsc::Receiver<Delivery>,
) {
    let mut handling = Vec::new();
    let mut is_open = true;
    poll_fn(|context| {
        while is_open && let Poll::Ready(delivery) = deliveries.poll_recv(context) {
            match delivery {
                Some(delivery) => handling.push(Box::pin(respond(receiver.clone(), delivery))),
                None => is_open = false,
            }
        }
        handling.retain_mut(|one| one.as_mut().poll(context).is_pending());
        if is_open || !handling.is_empty() { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
}

/// Handles one delivery. Like a server, drops the handler if the response is no longer waited for.
async fn respond<H: EventHandler, D: Deduplicator>(receiver: Receiver<H, D>, delivery: Delivery) {
    let Delivery { request, at, mut respond } = delivery;
    tokio::select! {
        response = receiver.respond_at(request, at) => {
            let _ = respond.send(response);
        }
        () = respond.closed() => {}
    }
}
