//! Events that no method of the handler takes. Whether a payload is parsed shows in the outcome of a broken one.

use std::{
    convert::Infallible,
    error::Error,
    sync::{Arc, Mutex},
};

use http::StatusCode;
use linq_webhooks::{
    Claim, ClaimToken, Deduplicator, EventHandler, IgnoreReason, MemoryDeduplicator, Outcome, Receiver,
    Router, Timestamp, block_on,
    events::{Event, EventPayload as _, Format, Interest, MessageRead, ReactionAdded, Route, v2025_01_01},
};

use super::delivery::{READ, RECEIVED, SECRET, UNKNOWN, now, signed, verifier};

/// Takes read receipts in both formats of V3, reactions, and an event type that has no payload type.
#[derive(Default)]
struct Choosy {
    called_with: Mutex<Vec<String>>,
}

impl EventHandler for Choosy {
    type Error = Infallible;
    const EVENTS: &'static [Interest] = &[
        Interest::Only(MessageRead::EVENT),
        Interest::Only(v2025_01_01::MessageRead::EVENT),
        Interest::Only(ReactionAdded::EVENT),
        Interest::Only(Route::new(Format::V3, "call.ended")),
    ];

    async fn handle(&self, event: Event) -> Result<Outcome, Infallible> {
        self.called_with.lock().unwrap().push(event.event_type.to_string());
        Ok(Outcome::Handled)
    }
}

/// Takes every event.
#[derive(Default)]
struct CatchAll;

impl EventHandler for CatchAll {
    type Error = Infallible;

    async fn handle(&self, _: Event) -> Result<Outcome, Infallible> {
        Ok(Outcome::Handled)
    }
}

const HANDLED: Result<Outcome, u16> = Ok(Outcome::Handled);
const IGNORED: Result<Outcome, u16> = Ok(Outcome::Ignored(IgnoreReason::NotAccepted));
const INVALID: Result<Outcome, u16> = Err(400);

fn deliver<H: EventHandler<Error = Infallible>, D: Deduplicator>(
    receiver: &Receiver<H, D>,
    body: &str,
) -> Result<Outcome, u16> {
    let result = block_on(receiver.receive_at(&signed(SECRET, body), body.to_owned(), now()));
    match result {
        Ok(Outcome::Ignored(_)) => IGNORED,
        result => result.map_err(|error| error.status().as_u16()),
    }
}

/// The fields of the envelope in the order of the service, in front of the payload, and behind it.
fn bodies(api_version: &str, event_type: &str, webhook_version: &str, data: &str) -> [String; 3] {
    let (api, id) = (format!(r#""api_version":"{api_version}""#), r#""event_id":"e1""#);
    let (kind, version) =
        (format!(r#""event_type":"{event_type}""#), format!(r#""webhook_version":"{webhook_version}""#));
    [
        format!(r#"{{{api},"data":{data},{id},{kind},{version}}}"#),
        format!(r#"{{{api},{version},{kind},{id},"data":{data}}}"#),
        format!(r#"{{ "data": {data}, {version}, {id}, {api}, {kind} }}"#),
    ]
}

#[test]
fn only_the_payload_of_an_event_that_a_method_takes_is_parsed() {
    const MESSAGE: &str = r#"{"chat":{"id":"c1"},"direction":"outbound","id":"m0","parts":[]}"#;
    const REACTION: &str = r#"{"is_from_me":false,"reaction_type":"love"}"#;
    const BROKEN: &str = r#"[{"id":"m0"}]"#;

    for (api_version, event_type, version, data, choosy, catch_all) in [
        // Taken: the payload is parsed.
        ("v3", "message.read", "2026-02-03", MESSAGE, HANDLED, HANDLED),
        ("v3", "message.read", "2026-02-03", BROKEN, INVALID, HANDLED),
        ("v3", "message.read", "2031-01-01", BROKEN, INVALID, HANDLED),
        ("v3", "message.read", "2025-01-01", MESSAGE, HANDLED, HANDLED),
        ("v3", "message.read", "2025-01-01", BROKEN, INVALID, HANDLED),
        // Reactions are the same in both versions.
        ("v3", "reaction.added", "2025-01-01", REACTION, HANDLED, HANDLED),
        ("v3", "reaction.added", "2025-01-01", BROKEN, INVALID, HANDLED),
        // Taken by its name, without a payload type.
        ("v3", "call.ended", "2026-02-03", BROKEN, HANDLED, HANDLED),
        // Another event type.
        ("v3", "message.received", "2026-02-03", MESSAGE, IGNORED, HANDLED),
        ("v3", "message.received", "2026-02-03", BROKEN, IGNORED, HANDLED),
        ("v3", "message.received", "2025-01-01", BROKEN, IGNORED, HANDLED),
        // An event type that nobody knows.
        ("v3", "comet.sighted", "2026-02-03", BROKEN, IGNORED, HANDLED),
        // Another format of an event type that is taken.
        ("v2", "message.read", "2026-02-03", MESSAGE, IGNORED, HANDLED),
        ("v2", "message.read", "2026-02-03", BROKEN, IGNORED, HANDLED),
        ("v2", "message.read", "2025-01-01", BROKEN, IGNORED, HANDLED),
    ] {
        for body in bodies(api_version, event_type, version, data) {
            let receiver = Receiver::new(verifier(), Choosy::default());
            assert_eq!(deliver(&receiver, &body), choosy, "{body}");
            let called_with = receiver.handler().called_with.lock().unwrap().clone();
            assert_eq!(called_with, Vec::from_iter((choosy == HANDLED).then_some(event_type)), "{body}");
            assert_eq!(deliver(&Receiver::new(verifier(), CatchAll), &body), catch_all, "{body}");
        }
    }
}

#[test]
fn an_event_that_no_method_takes_must_be_signed_and_have_an_envelope() {
    let receiver = Receiver::new(verifier(), Choosy::default());
    let forged = block_on(receiver.receive_at(&signed(SECRET, READ), RECEIVED, now()));
    assert_eq!(forged.map_err(|error| error.status()), Err(StatusCode::UNAUTHORIZED));
    for body in [
        r#"{"event_id":"e1","data":{}}"#,
        r#"{"event_id":"e1","event_type":"message.received","data":{}"#,
        r#"{"event_id":"e1","event_type":7,"data":{}}"#,
        r#"{"event_id":"e1","event_type":"message.received","data":{},"data":{}}"#,
    ] {
        assert_eq!(deliver(&receiver, body), INVALID, "{body}");
    }
}

/// The header is not signed.
#[test]
fn the_event_header_does_not_decide_which_method_takes_an_event() {
    for (body, header, expected) in [(READ, "message.received", HANDLED), (RECEIVED, "message.read", IGNORED)]
    {
        let receiver = Receiver::new(verifier(), Choosy::default());
        let mut headers = signed(SECRET, body);
        headers.insert("x-webhook-event", header.parse().unwrap());
        let result = block_on(receiver.receive_at(&headers, body, now()));
        assert_eq!(result.map_err(|error| error.status().as_u16()), expected, "{body}");
    }
}

#[test]
fn an_event_that_no_method_takes_is_not_claimed() {
    /// Writes down which events are claimed.
    #[derive(Default)]
    struct Journal(MemoryDeduplicator, Mutex<Vec<String>>);

    impl Deduplicator for Journal {
        async fn claim(
            &self,
            event_id: &str,
            token: ClaimToken,
            now: Timestamp,
        ) -> Result<Claim, Box<dyn Error + Send + Sync>> {
            self.1.lock().unwrap().push(event_id.to_owned());
            self.0.claim(event_id, token, now).await
        }

        async fn complete(&self, event_id: &str, token: ClaimToken) {
            self.0.complete(event_id, token).await;
        }

        async fn release(&self, event_id: &str, token: ClaimToken, at: Timestamp) {
            self.0.release(event_id, token, at).await;
        }
    }

    let journal = Arc::new(Journal::default());
    let receiver = Receiver::new(verifier(), Choosy::default()).deduplicator(Arc::clone(&journal));
    for (body, expected) in [
        (RECEIVED, Outcome::Ignored(IgnoreReason::NotAccepted)),
        (RECEIVED, Outcome::Ignored(IgnoreReason::NotAccepted)),
        (UNKNOWN, Outcome::Ignored(IgnoreReason::NotAccepted)),
        (READ, Outcome::Handled),
        (READ, Outcome::Duplicate),
    ] {
        assert_eq!(deliver(&receiver, body), Ok(expected));
    }
    assert_eq!(*journal.1.lock().unwrap(), ["e2", "e2"]);
    // Another receiver that shares the deduplicator still handles what this one ignored.
    let other = Receiver::new(verifier(), CatchAll).deduplicator(journal);
    assert_eq!(deliver(&other, RECEIVED), HANDLED);
}

#[test]
fn a_router_without_functions_ignores_every_event() {
    let receiver = Receiver::new(verifier(), Router::with_error::<Infallible>(()));
    for body in [READ, RECEIVED, UNKNOWN] {
        assert_eq!(deliver(&receiver, body), IGNORED);
    }
}
