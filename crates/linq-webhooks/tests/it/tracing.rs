//! The `tracing` events of a receiver.

use std::{
    fmt::{self, Write as _},
    sync::{Arc, Mutex},
};

use http::HeaderMap;
use linq_webhooks::{EventHandler as _, Receiver, Router, block_on, events::MessageReceived};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use super::delivery::{READ, RECEIVED, SECRET, now, signed, verifier};

/// Writes down the level and the fields of each event.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Notes {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut notes = self.0.lock().unwrap();
        write!(notes, "{}", event.metadata().level()).unwrap();
        event.record(&mut Line(&mut notes));
        notes.push('\n');
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn each_delivery_is_recorded_without_text_handles_or_errors_of_the_handler() {
    let router = Router::new(()).on(|message: MessageReceived| match message.text().as_str() {
        "hi" => Ok(()),
        text => Err(text.to_owned()),
    });
    let receiver = Receiver::new(verifier(), router);
    assert_eq!(receiver.handler().events().len(), 1);
    let failing = RECEIVED.replace(r#""hi""#, r#""secret words""#).replace("e1", "e5");
    let older = RECEIVED.replace("2026-02-03", "2025-01-01").replace("e1", "e6");
    let notes = Notes::default();
    tracing::subscriber::with_default(notes.clone(), || {
        for body in [RECEIVED, RECEIVED, READ, &older, &failing] {
            let _ = block_on(receiver.receive_at(&signed(SECRET, body), body.to_owned(), now()));
        }
        let _ = block_on(receiver.receive_at(&HeaderMap::new(), RECEIVED, now()));
    });
    insta::assert_snapshot!(notes.0.lock().unwrap(), @r#"
    DEBUG message=webhook event received event_type="message.received" id="e1" outcome=Handled
    DEBUG message=webhook event received event_type="message.received" id="e1" outcome=Duplicate
    DEBUG message=webhook event ignored event_type="message.read" id="e2" reason=the handler accepts no event of this type
    WARN message=webhook event ignored event_type="message.received" id="e6" reason=the event has the format 2025-01-01, and the handler accepts 2026-02-03; take `InboundMessage`, or pin the version in the target URL of the subscription
    WARN message=webhook event not handled event_type="message.received" id="e5" status=500 reason="handler returned an error"
    DEBUG message=webhook delivery rejected status=401 reason="missing signature headers; if Linq sent the request, configure your proxy to forward the `webhook-*` and `x-webhook-*` headers"
    "#);
}
