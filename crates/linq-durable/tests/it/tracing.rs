use std::{cell::RefCell, fmt, time::Duration};

use linq_core::Pace;
use linq_durable::{AddError, Inbox, MemoryStore, Outbox, Store as _};
use linq_types::events::Event;
use linq_webhooks::{EventHandler, Outcome, block_on};
use tracing::{
    Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use super::api::Api;

thread_local! {
    static WRITTEN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Writes down every field of every span, for each thread apart.
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
        WRITTEN.with_borrow_mut(|written| written.push_str(&format!("[{}] ", span.metadata().name())));
        span.record(&mut Self);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Self);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &tracing::Event<'_>) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Bot {
    outbox: Outbox,
    api: Api,
}

impl EventHandler for Bot {
    type Error = AddError;

    async fn handle(&self, event: Event) -> Result<Outcome, AddError> {
        let client = self.api.client();
        let send = client.chats().messages("chat-7").send("secret words");
        self.outbox.once(&event, "answer").add(send).await?;
        Ok(Outcome::Handled)
    }
}

#[test]
fn an_event_and_its_send_are_traced_with_attempt_outcome_and_trace_id_and_nothing_of_their_content() {
    tracing::subscriber::set_global_default(Notes).unwrap();
    let store = MemoryStore::new();
    let (inbox, outbox, api) = (Inbox::new(store.clone()), Outbox::new(store.clone()), Api::default());
    let body = r#"{"api_version":"v3","webhook_version":"2026-02-03","event_id":"e1","event_type":"message.received","trace_id":"trace-5","data":{"id":"m","chat":{"id":"chat-7"},"sender_handle":{"id":"h","handle":"+12025550199"},"parts":[{"type":"text","value":"private words"}]}}"#;
    block_on(inbox.enqueue(&Event::parse_unverified(body.to_owned()).unwrap())).unwrap();
    let bot = Bot { outbox: outbox.clone(), api: api.clone() };
    let until = async |is_done: &dyn Fn() -> bool| {
        while !is_done() {
            store.sleep(Duration::from_millis(1)).await;
        }
    };
    let is_recorded = || block_on(outbox.stats()).unwrap().waiting == 1;
    block_on(inbox.worker(bot).run_until(until(&is_recorded)));
    block_on(outbox.dispatcher(api.client()).pace(Pace::new()).run_until(until(&|| api.requests() == 1)));
    let notes = WRITTEN.take();
    for part in [
        r#"[linq.inbox.handle] event_type="message.received" id="e1" attempt=1 waited_ms="#,
        r#"[linq.outbox.send] operation="chats.messages.send""#,
    ] {
        assert!(notes.contains(part), "{part} is missing in: {notes}");
    }
    assert_eq!(notes.matches("trace-5").count(), 2, "{notes}");
    assert_eq!(notes.matches(r#"outcome="completed""#).count(), 2, "{notes}");
    for secret in ["secret words", "private words", "chat-7", "+1202"] {
        assert!(!notes.contains(secret), "{secret} is in: {notes}");
    }
}
