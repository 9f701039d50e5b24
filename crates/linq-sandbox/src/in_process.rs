//! Receivers in this process, which webhooks are delivered to without a server.

use std::{
    future::{Future, poll_fn},
    sync::{Mutex, MutexGuard, PoisonError},
    task::Poll,
};

use bytes::Bytes;
use http::{Request, Response, Uri};
use linq_types::Timestamp;
use linq_webhooks::{Deduplicator, EventHandler, Receiver, Verifier};
use tokio::sync::{mpsc, oneshot};

use crate::{Sandbox, ids::Ids};

/// The scheme of the URLs of receivers in this process.
const SCHEME: &str = "in-process";
/// The number of deliveries that wait for a receiver whose future is not polled.
const WAITING: usize = 1_000;

impl Sandbox {
    /// Delivers webhooks to a receiver in this process, without a port and a server, while the future is polled: spawn it.
    ///
    /// The receiver is subscribed at once, to the [events](EventHandler::subscribed_events) of its handler. Its verifier is the
    /// [sandbox's](Self::verifier). Deliveries are signed, logged, retried and hit by faults like those to a server. They are
    /// received as of the sandbox's time, whatever clock the receiver has. Their target URL, `in-process://receiver-1/` for the
    /// first one, exists only in the log and in the list of subscriptions.
    ///
    /// The future is [`Send`] if the handler is. It completes when the sandbox was dropped, or was shut down and the deliveries
    /// in progress are done. Deliveries after the future was dropped fail, and are retried.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use linq_sandbox::Sandbox;
    /// use linq_webhooks::{Receiver, Router, events::MessageReceived};
    ///
    /// let sandbox = Sandbox::start().await?;
    /// let bot = Router::new(()).on(async |message: MessageReceived, ()| {
    ///     println!("{}", message.text());
    ///     Ok::<_, std::io::Error>(())
    /// });
    /// tokio::spawn(sandbox.deliver_to(Receiver::new(sandbox.verifier(), bot)));
    ///
    /// sandbox.person("+12025550199").says("Hello?")?;
    /// sandbox.until(|sandbox| sandbox.deliveries().iter().any(|delivery| delivery.succeeded())).await;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "nothing is received unless the future is polled; spawn it"]
    pub fn deliver_to<H: EventHandler, D: Deduplicator>(
        &self,
        receiver: Receiver<H, D>,
    ) -> impl Future<Output = ()> + use<H, D> {
        let (target, deliveries) = self.receivers.add();
        let events = receiver.handler().subscribed_events();
        let secret = secret(self.shared.config.seed);
        self.shared.change(|store, now| store.subscribe_in_process(now, target, events, secret));
        receive(receiver, deliveries)
    }

    /// Returns a verifier of the sandbox's webhooks, with its [clock](Self::clock). It accepts those that are [delivered in this
    /// process](Self::deliver_to), and those of the subscriptions that exist now.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        const VALID: &str = "the sandbox makes valid secrets";

        let verifier = Verifier::new(secret(self.shared.config.seed)).expect(VALID);
        let verifier = self.shared.read(|store| {
            let secrets = store.subscriptions.iter().map(|subscription| &subscription.secret);
            secrets.fold(verifier, |verifier, secret| verifier.and_secret(secret).expect(VALID))
        });
        verifier.clock(self.clock())
    }
}

/// Returns the secret of the receivers in this process. It is known before there is one.
fn secret(seed: u64) -> String {
    Ids::new(seed ^ 0x7365_6372_6574).signing_secret()
}

/// A webhook, when it is delivered, and where the response goes.
struct Delivery {
    request: Request<Bytes>,
    at: Timestamp,
    respond: oneshot::Sender<Response<Bytes>>,
}

/// The receivers in this process. Their futures complete when it is dropped.
#[derive(Default)]
pub(crate) struct Receivers(Mutex<Vec<mpsc::Sender<Delivery>>>);

impl Receivers {
    /// Adds a receiver, and returns its URL and what is delivered to it.
    fn add(&self) -> (Uri, mpsc::Receiver<Delivery>) {
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
async fn receive<H: EventHandler, D: Deduplicator>(
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
