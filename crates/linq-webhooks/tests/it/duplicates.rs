use std::{
    error::Error,
    pin::pin,
    sync::{Arc, Mutex},
    task::Poll,
};

use http::HeaderMap;
use linq_webhooks::{
    Claim, ClaimToken, Deduplicator, EventHandler, MemoryDeduplicator, Outcome, ReceiveError, Receiver,
    Signer, Timestamp, block_on,
};
use tokio::{sync::Notify, task::yield_now};

use super::{
    delivery::{SECRET, event, now, signed, verifier},
    scripted::{
        Scripted,
        Step::{self, Fail, Hang, Panic, Succeed, WaitFor},
        poll_once,
    },
};

fn receiver<const N: usize>(steps: [Step; N]) -> Receiver<Scripted> {
    Receiver::new(verifier(), Scripted::new(steps))
}

async fn deliver<H: EventHandler<Error = &'static str>, D: Deduplicator>(
    receiver: &Receiver<H, D>,
    id: &str,
) -> Result<Outcome, (u16, String)> {
    let body = event(id);
    let result = receiver.receive_at(&signed(SECRET, &body), body, now()).await;
    result.map_err(|error| (error.status().as_u16(), error.to_string()))
}

fn failed() -> Result<Outcome, (u16, String)> {
    Err((500, "the database is away".to_owned()))
}

fn in_progress() -> Result<Outcome, (u16, String)> {
    Err((503, "another delivery of the event is being handled; deliver it again later".to_owned()))
}

#[test]
fn an_event_is_handled_once_however_often_it_is_delivered() {
    let receiver = receiver([]);
    assert_eq!(block_on(deliver(&receiver, "a")), Ok(Outcome::Handled));
    assert_eq!(block_on(deliver(&receiver, "a")), Ok(Outcome::Duplicate));
    assert_eq!(block_on(deliver(&receiver, "b")), Ok(Outcome::Handled));
    assert_eq!(block_on(deliver(&receiver, "a")), Ok(Outcome::Duplicate));
    assert_eq!(Outcome::Duplicate.status(), 204);
    assert_eq!(receiver.handler().called_with(), ["a", "b"]);
}

#[test]
fn a_concurrent_delivery_is_in_progress_until_the_first_one_ends() {
    for (signal_first, then) in [(true, Ok(Outcome::Duplicate)), (false, in_progress())] {
        let signal = Arc::new(Notify::new());
        let receiver = receiver([WaitFor(Arc::clone(&signal))]);
        {
            let mut first = pin!(deliver(&receiver, "a"));
            assert!(poll_once(first.as_mut()).is_pending());
            assert_eq!(block_on(deliver(&receiver, "a")), in_progress());
            assert_eq!(block_on(deliver(&receiver, "b")), Ok(Outcome::Handled));
            if signal_first {
                signal.notify_one();
                assert_eq!(poll_once(first), Poll::Ready(Ok(Outcome::Handled)));
            }
        }
        assert_eq!(block_on(deliver(&receiver, "a")), then);
    }
}

#[test]
fn an_event_that_failed_is_handled_when_it_is_delivered_again() {
    let receiver = receiver([Fail, Panic, Fail, Succeed]);
    assert_eq!(block_on(deliver(&receiver, "a")), failed());
    assert_eq!(
        block_on(deliver(&receiver, "a")),
        Err((500, "handler panicked; see the log of the receiving process".to_owned()))
    );
    assert_eq!(block_on(deliver(&receiver, "a")), failed());
    assert_eq!(block_on(deliver(&receiver, "a")), Ok(Outcome::Handled));
    assert_eq!(block_on(deliver(&receiver, "a")), Ok(Outcome::Duplicate));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_concurrent_deliveries_reaches_the_handler() {
    let signal = Arc::new(Notify::new());
    let receiver = receiver([WaitFor(Arc::clone(&signal))]);
    let deliveries: Vec<_> = (0..32)
        .map(|_| {
            let receiver = receiver.clone();
            tokio::spawn(async move { deliver(&receiver, "a").await })
        })
        .collect();
    while deliveries.iter().filter(|delivery| delivery.is_finished()).count() < 31 {
        yield_now().await;
    }
    signal.notify_one();
    let mut handled = 0;
    for delivery in deliveries {
        let result = delivery.await.unwrap();
        handled += usize::from(result == Ok(Outcome::Handled));
        assert!(result == Ok(Outcome::Handled) || result == in_progress(), "{result:?}");
    }
    assert_eq!((handled, receiver.handler().called_with().len()), (1, 1));
}

#[test]
fn the_event_id_of_the_body_identifies_the_event_whatever_the_headers() {
    let receiver = receiver([]);
    let body = event("a");
    let mut headers = Signer::new(SECRET).unwrap().headers("another-id", now(), body.as_bytes()).unwrap();
    let receive = |headers: &HeaderMap| block_on(receiver.receive_at(headers, body.clone(), now())).unwrap();
    assert_eq!(receive(&headers), Outcome::Handled);
    assert_eq!(receive(&signed(SECRET, &body)), Outcome::Duplicate);
    headers.remove("webhook-id");
    assert_eq!(receive(&headers), Outcome::Duplicate);
}

#[test]
fn a_forged_delivery_claims_no_event() {
    let receiver = receiver([]).deduplicator(MemoryDeduplicator::new().capacity(1));
    let (body, other) = (event("a"), event("b"));
    let forged = block_on(receiver.receive_at(&signed(SECRET, &other), body, now()));
    assert!(matches!(forged, Err(ReceiveError::Unverified(_))));
    assert_eq!(block_on(deliver(&receiver, "a")), Ok(Outcome::Handled));
}

#[test]
fn receivers_can_share_a_deduplicator_or_have_none() {
    let shared = Arc::new(MemoryDeduplicator::new());
    let (one, two) = (receiver([]).deduplicator(Arc::clone(&shared)), receiver([]).deduplicator(shared));
    assert_eq!(block_on(deliver(&one, "a")), Ok(Outcome::Handled));
    assert_eq!(block_on(deliver(&two, "a")), Ok(Outcome::Duplicate));
    let forgetful = receiver([]).deduplicator(());
    assert_eq!(block_on(deliver(&forgetful, "a")), Ok(Outcome::Handled));
    assert_eq!(block_on(deliver(&forgetful, "a")), Ok(Outcome::Handled));
}

/// A store whose calls are pending for a while.
#[derive(Default)]
struct Remote {
    calls: Mutex<Vec<String>>,
    down: bool,
}

impl Remote {
    async fn call(&self, what: &str, event_id: &str) {
        yield_now().await;
        self.calls.lock().unwrap().push(format!("{what} {event_id}"));
        yield_now().await;
    }
}

impl Deduplicator for Remote {
    async fn claim(
        &self,
        event_id: &str,
        _: ClaimToken,
        time: Timestamp,
    ) -> Result<Claim, Box<dyn Error + Send + Sync>> {
        self.call("claim", event_id).await;
        assert_eq!(time, now());
        if self.down { Err("postgres://user:password@host is down".into()) } else { Ok(Claim::New) }
    }

    async fn complete(&self, event_id: &str, _: ClaimToken) {
        self.call("complete", event_id).await;
    }

    async fn release(&self, event_id: &str, _: ClaimToken, _: Timestamp) {
        self.call("release", event_id).await;
    }
}

#[tokio::test]
async fn a_deduplicator_may_await() {
    let store = Arc::new(Remote::default());
    let receiver = receiver([Succeed, Fail, Hang]).deduplicator(Arc::clone(&store));
    assert_eq!(deliver(&receiver, "a").await, Ok(Outcome::Handled));
    assert_eq!(deliver(&receiver, "b").await, failed());
    {
        let mut dropped = pin!(deliver(&receiver, "c"));
        for _ in 0..10 {
            assert!(poll_once(dropped.as_mut()).is_pending());
            yield_now().await;
        }
    }
    assert_eq!(deliver(&receiver, "d").await, Ok(Outcome::Handled));
    assert_eq!(
        *store.calls.lock().unwrap(),
        ["claim a", "complete a", "claim b", "release b", "claim c", "release c", "claim d", "complete d"]
    );
}

#[tokio::test]
async fn a_handled_event_is_completed_with_the_next_delivery_if_the_client_disconnects() {
    let store = Arc::new(Remote::default());
    let receiver = receiver([]).deduplicator(Arc::clone(&store));
    {
        let mut dropped = pin!(deliver(&receiver, "a"));
        while receiver.handler().called_with().is_empty() {
            assert!(poll_once(dropped.as_mut()).is_pending());
        }
    }
    assert_eq!(*store.calls.lock().unwrap(), ["claim a"]);
    assert_eq!(deliver(&receiver, "b").await, Ok(Outcome::Handled));
    assert_eq!(*store.calls.lock().unwrap(), ["claim a", "complete a", "claim b", "complete b"]);
}

#[tokio::test]
async fn an_error_of_the_deduplicator_responds_with_503() {
    let receiver = receiver([]).deduplicator(Remote { down: true, ..Remote::default() });
    let reason = "deduplicator failed; deliver the event again later".to_owned();
    assert_eq!(deliver(&receiver, "a").await, Err((503, reason)));
    assert!(receiver.handler().called_with().is_empty());
    let body = event("a");
    let error = receiver.receive_at(&signed(SECRET, &body), body, now()).await.unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), "postgres://user:password@host is down");
}
