//! Verified events whose payload cannot be read.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use linq_macros::linq_handler;
use linq_webhooks::{
    EventHandler, Outcome, Receiver, Router, block_on,
    events::{Event, EventData, MessageRead},
};

use super::delivery::{SECRET, event, now, signed, verifier};

const BODY: &str = r#"{"event_id":"e1","event_type":"message.read","data":7}"#;

/// What the callback and the handler were called with.
type Log = Arc<Mutex<Vec<String>>>;

fn note(log: &Log, event: &Event) {
    let EventData::Unknown(data) = &event.data else { panic!("{event:?}") };
    log.lock().unwrap().push(format!("handler: {} {}", event.event_type, data.as_str()));
}

struct CatchAll(Log);

#[linq_handler(error = Infallible)]
impl CatchAll {
    #[on]
    fn read(&self, _: MessageRead) {
        panic!("it is not readable");
    }

    #[on]
    fn rest(&self, event: Event) {
        note(&self.0, &event);
    }
}

struct Manual(Log);

impl EventHandler for Manual {
    type Error = Infallible;

    async fn handle(&self, event: Event) -> Result<Outcome, Infallible> {
        note(&self.0, &event);
        Ok(Outcome::Handled)
    }
}

fn receiver<H: EventHandler<Error = Infallible>>(handler: H, log: &Log) -> Receiver<H> {
    let log = Arc::clone(log);
    Receiver::new(verifier(), handler)
        .on_error(move |error| log.lock().unwrap().push(format!("callback: {error}")))
}

const TOLD: &str =
    "callback: invalid payload of a `message.read` event: missing or unexpected value at `data`";

#[test]
fn a_catch_all_gets_the_event_and_the_callback_the_error() {
    fn check<H: EventHandler<Error = Infallible>>(handler: impl FnOnce(Log) -> H) {
        let log = Log::default();
        let receiver = receiver(handler(Arc::clone(&log)), &log);
        let deliver = || block_on(receiver.receive_at(&signed(SECRET, BODY), BODY, now())).unwrap();
        assert_eq!(deliver(), Outcome::Handled);
        assert_eq!(deliver(), Outcome::Duplicate);
        assert_eq!(*log.lock().unwrap(), [TOLD, "handler: message.read 7"]);
    }
    check(CatchAll);
    check(Manual);
    check(|log| {
        Router::with_error(())
            .on(|_: MessageRead| -> () { panic!("it is not readable") })
            .on(move |event: Event| note(&log, &event))
    });
}

#[test]
fn without_a_catch_all_the_delivery_is_rejected() {
    struct Readers;

    #[linq_handler(error = Infallible)]
    impl Readers {
        #[on]
        fn read(&self, _: MessageRead) {
            panic!("it is not readable");
        }
    }

    let log = Log::default();
    let receiver = receiver(Readers, &log);
    let error = block_on(receiver.receive_at(&signed(SECRET, BODY), BODY, now())).unwrap_err();
    assert_eq!(error.status(), 400);
}

/// Without an event type there is no event to handle.
#[test]
fn a_body_without_a_readable_event_type_is_rejected_even_with_a_catch_all() {
    for body in
        ["", "<html>", "[]", "7", "{}", r#"{"event_id":"e1"}"#, r#"{"event_type":7}"#, &event("a")[1..]]
    {
        let log = Log::default();
        let receiver = receiver(Manual(Arc::clone(&log)), &log);
        let error = block_on(receiver.receive_at(&signed(SECRET, body), body.to_owned(), now())).unwrap_err();
        assert_eq!(error.status(), 400, "{body}");
        assert!(log.lock().unwrap().is_empty(), "{body}");
    }
}

#[test]
fn an_unverified_event_reaches_no_handler_and_is_not_parsed() {
    let log = Log::default();
    let receiver = receiver(Manual(Arc::clone(&log)), &log);
    let error = block_on(receiver.receive_at(&signed(SECRET, "{}"), BODY, now())).unwrap_err();
    assert_eq!(error.status(), 401);
    assert!(log.lock().unwrap().is_empty());
}
