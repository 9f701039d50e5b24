use std::{cell::RefCell, convert::Infallible, rc::Rc, sync::Arc};

use http::{HeaderMap, StatusCode};
use linq_webhooks::{
    EventHandler, IgnoreReason, Outcome, ReceiveError, Receiver, VerifyError,
    events::{
        Event, EventData, EventPayload, EventType, Interest, MessageRead, MessageReceived, v2, v2025_01_01,
    },
};

use super::delivery::{READ, RECEIVED, SECRET, UNKNOWN, now, signed, verifier};

/// Fails on read receipts, handles messages, ignores the rest.
struct Picky;

impl EventHandler for Picky {
    type Error = &'static str;
    const EVENTS: &'static [Interest] = &[
        Interest::Only(MessageReceived::EVENT),
        Interest::Only(MessageRead::EVENT),
        Interest::Only(v2::CallCompleted::EVENT),
        Interest::Only(v2025_01_01::MessageReceived::EVENT),
    ];

    async fn handle(&self, event: Event) -> Result<Outcome, Self::Error> {
        match event.data {
            EventData::MessageReceived(_) => Ok(Outcome::Handled),
            EventData::MessageRead(_) => Err("the database is away"),
            _ => Ok(Outcome::Ignored(IgnoreReason::NotAccepted)),
        }
    }
}

async fn receive(body: &'static str) -> Result<Outcome, ReceiveError<&'static str>> {
    Receiver::new(verifier(), Picky).receive_at(&signed(SECRET, body), body, now()).await
}

#[tokio::test]
async fn a_verified_event_reaches_the_handler() {
    assert_eq!(receive(RECEIVED).await.unwrap(), Outcome::Handled);
    let ignored = receive(UNKNOWN).await.unwrap();
    assert_eq!(
        (ignored, ignored.status()),
        (Outcome::Ignored(IgnoreReason::NotAccepted), StatusCode::NO_CONTENT)
    );
}

#[tokio::test]
async fn each_error_has_its_status_and_message() {
    let unsigned =
        Receiver::new(verifier(), Picky).receive_at(&HeaderMap::new(), RECEIVED, now()).await.unwrap_err();
    assert!(matches!(unsigned, ReceiveError::Unverified(VerifyError::MissingHeaders)));
    let too_large = Receiver::new(verifier(), Picky)
        .max_body_bytes(RECEIVED.len() - 1)
        .receive_at(&signed(SECRET, RECEIVED), RECEIVED, now())
        .await
        .unwrap_err();
    let errors = [
        too_large,
        unsigned,
        receive("<html>").await.unwrap_err(),
        receive(r#"{"event_id":"e1","event_type":"message.read","data":{}}"#).await.unwrap_err(),
        receive(READ).await.unwrap_err(),
    ];
    let lines = errors.map(|error| format!("{} {error}", error.status().as_u16()));
    insta::assert_snapshot!(lines.join("\n"), @r"
    413 webhook body is larger than 233 bytes; raise `max_body_bytes` to accept it
    401 missing signature headers; if Linq sent the request, configure your proxy to forward the `webhook-*` and `x-webhook-*` headers
    400 invalid webhook body: not JSON
    400 invalid payload of a `message.read` event: missing or unexpected value at `data`
    500 the database is away
    ");
}

#[tokio::test]
async fn a_body_of_one_mebibyte_is_accepted_and_a_larger_one_is_an_error() {
    let padded = |length: usize| format!("{}{RECEIVED}", " ".repeat(length - RECEIVED.len()));
    for (body, taken) in [(padded(1024 * 1024), true), (padded(1024 * 1024 + 1), false)] {
        let headers = signed(SECRET, &body);
        let result = Receiver::new(verifier(), Picky).receive_at(&headers, body, now()).await;
        assert_eq!(result.is_ok(), taken, "{result:?}");
    }
}

#[tokio::test]
async fn receive_reads_the_clock() {
    let receiver = Receiver::new(verifier(), Picky);
    let error = receiver.receive(&signed(SECRET, RECEIVED), RECEIVED).await.unwrap_err();
    assert!(matches!(
        error,
        ReceiveError::Unverified(VerifyError::TooOld { .. } | VerifyError::TooNew { .. })
    ));
}

#[tokio::test]
async fn a_verified_event_can_be_inspected_before_it_is_handled() {
    let verified = verifier().verify_at(&signed(SECRET, RECEIVED), RECEIVED, now()).unwrap();
    let event = verified.parse().unwrap();
    assert_eq!(
        (event.event_type.as_str(), verified.scheme().to_string().as_str(), verified.id()),
        ("message.received", "standard", Some("e1"))
    );
    assert_eq!(Picky.handle(event).await, Ok(Outcome::Handled));
}

#[tokio::test]
async fn a_handler_need_not_be_send() {
    struct Journal(Rc<RefCell<Vec<Event>>>);

    impl EventHandler for Journal {
        type Error = Infallible;

        async fn handle(&self, event: Event) -> Result<Outcome, Infallible> {
            let journal = Rc::clone(&self.0);
            tokio::task::yield_now().await;
            journal.borrow_mut().push(event);
            Ok(Outcome::Handled)
        }
    }

    let journal = Rc::default();
    let receiver = Receiver::new(verifier(), Journal(Rc::clone(&journal)));
    receiver.receive_at(&signed(SECRET, UNKNOWN), UNKNOWN, now()).await.unwrap();
    assert_eq!(journal.borrow()[0].raw(), UNKNOWN.as_bytes());
}

#[test]
fn the_future_is_send_when_the_handler_is() {
    fn send<T: Send>(_: T) {}
    let receiver = Receiver::new(verifier(), Arc::new(Picky));
    send(receiver.receive(&HeaderMap::new(), RECEIVED));
}

#[test]
fn subscribed_events_lists_the_event_types_of_the_interests() {
    struct All;

    impl EventHandler for All {
        type Error = Infallible;
        const EVENTS: &'static [Interest] = &[Interest::Only(MessageRead::EVENT), Interest::All];

        async fn handle(&self, _: Event) -> Result<Outcome, Infallible> {
            Ok(Outcome::Handled)
        }
    }

    assert_eq!(Arc::new(Picky).subscribed_events(), [EventType::MessageReceived, EventType::MessageRead]);
    assert_eq!(All.subscribed_events(), EventType::KNOWN);
}
