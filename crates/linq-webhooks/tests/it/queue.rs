use std::{pin::pin, sync::Arc, task::Poll, thread};

use http::Request;
use linq_webhooks::{Failure, Outcome, ReceiveError, Receiver, block_on};
use tokio::sync::Notify;

use super::{
    delivery::{SECRET, event, now, signed, verifier},
    scripted::{
        Scripted,
        Step::{self, Fail, Hang, Panic, Succeed, WaitFor},
        poll_once,
    },
};

fn receiver<const N: usize>(capacity: usize, steps: [Step; N]) -> Receiver<Scripted> {
    Receiver::new(verifier(), Scripted::new(steps)).queue(capacity)
}

fn accept(receiver: &Receiver<Scripted>, id: &str) -> Result<Outcome, (u16, String)> {
    let body = event(id);
    let result = block_on(receiver.accept_at(&signed(SECRET, &body), body, now()));
    result.map_err(|error| (error.status().as_u16(), error.to_string()))
}

fn refused(reason: &str) -> Result<Outcome, (u16, String)> {
    Err((503, reason.to_owned()))
}

#[test]
fn an_accepted_event_is_handled_after_the_response() {
    let receiver = receiver(8, []);
    let mut worker = receiver.worker();
    assert_eq!(accept(&receiver, "a"), Ok(Outcome::Accepted));
    assert_eq!(accept(&receiver, "b"), Ok(Outcome::Accepted));
    assert_eq!(Outcome::Accepted.status(), 202);
    assert!(receiver.handler().called_with().is_empty());
    assert_eq!(block_on(worker.next()).unwrap().unwrap(), Outcome::Handled);
    assert_eq!(accept(&receiver, "a"), Ok(Outcome::Duplicate));
    assert_eq!(
        accept(&receiver, "b"),
        refused("another delivery of the event is being handled; deliver it again later")
    );
    assert_eq!(block_on(worker.next()).unwrap().unwrap(), Outcome::Handled);
    assert_eq!(receiver.handler().called_with(), ["a", "b"]);
    assert!(poll_once(pin!(worker.next())).is_pending());
}

#[test]
fn a_full_queue_rejects_at_once_and_accepts_the_event_later() {
    let receiver = receiver(2, []);
    let mut worker = receiver.worker();
    assert_eq!(
        [accept(&receiver, "a"), accept(&receiver, "b")],
        [Ok(Outcome::Accepted), Ok(Outcome::Accepted)]
    );
    assert_eq!(accept(&receiver, "c"), refused("event queue is full; raise its capacity or add workers"));
    block_on(worker.next());
    assert_eq!(accept(&receiver, "c"), Ok(Outcome::Accepted));
    block_on(worker.next());
    block_on(worker.next());
    assert_eq!(receiver.handler().called_with(), ["a", "b", "c"]);
}

#[test]
fn events_in_the_queue_do_not_make_the_receiver_forget_those_that_were_handled() {
    let receiver = receiver(20_000, []);
    let mut worker = receiver.worker();
    assert_eq!(accept(&receiver, "handled"), Ok(Outcome::Accepted));
    assert_eq!(block_on(worker.next()).unwrap().unwrap(), Outcome::Handled);
    for waiting in 0..12_000 {
        assert_eq!(accept(&receiver, &format!("{waiting}")), Ok(Outcome::Accepted));
    }
    assert_eq!(accept(&receiver, "handled"), Ok(Outcome::Duplicate));
}

#[test]
fn a_queue_without_a_worker_rejects_events() {
    let receiver = receiver(2, []);
    assert_eq!(
        accept(&receiver, "a"),
        refused("event queue has no worker; create one with `Receiver::worker`")
    );
    let worker = receiver.worker();
    assert_eq!(accept(&receiver, "a"), Ok(Outcome::Accepted));
    drop(worker);
    assert_eq!(
        accept(&receiver, "b"),
        refused("event queue has no worker; create one with `Receiver::worker`")
    );
    let mut replacement = receiver.worker();
    block_on(replacement.next());
    assert_eq!(receiver.handler().called_with(), ["a"]);
}

#[test]
fn a_failure_contains_the_event_which_can_be_accepted_again() {
    let receiver = receiver(8, [Fail, Succeed, Panic]);
    let mut worker = receiver.worker();
    for (id, reason) in
        [("a", "the database is away"), ("b", "handler panicked; see the log of the receiving process")]
    {
        assert_eq!(accept(&receiver, id), Ok(Outcome::Accepted));
        let Failure { event: returned, error, .. } = block_on(worker.next()).unwrap().unwrap_err();
        assert_eq!((returned.raw(), error.to_string().as_str()), (event(id).as_bytes(), reason));
        assert_eq!(accept(&receiver, id), Ok(Outcome::Accepted));
        assert!(matches!(block_on(worker.next()), Some(Ok(Outcome::Handled))));
    }
}

#[test]
fn the_event_of_a_dropped_worker_is_handled_by_another_worker() {
    let receiver = receiver(1, [Hang]);
    let (mut dropped, mut other) = (receiver.worker(), receiver.worker());
    assert_eq!(accept(&receiver, "a"), Ok(Outcome::Accepted));
    assert!(poll_once(pin!(dropped.next())).is_pending());
    drop(dropped);
    assert!(matches!(block_on(other.next()), Some(Ok(Outcome::Handled))));
    assert_eq!(receiver.handler().called_with(), ["a", "a"]);
    assert_eq!(accept(&receiver, "a"), Ok(Outcome::Duplicate));
}

#[test]
fn accepting_an_event_wakes_a_worker() {
    let receiver = receiver(8, []);
    let worker = receiver.worker();
    let thread = thread::spawn(|| block_on(worker.run(|failure| panic!("{failure:?}"))));
    for id in ["a", "b", "c"] {
        assert_eq!(accept(&receiver, id), Ok(Outcome::Accepted));
    }
    assert!(block_on(receiver.shutdown()).is_empty());
    thread.join().unwrap();
    assert_eq!(receiver.handler().called_with(), ["a", "b", "c"]);
}

#[test]
fn shutdown_drains_the_queue_before_the_workers_end() {
    let signal = Arc::new(Notify::new());
    let receiver = receiver(8, [WaitFor(Arc::clone(&signal)), Fail]);
    let (one, two) = (receiver.worker(), receiver.worker());
    for id in ["a", "b", "c"] {
        assert_eq!(accept(&receiver, id), Ok(Outcome::Accepted));
    }
    let mut failures = Vec::new();
    let mut shutdown = pin!(receiver.shutdown());
    assert_eq!(accept(&receiver, "d"), refused("receiver is shutting down; deliver the event again later"));
    {
        let mut one = pin!(one.run(|failure| panic!("{failure:?}")));
        let mut two = pin!(two.run(|failure| failures.push(failure.event.event_id.unwrap())));
        assert!(poll_once(one.as_mut()).is_pending());
        assert!(poll_once(two.as_mut()).is_pending(), "another worker may yet leave its event to this one");
        assert!(poll_once(shutdown.as_mut()).is_pending());
        signal.notify_one();
        assert!(poll_once(one).is_ready());
        assert!(poll_once(two).is_ready());
    }
    let Poll::Ready(unhandled) = poll_once(shutdown) else { panic!("still shutting down") };
    assert!(unhandled.is_empty());
    assert_eq!(failures.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["b"]);
    assert_eq!(receiver.handler().called_with(), ["a", "b", "c"]);
}

#[test]
fn shutdown_returns_the_events_that_no_worker_handled() {
    let receiver = receiver(8, []);
    let worker = receiver.worker();
    assert_eq!(accept(&receiver, "a"), Ok(Outcome::Accepted));
    drop(worker);
    let unhandled = block_on(receiver.shutdown());
    assert_eq!(
        unhandled.iter().map(|event| event.raw().to_vec()).collect::<Vec<_>>(),
        [event("a").into_bytes()]
    );
}

#[test]
fn respond_accepts_the_event_if_there_is_a_queue() {
    let receiver = receiver(1, []);
    let mut worker = receiver.worker();
    let body = event("a");
    let mut request = Request::new(body.clone().into());
    *request.headers_mut() = signed(SECRET, &body);
    assert_eq!(block_on(receiver.respond_at(request, now())).status(), 202);
    assert!(matches!(block_on(worker.next()), Some(Ok(Outcome::Handled))));
}

#[test]
fn accept_verifies_and_parses_the_event_first() {
    let receiver = receiver(1, []);
    let _worker = receiver.worker();
    let body = event("a");
    let forged = block_on(receiver.accept_at(&signed(SECRET, "{}"), body, now()));
    assert!(matches!(forged, Err(ReceiveError::Unverified(_))));
    let unreadable = block_on(receiver.accept_at(&signed(SECRET, "{}"), "{}", now()));
    assert!(matches!(unreadable, Err(ReceiveError::InvalidEvent(_))));
}
