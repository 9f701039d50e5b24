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
    insta::assert_snapshot!(notes.0.lock().unwrap(), @"");
}
