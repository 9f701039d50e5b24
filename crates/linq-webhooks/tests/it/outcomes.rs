//! What `on_outcome` gets, and the clock of a receiver.

use std::sync::{Arc, Mutex};

use http::HeaderMap;
use linq_webhooks::{
    Gate, IgnoreReason, Outcome, Receiver, Router, block_on,
    events::{Format, InboundMessage, MessageReceived},
};

use super::{
    delivery::{NOW, READ, RECEIVED, SECRET, UNKNOWN, at, now, signed, verifier},
    scripted::{Scripted, Step},
};

type Told = Arc<Mutex<Vec<String>>>;

fn older(body: &str) -> String {
    body.replace("2026-02-03", "2025-01-01")
}

#[test]
fn on_outcome_gets_each_verified_event_with_its_outcome_or_error() {
    let told = Told::default();
    let receiver = Receiver::new(verifier(), Scripted::new([Step::Fail, Step::Panic])).on_outcome({
        let told = Arc::clone(&told);
        move |event, outcome| {
            let outcome = match outcome {
                Ok(outcome) => format!("{outcome:?}"),
                Err(error) => format!("{} {error}", error.status().as_u16()),
            };
            told.lock().unwrap().push(format!(
                "{} {} {outcome}",
                event.event_id().unwrap(),
                event.event_type()
            ));
        }
    });
    let unreadable = RECEIVED.replace(r#""id":"m1""#, r#""id":7"#);
    for body in [RECEIVED, RECEIVED, RECEIVED, RECEIVED, UNKNOWN, &unreadable.replace("e1", "e4")] {
        let _ = block_on(receiver.receive_at(&signed(SECRET, body), body.to_owned(), now()));
    }
    // Neither of these is a verified event.
    assert!(block_on(receiver.receive_at(&HeaderMap::new(), READ, now())).is_err());
    assert!(block_on(receiver.receive_at(&signed(SECRET, "{}"), "{}", now())).is_err());
    insta::assert_snapshot!(told.lock().unwrap().join("\n"), @r"
    e1 message.received 500 the database is away
    e1 message.received 500 handler panicked; see the log of the receiving process
    e1 message.received Handled
    e1 message.received Duplicate
    e3 comet.sighted Handled
    e4 message.received Handled
    ");
}

#[test]
fn an_ignored_event_has_the_reason_also_that_of_a_gate_and_names_both_formats() {
    let told = Told::default();
    let router = Router::new(()).on(|_: MessageReceived| ());
    let receiver = Receiver::new(verifier(), Gate::new(router).skip_own()).deduplicator(()).on_outcome({
        let told = Arc::clone(&told);
        move |_, outcome| {
            let Ok(Outcome::Ignored(reason)) = outcome else { panic!("{outcome:?}") };
            told.lock().unwrap().push(reason.to_string());
        }
    });
    let own = RECEIVED.replace("inbound", "outbound");
    let v2 = RECEIVED.replace(r#""api_version":"v3""#, r#""api_version":"v2""#);
    let other = |accepted, received| (accepted, received);
    for (body, formats) in [
        (UNKNOWN.to_owned(), None),
        (own, None),
        (older(RECEIVED), Some(other(Format::V3, Format::V2025_01_01))),
        (v2, Some(other(Format::V3, Format::V2))),
    ] {
        let outcome = block_on(receiver.receive_at(&signed(SECRET, &body), body, now())).unwrap();
        let Outcome::Ignored(reason) = outcome else { panic!("{outcome:?}") };
        let found = match reason {
            IgnoreReason::OtherFormat { accepted, received, .. } => Some((accepted, received)),
            _ => None,
        };
        assert_eq!(found, formats);
    }
    insta::assert_snapshot!(told.lock().unwrap().join("\n"), @r"
    the handler accepts no event of this type
    one of your own lines caused the event
    the event has the format 2025-01-01, and the handler accepts 2026-02-03; take `InboundMessage`, or pin the version in the target URL of the subscription
    the event has the format v2, and the handler accepts 2026-02-03; take `InboundMessage`, or pin the version in the target URL of the subscription
    ");
}

#[test]
fn an_inbound_message_takes_both_formats() {
    let texts = Told::default();
    let router = Router::new(Arc::clone(&texts)).on(|message: InboundMessage, texts: Told| {
        texts.lock().unwrap().push(format!("{} {}", message.chat_id, message.text()));
    });
    let receiver = Receiver::new(verifier(), router).deduplicator(());
    let old = r#"{"api_version":"v3","webhook_version":"2025-01-01","event_id":"e1","event_type":"message.received",
        "data":{"chat_id":"c2","message":{"id":"m2","parts":[{"type":"text","value":"ho"}]}}}"#;
    for body in [RECEIVED, old] {
        let outcome = block_on(receiver.receive_at(&signed(SECRET, body), body.to_owned(), now())).unwrap();
        assert_eq!(outcome, Outcome::Handled);
    }
    assert_eq!(*texts.lock().unwrap(), ["c1 hi", "c2 ho"]);
}

#[test]
fn the_clock_that_is_set_decides_the_age_of_a_signature() {
    let time = Arc::new(Mutex::new(at(NOW)));
    let clock = {
        let time = Arc::clone(&time);
        move || *time.lock().unwrap()
    };
    let deliver = |receiver: &Receiver<Scripted, ()>| {
        let early = receiver.reject_early(&signed(SECRET, READ)).map(|response| response.status().as_u16());
        let outcome =
            block_on(receiver.receive(&signed(SECRET, READ), READ)).map_err(|error| error.status().as_u16());
        assert_eq!(early, outcome.as_ref().err().copied());
        outcome
    };
    let receivers = [
        Receiver::new(verifier().clock(clock.clone()), Scripted::new([])),
        Receiver::new(verifier(), Scripted::new([])).clock(clock),
    ];
    for receiver in receivers {
        let receiver = receiver.deduplicator(());
        *time.lock().unwrap() = at(NOW);
        assert_eq!(deliver(&receiver), Ok(Outcome::Handled));
        *time.lock().unwrap() = at(NOW + 3600);
        assert_eq!(deliver(&receiver), Err(401));
    }
    assert_eq!(deliver(&Receiver::new(verifier(), Scripted::new([])).deduplicator(())), Err(401));
}
