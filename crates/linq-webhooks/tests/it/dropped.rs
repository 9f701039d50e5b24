//! Futures that are dropped: of handlers, because the client disconnected, and while the deduplicator works.

use std::{
    collections::HashSet,
    error::Error,
    pin::pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use linq_webhooks::{
    Claim, ClaimToken, Deduplicator, MemoryDeduplicator, Outcome, Receiver, Signer, Timestamp, block_on,
};
use tokio::task::yield_now;

use super::{
    delivery::{NOW, SECRET, at, event, signed, verifier},
    scripted::{
        Scripted,
        Step::{self, Fail, Hang, Succeed},
        poll_once,
    },
};

fn receiver<const N: usize>(steps: [Step; N]) -> Receiver<Scripted> {
    Receiver::new(verifier(), Scripted::new(steps))
}

/// Delivers an event this many seconds after the first delivery. Errors are status codes.
async fn deliver<D: Deduplicator>(
    receiver: &Receiver<Scripted, D>,
    id: &str,
    seconds: i64,
) -> Result<Outcome, u16> {
    let body = event(id);
    let result = receiver.receive_at(&signed(SECRET, &body), body, at(NOW + seconds)).await;
    result.map_err(|error| error.status().as_u16())
}

fn drop_handler<D: Deduplicator>(receiver: &Receiver<Scripted, D>, id: &str, seconds: i64) {
    assert!(poll_once(pin!(deliver(receiver, id, seconds))).is_pending());
}

#[test]
fn an_event_whose_handler_was_dropped_is_in_progress_for_a_minute_and_then_handled() {
    let receiver = receiver([Hang, Hang]);
    drop_handler(&receiver, "a", 0);
    for seconds in [2, 16, 59] {
        assert_eq!(block_on(deliver(&receiver, "a", seconds)), Err(503), "{seconds}");
    }
    assert_eq!(receiver.handler().called_with(), ["a"]);
    drop_handler(&receiver, "a", 61);
    assert_eq!(block_on(deliver(&receiver, "a", 120)), Err(503));
    assert_eq!(block_on(deliver(&receiver, "a", 122)), Ok(Outcome::Handled));
    assert_eq!(block_on(deliver(&receiver, "a", 123)), Ok(Outcome::Duplicate));
    assert_eq!(receiver.handler().called_with(), ["a", "a", "a"]);
}

#[test]
fn the_time_until_a_dropped_event_is_released_can_be_set() {
    for (duration, in_progress, handled) in [
        (Duration::ZERO, None, 1),
        (Duration::from_secs(5), Some(4), 6),
        (Duration::from_secs(200), Some(199), 201),
        // At most a day.
        (Duration::MAX, Some(299), 86_401),
    ] {
        let receiver = receiver([Hang]).release_dropped_after(duration);
        drop_handler(&receiver, "a", 0);
        if let Some(seconds) = in_progress {
            assert_eq!(block_on(deliver(&receiver, "a", seconds)), Err(503), "{duration:?}");
        }
        assert_eq!(block_on(released(&receiver, handled)), Outcome::Handled, "{duration:?}");
    }
}

/// Delivers the event later than the tolerance of the verifier, with a signature of that time.
async fn released(receiver: &Receiver<Scripted>, seconds: i64) -> Outcome {
    let (body, now) = (event("a"), at(NOW + seconds));
    let headers = Signer::new(SECRET).unwrap().headers("a", now, body.as_bytes()).unwrap();
    receiver.receive_at(&headers, body, now).await.unwrap()
}

#[test]
fn an_event_that_failed_is_released_at_once() {
    let receiver = receiver([Fail]);
    assert_eq!(block_on(deliver(&receiver, "a", 0)), Err(500));
    assert_eq!(block_on(deliver(&receiver, "a", 0)), Ok(Outcome::Handled));
}

/// A store in memory that is pending for a while before and after it does what it is asked for.
#[derive(Default)]
struct Slow {
    memory: MemoryDeduplicator,
    calls: Mutex<Vec<&'static str>>,
}

impl Slow {
    async fn call<T>(&self, name: &'static str, call: impl Future<Output = T>) -> T {
        yield_now().await;
        self.calls.lock().unwrap().push(name);
        let result = call.await;
        yield_now().await;
        result
    }
}

impl Deduplicator for Slow {
    async fn claim(
        &self,
        event_id: &str,
        token: ClaimToken,
        now: Timestamp,
    ) -> Result<Claim, Box<dyn Error + Send + Sync>> {
        self.call("claim", self.memory.claim(event_id, token, now)).await
    }

    async fn complete(&self, event_id: &str, token: ClaimToken) {
        self.call("complete", self.memory.complete(event_id, token)).await;
    }

    async fn release(&self, event_id: &str, token: ClaimToken, at: Timestamp) {
        self.call("release", self.memory.release(event_id, token, at)).await;
    }
}

/// Whatever step a delivery is dropped in: while the event is claimed, handled, completed or released.
#[test]
fn a_delivery_that_is_dropped_at_any_step_leaves_no_claim() {
    let tokio = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for step in [|| Succeed, || Fail, || Hang] {
        for polls in 0..12 {
            let receiver = receiver([step()]).deduplicator(Slow::default());
            {
                let mut delivery = pin!(deliver(&receiver, "a", 0));
                let _ended = (0..polls).any(|_| poll_once(delivery.as_mut()).is_ready());
            }
            receiver.handler().succeed_from_now_on();
            let called = !receiver.handler().called_with().is_empty();
            let expected = match (called, step()) {
                (false, _) | (true, Fail) => [Ok(Outcome::Handled), Ok(Outcome::Duplicate)],
                (true, Hang) => [Err(503), Ok(Outcome::Handled)],
                (true, _) => [Ok(Outcome::Duplicate), Ok(Outcome::Duplicate)],
            };
            let later = [1, 70].map(|seconds| tokio.block_on(deliver(&receiver, "a", seconds)));
            assert_eq!(later, expected, "dropped after {polls} polls");
        }
    }
}

#[test]
fn ending_a_claim_late_or_twice_does_not_end_the_claim_of_another_delivery() {
    let tokio = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let slow = Arc::new(Slow::default());
    let first = receiver([Fail]).deduplicator(Arc::clone(&slow));
    let second = receiver([Hang]).deduplicator(Arc::clone(&slow));
    {
        // Dropped while the claim is being released, after the store has done it: it will be released again.
        let mut delivery = pin!(deliver(&first, "a", 0));
        while slow.calls.lock().unwrap().last() != Some(&"release") {
            assert!(poll_once(delivery.as_mut()).is_pending());
        }
    }
    let mut other = pin!(deliver(&second, "a", 1));
    while second.handler().called_with().is_empty() {
        assert!(poll_once(other.as_mut()).is_pending());
    }
    assert_eq!(tokio.block_on(deliver(&first, "b", 2)), Ok(Outcome::Handled));
    assert_eq!(slow.calls.lock().unwrap().iter().filter(|call| **call == "release").count(), 2);
    assert_eq!(tokio.block_on(deliver(&first, "a", 3)), Err(503), "the second receiver handles it");
    assert_eq!(first.handler().called_with(), ["a", "b"]);
}

#[test]
fn a_claim_that_the_store_made_before_it_failed_is_released() {
    /// Claims the event, and then fails once.
    struct Unlucky(MemoryDeduplicator, Mutex<bool>);

    impl Deduplicator for Unlucky {
        async fn claim(
            &self,
            event_id: &str,
            token: ClaimToken,
            now: Timestamp,
        ) -> Result<Claim, Box<dyn Error + Send + Sync>> {
            let claim = self.0.claim(event_id, token, now).await?;
            if std::mem::take(&mut *self.1.lock().unwrap()) { Err("timed out".into()) } else { Ok(claim) }
        }

        async fn complete(&self, event_id: &str, token: ClaimToken) {
            self.0.complete(event_id, token).await;
        }

        async fn release(&self, event_id: &str, token: ClaimToken, at: Timestamp) {
            self.0.release(event_id, token, at).await;
        }
    }

    let store = Unlucky(MemoryDeduplicator::new(), Mutex::new(true));
    let receiver = receiver([]).deduplicator(store);
    assert_eq!(block_on(deliver(&receiver, "a", 0)), Err(503));
    assert_eq!(block_on(deliver(&receiver, "a", 0)), Ok(Outcome::Handled));
}

#[test]
fn tokens_of_claims_differ_within_a_process_and_print_as_32_digits() {
    #[derive(Default)]
    struct Tokens(Mutex<Vec<ClaimToken>>);

    impl Deduplicator for Tokens {
        async fn claim(
            &self,
            _: &str,
            token: ClaimToken,
            _: Timestamp,
        ) -> Result<Claim, Box<dyn Error + Send + Sync>> {
            self.0.lock().unwrap().push(token);
            Ok(Claim::New)
        }

        async fn complete(&self, _: &str, token: ClaimToken) {
            assert_eq!(self.0.lock().unwrap().last(), Some(&token));
        }

        async fn release(&self, _: &str, _: ClaimToken, _: Timestamp) {}
    }

    let tokens = Arc::new(Tokens::default());
    let receiver = receiver([]).deduplicator(Arc::clone(&tokens));
    for _ in 0..100 {
        block_on(deliver(&receiver, "a", 0)).unwrap();
    }
    let tokens = tokens.0.lock().unwrap();
    let distinct: HashSet<_> = tokens.iter().copied().map(u128::from).collect();
    assert_eq!(distinct.len(), 100);
    assert!(tokens.iter().all(|token| token.to_string().len() == 32));
    assert_eq!(ClaimToken::from(0xab).to_string(), format!("{:0>32}", "ab"));
}
