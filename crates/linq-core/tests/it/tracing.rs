use std::{cell::RefCell, fmt};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use super::script::{client, run};

thread_local! {
    static WRITTEN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Writes down every field of every span and event, for each thread apart.
///
/// It serves the whole process: with one for each thread, `tracing` may ask another thread's test whether a span is
/// wanted, and remember its answer.
struct Notes;

impl Visit for Notes {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        WRITTEN.with_borrow_mut(|written| written.push_str(&format!("{field}={value:?} ")));
    }
}

impl Subscriber for Notes {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Self);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Self);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Self);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn a_call_is_traced_with_operation_attempt_status_and_trace_id_and_nothing_of_its_content() {
    tracing::subscriber::set_global_default(Notes).unwrap();
    let client = client([
        Some((503, r#"{"error":{"code":4004,"message":"about +12025550199"}}"#.to_owned())),
        Some((404, r#"{"error":{"code":2001}}"#.to_owned())),
    ]);
    let error = run(client.chats().messages("chat-7").send("secret words").into_future()).unwrap_err();
    assert_eq!(error.attempts(), 2);
    let notes = WRITTEN.take();
    for part in [
        r#"operation="chats.messages.send""#,
        "method=POST",
        r#"route="/v3/chats/{chatId}/messages""#,
        "attempt=1",
        "status=503",
        r#"trace_id="trace-1""#,
        "retrying",
        "delay_ms=",
        "attempt=2",
        "status=404",
    ] {
        assert!(notes.contains(part), "{part} is missing in: {notes}");
    }
    for secret in ["secret words", "chat-7", "+1202", "test-key", "idempotency"] {
        assert!(!notes.contains(secret), "{secret} is in: {notes}");
    }
}
