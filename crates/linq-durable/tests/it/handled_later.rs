//! Events from the delivery to the handler.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{HeaderMap, Request};
use linq_durable::{Inbox, MemoryStore, RetryPolicy, Store};
use linq_types::{
    Timestamp,
    events::{Event, EventData},
};
use linq_webhooks::{EventHandler, Outcome, Receiver, Signer, block_on};

use super::{
    bot::{Bot, Step::Fail},
    delivery::{SECRET, body, deliver, event, verifier},
};

/// Handles what is due, and then ends.
fn work<H: EventHandler<Error: std::fmt::Display>>(inbox: &Inbox, store: &MemoryStore, handler: H) {
    let quick = RetryPolicy::default().first_delay(std::time::Duration::ZERO).max_attempts(2);
    let emptied = async {
        while inbox.stats().await.unwrap().waiting > 0 {
            store.sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    block_on(inbox.worker(handler).retry(quick).run_until(emptied));
}

#[test]
fn an_event_that_is_delivered_again_is_handled_once_whatever_became_of_it() {
    let store = MemoryStore::new();
    let (inbox, bot) = (Inbox::new(store.clone()), Bot::default());
    let receiver = inbox.receiver(verifier(), &bot);
    bot.prepare("dead", [Fail("no"), Fail("no")]);
    for id in ["done", "dead"] {
        assert_eq!(deliver(&receiver, &body(id, id)), 202);
        assert_eq!(deliver(&receiver, &body(id, id)), 204, "{id} waits");
    }
    work(&inbox, &store, bot.clone());
    for id in ["done", "dead"] {
        assert_eq!(deliver(&receiver, &body(id, id)), 204, "{id} was attempted");
    }
    assert_eq!(
        (bot.handled(), block_on(inbox.dead_letters(0, 10)).unwrap().len()),
        (vec!["done".to_owned()], 1)
    );

    assert!(block_on(inbox.revive("dead")).unwrap());
    work(&inbox, &store, bot.clone());
    assert_eq!(bot.handled(), ["done", "dead"]);
}

/// Keeps what it gets.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<Vec<String>>>);

impl EventHandler for Everything {
    type Error = Infallible;

    async fn handle(&self, event: Event) -> Result<Outcome, Infallible> {
        let id = event.event_id.as_ref().map_or("(none)", |id| id.as_str());
        let payload = if matches!(event.data, EventData::Unknown(_)) { "unknown" } else { "known" };
        self.0.lock().unwrap().push(format!("{id} {payload}"));
        Ok(Outcome::Handled)
    }
}

fn post<H: EventHandler>(receiver: &Receiver<H, ()>, headers: HeaderMap, body: &str) -> u16 {
    let mut request = Request::new(Bytes::from(body.to_owned()));
    *request.headers_mut() = headers;
    block_on(receiver.respond_at(request, now())).status().as_u16()
}

fn now() -> Timestamp {
    Timestamp::from_unix(1_790_000_000, 0).unwrap()
}

fn signed(body: &str) -> HeaderMap {
    Signer::new(SECRET).unwrap().headers("delivery", now(), body.as_bytes()).unwrap()
}

#[test]
fn an_event_without_any_id_is_stored_and_handled_each_time() {
    let body = r#"{"event_type":"comet.sighted","data":{}}"#;
    // Without this header, the id in the other one is not signed.
    let mut headers = signed(body);
    headers.remove("webhook-signature");
    let store = MemoryStore::new();
    let (inbox, handler) = (Inbox::new(store.clone()), Everything::default());
    let receiver = inbox.receiver(verifier(), &handler);
    assert_eq!([post(&receiver, headers.clone(), body), post(&receiver, headers, body)], [202, 202]);
    assert_eq!(block_on(inbox.stats()).unwrap().waiting, 2);
    work(&inbox, &store, handler.clone());
    assert_eq!(*handler.0.lock().unwrap(), ["(none) unknown"; 2]);
}

#[test]
fn an_event_whose_payload_cannot_be_read_is_stored_for_handlers_of_every_event() {
    let unreadable = body("e1", "c1").replace(r#"[{"type":"text","value":"e1"}]"#, "7");
    let store = MemoryStore::new();
    let (inbox, handler) = (Inbox::new(store.clone()), Everything::default());
    let reported = Arc::new(Mutex::new(Vec::new()));
    let receiver = inbox.receiver(verifier(), &handler).on_error({
        let reported = Arc::clone(&reported);
        move |error| reported.lock().unwrap().push(error.to_string())
    });
    assert_eq!(deliver(&receiver, &unreadable), 202);
    assert!(reported.lock().unwrap()[0].contains("data.parts"), "{reported:?}");
    work(&inbox, &store, handler.clone());
    assert_eq!(*handler.0.lock().unwrap(), ["e1 unknown"]);
}

#[test]
fn only_a_verified_event_is_stored() {
    let inbox = Inbox::new(MemoryStore::new());
    let receiver = inbox.receiver(verifier(), &Everything::default());
    for (signed_body, body, status) in
        [("{}", body("e1", "c1"), 401), ("{}", "{}".to_owned(), 400), ("<html>", "<html>".to_owned(), 400)]
    {
        assert_eq!(post(&receiver, signed(signed_body), &body), status, "{body}");
    }
    assert_eq!(block_on(inbox.stats()).unwrap().waiting, 0);
}

#[test]
fn enqueuing_a_burst_enqueues_each_event() {
    let inbox = Inbox::new(MemoryStore::new());
    let receiver = inbox.receiver(verifier(), &Bot::default());
    let events = ["e1", "e2", "e2"].map(|id| event(id, "c1"));
    let outcome = block_on(receiver.handler().handle_burst(events[..2].to_vec())).unwrap();
    assert_eq!((outcome, block_on(inbox.stats()).unwrap().waiting), (Outcome::Accepted, 2));
    let outcome = block_on(receiver.handler().handle_burst(events[1..].to_vec())).unwrap();
    assert_eq!((outcome, block_on(inbox.stats()).unwrap().waiting), (Outcome::Duplicate, 2));
}
