use std::time::Duration;

use linq_core::{ErrorKind, Pace, ReplayStored, types::error::ErrorCode};
use linq_durable::{
    AddError, Delivery, Dispatcher, Ledger as _, MemoryStore, Outbox, QueueName, RetryPolicy, SendRecord,
    SendState, Store as _,
};
use linq_types::{IdempotencyKey, Rate, events::Event};
use linq_webhooks::block_on;

use super::{
    api::{
        Api,
        Reply::{Execute, Failed, LoseAnswer, Refuse, Unreachable},
        message_id,
    },
    delivery::event,
};

const MS: Duration = Duration::from_millis(1);
const HOUR: Duration = Duration::from_secs(3600);

/// An outbox with its store and an API.
struct Test {
    store: MemoryStore,
    outbox: Outbox,
    api: Api,
}

impl Test {
    fn new(replies: impl IntoIterator<Item = super::api::Reply>) -> Self {
        let store = MemoryStore::new();
        Self { outbox: Outbox::new(store.clone()), store, api: Api::replying(replies) }
    }

    /// Adds an answer to the event with this id in this chat.
    fn add(&self, id: &str, chat: &str) -> IdempotencyKey {
        let client = self.api.client();
        let send = client.chats().messages(chat).send(format!("answer to {id}"));
        block_on(self.outbox.once(&event(id, chat), "answer").add(send)).unwrap().key
    }

    fn dispatcher(&self) -> Dispatcher<linq_core::Client> {
        quick(self.outbox.dispatcher(self.api.client()))
    }

    /// Dispatches until nothing waits.
    fn dispatch(&self) {
        block_on(self.dispatcher().run_until(self.emptied()));
    }

    async fn emptied(&self) {
        while self.outbox.stats().await.unwrap().waiting > 0 {
            self.store.sleep(2 * MS).await;
        }
    }

    /// Dispatches until the API has got this many requests and their results are recorded.
    fn dispatch_requests(&self, requests: usize) {
        block_on(self.dispatcher().run_until(async {
            while self.api.requests() < requests {
                self.store.sleep(MS).await;
            }
        }));
    }

    fn record(&self, key: &IdempotencyKey) -> SendRecord {
        block_on(self.outbox.record(key)).unwrap().expect("the send has a record")
    }

    fn state(&self, key: &IdempotencyKey) -> SendState {
        self.record(key).state
    }

    fn receive(&self, event_type: &str, data: &str) -> bool {
        let body = format!(
            r#"{{"api_version":"v3","webhook_version":"2026-02-03","event_id":"w","event_type":"{event_type}","created_at":"2026-09-21T14:13:20Z","data":{data}}}"#
        );
        block_on(self.outbox.track(&Event::parse_unverified(body).unwrap())).unwrap()
    }
}

fn quick<C: ReplayStored>(dispatcher: Dispatcher<C>) -> Dispatcher<C> {
    dispatcher.retry(RetryPolicy::default().first_delay(MS).max_delay(MS)).pace(Pace::new())
}

#[test]
fn a_send_is_recorded_once_for_an_event_and_a_name_and_sent_once() {
    let test = Test::new([]);
    let key = test.add("e1", "a");
    assert_eq!(test.add("e1", "a"), key);
    let client = test.api.client();
    let again = client.chats().messages("a").send("another text");
    let added = block_on(test.outbox.once(&event("e1", "a"), "answer").add(again)).unwrap();
    assert_eq!((added.is_new, &added.key), (false, &key));
    let other = client.chats().messages("a").send("more");
    assert!(block_on(test.outbox.once(&event("e1", "a"), "more").add(other)).unwrap().is_new);
    test.dispatch();
    assert_eq!(test.api.texts(), ["answer to e1", "more"]);
    assert_eq!(test.api.requests(), 2);
    let record = test.record(&key);
    assert_eq!(record.state, SendState::Accepted);
    assert_eq!(record.message_id.unwrap().as_str(), message_id(key.as_str()));
    assert_eq!(record.chat_id.unwrap().as_str(), "a");
    assert_eq!(record.operation, "chats.messages.send");
    assert!(!test.add("e1", "a").as_str().is_empty());
    test.dispatch();
    assert_eq!(test.api.requests(), 2);
}

#[test]
fn a_send_is_repeated_with_its_key_until_the_answer_is_known_and_executed_once() {
    let test = Test::new([LoseAnswer, Unreachable, Refuse(503, 1, None), LoseAnswer]);
    let key = test.add("e1", "a");
    test.add("e2", "a");
    test.dispatch();
    assert_eq!(test.api.texts(), ["answer to e1", "answer to e2"]);
    assert_eq!(test.api.requests(), 6);
    assert_eq!(test.state(&key), SendState::Accepted);
}

#[test]
fn a_key_of_the_call_is_the_key_of_the_send() {
    let test = Test::new([]);
    let client = test.api.client();
    let add = || {
        let send = client.chats().messages("a").send("paid").idempotency_key("order-17");
        block_on(test.outbox.once(&event("e1", "a"), "answer").add(send)).unwrap()
    };
    assert_eq!(add().key.as_str(), "order-17");
    assert!(!add().is_new);
    let send = client.chats().messages("a").send("by key");
    let added = block_on(test.outbox.with_key("order-18").add(send)).unwrap();
    assert_eq!(added.key.as_str(), "order-18");
}

#[test]
fn a_refused_send_is_kept_and_sent_again_only_as_a_new_one() {
    let test = Test::new([Refuse(404, 2001, None)]);
    let refused = test.add("e1", "a");
    test.add("e2", "a");
    test.dispatch();
    assert_eq!(test.api.texts(), ["answer to e2"]);
    let record = test.record(&refused);
    assert_eq!((record.state, record.code), (SendState::Refused, Some(ErrorCode::CHAT_NOT_FOUND)));
    assert_eq!(block_on(test.outbox.stats()).unwrap().dead, 1);

    let again = block_on(test.outbox.resend(&refused)).unwrap().expect("a refused send can be sent again");
    assert_ne!(again, refused);
    assert_eq!(block_on(test.outbox.resend(&refused)).unwrap(), None);
    test.dispatch();
    assert_eq!(test.api.texts(), ["answer to e2", "answer to e1"]);
    assert_eq!(test.record(&refused).replaced_by, Some(again.clone()));
    let record = test.record(&again);
    assert_eq!((record.state, record.replaces), (SendState::Accepted, Some(refused)));
}

#[test]
fn a_message_that_failed_is_not_sent_again_with_its_key() {
    let test = Test::new([Failed]);
    let key = test.add("e1", "a");
    test.dispatch();
    assert_eq!((test.state(&key), test.api.requests()), (SendState::Failed, 1));
    assert!(block_on(test.outbox.resend(&key)).unwrap().is_some());
}

#[test]
fn a_send_without_an_answer_for_24_hours_is_unknown_and_never_sent_blindly() {
    for (was_accepted, state) in [(true, SendState::Accepted), (false, SendState::Failed)] {
        let test = Test::new([LoseAnswer]);
        let key = test.add("e1", "a");
        test.dispatch_requests(1);
        assert_eq!(test.state(&key), SendState::Sending);
        test.store.advance(25 * HOUR);
        test.add("e2", "a");
        test.dispatch();
        assert_eq!((test.state(&key), test.api.requests()), (SendState::Unknown, 2));
        assert_eq!(block_on(test.outbox.resend(&key)).unwrap(), None, "it may have been executed");

        assert!(block_on(test.outbox.settle(&key, was_accepted)).unwrap());
        assert!(!block_on(test.outbox.settle(&key, was_accepted)).unwrap());
        assert_eq!(test.state(&key), state);
        assert_eq!(block_on(test.outbox.resend(&key)).unwrap().is_some(), !was_accepted);
    }
}

#[test]
fn a_send_that_never_left_is_made_after_any_time() {
    let test = Test::new([Unreachable, Unreachable]);
    let key = test.add("e1", "a");
    test.dispatch_requests(1);
    assert_eq!(test.state(&key), SendState::Queued);
    test.store.advance(72 * HOUR);
    test.dispatch();
    assert_eq!((test.state(&key), test.api.requests()), (SendState::Accepted, 3));
}

#[test]
fn a_wrong_api_key_loses_no_send() {
    let test = Test::new([Refuse(401, 2004, None), Refuse(401, 2004, None)]);
    let key = test.add("e1", "a");
    test.dispatch();
    assert_eq!((test.state(&key), test.api.requests()), (SendState::Accepted, 3));
}

#[test]
fn a_send_expires_only_before_its_first_attempt() {
    let test = Test::new([LoseAnswer]);
    let client = test.api.client();
    let add = |key: &str, chat: &str| {
        let send = client.chats().messages(chat).send(key);
        block_on(test.outbox.with_key(key).expires_after(HOUR).add(send)).unwrap().key
    };
    let begun = add("begun", "a");
    test.dispatch_requests(1);
    let late = add("late", "b");
    test.store.advance(2 * HOUR);
    test.dispatch();
    assert_eq!(test.api.texts(), ["begun"]);
    assert_eq!((test.state(&begun), test.state(&late)), (SendState::Accepted, SendState::Expired));
    assert!(block_on(test.outbox.resend(&late)).unwrap().is_some());
    test.dispatch();
    assert_eq!(test.api.texts(), ["begun", "late"]);
}

#[test]
fn a_send_can_be_cancelled_until_its_first_attempt() {
    let test = Test::new([LoseAnswer]);
    let begun = test.add("e1", "a");
    test.dispatch_requests(1);
    let waiting = test.add("e2", "a");
    let cancel = |key: &IdempotencyKey| block_on(test.outbox.cancel(key)).unwrap();
    assert_eq!([cancel(&begun), cancel(&waiting), cancel(&"unknown".into())], [false, true, false]);
    test.dispatch();
    assert_eq!(test.api.texts(), ["answer to e1"]);
    assert_eq!((test.state(&begun), test.state(&waiting)), (SendState::Accepted, SendState::Cancelled));
    assert!(!cancel(&begun));
}

#[test]
fn a_webhook_that_comes_before_the_answer_ends_the_send() {
    let test = Test::new([LoseAnswer]);
    let key = test.add("e1", "a");
    test.dispatch_requests(1);
    let id = message_id(key.as_str());
    let data = format!(r#"{{"id":"{id}","chat":{{"id":"a"}},"parts":[],"idempotency_key":"{key}"}}"#);
    assert!(test.receive("message.sent", &data));
    test.dispatch();
    let record = test.record(&key);
    assert_eq!((record.state, record.delivery), (SendState::Accepted, Some(Delivery::Sent)));
    assert_eq!((record.message_id.unwrap().as_str(), test.api.requests()), (id.as_str(), 1));
    assert!(test.receive("message.delivered", &format!(r#"{{"id":"{id}","chat":{{"id":"a"}},"parts":[]}}"#)));
    assert_eq!(test.record(&key).delivery, Some(Delivery::Delivered));
}

#[test]
fn a_webhook_without_a_key_that_comes_before_the_answer_is_applied_with_it() {
    let test = Test::new([]);
    let key = test.add("e1", "a");
    let data = format!(r#"{{"id":"{}","chat":{{"id":"a"}},"parts":[]}}"#, message_id(key.as_str()));
    for _ in 0..2 {
        assert!(!test.receive("message.delivered", &data), "the send of the message is not known yet");
    }
    test.dispatch();
    let record = test.record(&key);
    assert_eq!((record.state, record.delivery), (SendState::Accepted, Some(Delivery::Delivered)));
    assert!(record.delivered_at.is_some());
    assert!(test.receive("message.read", &data));
    assert_eq!(test.record(&key).delivery, Some(Delivery::Read));
}

#[test]
fn webhooks_in_any_order_have_the_same_result_and_only_grow() {
    let events = ["message.sent", "message.failed", "message.delivered", "message.read"];
    for (received, expected) in [
        (&[0][..], Delivery::Sent),
        (&[0, 1], Delivery::Failed),
        (&[1, 0], Delivery::Failed),
        (&[1, 2], Delivery::Delivered),
        (&[2, 1], Delivery::Delivered),
        (&[3, 2, 0, 1], Delivery::Read),
        (&[0, 1, 2, 3], Delivery::Read),
    ] {
        let test = Test::new([]);
        let key = test.add("e1", "a");
        test.dispatch();
        let id = message_id(key.as_str());
        for at in received {
            let data = match events[*at] {
                "message.failed" => format!(r#"{{"message_id":"{id}","code":4001}}"#),
                _ => format!(r#"{{"id":"{id}","chat":{{"id":"a"}},"parts":[]}}"#),
            };
            assert!(test.receive(events[*at], &data), "{received:?}");
        }
        let record = test.record(&key);
        assert_eq!((record.state, record.delivery), (SendState::Accepted, Some(expected)), "{received:?}");
        assert_eq!(record.code.is_some(), received.contains(&1), "{received:?}");
    }
}

#[test]
fn a_failure_that_a_webhook_tells_before_the_answer_keeps_the_send_for_another_try() {
    let test = Test::new([LoseAnswer]);
    let key = test.add("e1", "a");
    test.dispatch_requests(1);
    let data = format!(r#"{{"id":"m","chat":{{"id":"a"}},"parts":[],"idempotency_key":"{key}"}}"#);
    let id = message_id(key.as_str());
    assert!(!test.receive("message.failed", &format!(r#"{{"message_id":"{id}","code":4001}}"#)));
    test.dispatch();
    let record = test.record(&key);
    assert_eq!((record.state, record.delivery), (SendState::Accepted, Some(Delivery::Failed)));
    assert!(test.receive("message.sent", &data));
    assert_eq!(test.record(&key).delivery, Some(Delivery::Failed));
}

#[test]
fn webhooks_of_messages_that_others_sent_change_nothing() {
    let test = Test::new([]);
    let key = test.add("e1", "a");
    test.dispatch();
    let before = test.record(&key);
    assert!(
        !test
            .receive("message.sent", r#"{"id":"m1","chat":{"id":"a"},"parts":[],"idempotency_key":"other"}"#)
    );
    assert!(!test.receive("message.read", r#"{"id":"m2","chat":{"id":"a"},"parts":[]}"#));
    assert!(!test.receive("message.received", r#"{"id":"m3","chat":{"id":"a"},"parts":[]}"#));
    for at in 0..100 {
        let data = format!(
            r#"{{"id":"m2","chat":{{"id":"a"}},"parts":[],"read_at":"2026-09-21T14:13:{:02}Z"}}"#,
            at % 60
        );
        test.receive("message.read", &data);
    }
    assert_eq!(test.record(&key), before);
    let early = block_on(test.store.record(&QueueName::from("outbox.messages"), "m2")).unwrap().unwrap();
    assert!(early.body.len() < 2_000, "{} bytes", early.body.len());
}

#[test]
fn a_rate_limit_delays_the_send_as_long_as_the_api_asks() {
    let test = Test::new([Refuse(429, 1007, Some(2))]);
    let key = test.add("e1", "a");
    test.dispatch_requests(1);
    test.store.advance(Duration::from_millis(1_500));
    assert!(block_on(test.store.claim(&QueueName::from("outbox"), 1, HOUR)).unwrap().is_empty());
    test.store.advance(Duration::from_millis(600));
    test.dispatch();
    assert_eq!((test.state(&key), test.api.requests()), (SendState::Accepted, 2));
}

#[test]
fn a_paced_chat_waits_without_an_attempt_and_holds_up_no_other() {
    let test = Test::new([]);
    for at in 0..5 {
        test.add(&format!("a{at}"), "a");
    }
    test.add("b0", "b");
    let pace = Pace::new().per_chat(Rate::new(3, Duration::from_secs(60)).burst(2));
    let dispatch = |requests| {
        let stop = async {
            while test.api.requests() < requests {
                test.store.sleep(MS).await;
            }
            test.store.sleep(20 * MS).await;
        };
        block_on(test.dispatcher().pace(pace.clone()).run_until(stop));
        test.api.executed().iter().map(|(chat, _)| chat.as_str().to_owned()).collect::<Vec<_>>()
    };
    let mut chats = dispatch(3);
    chats.sort();
    assert_eq!(chats, ["a", "a", "b"]);
    let waiting = block_on(test.outbox.waiting(0, 10)).unwrap();
    assert_eq!(waiting.iter().map(|item| item.attempts).collect::<Vec<_>>(), [0, 0, 0]);
    for requests in [4, 5] {
        test.store.advance(Duration::from_secs(60));
        assert_eq!(dispatch(requests).len(), requests);
    }
}

#[test]
fn the_blocking_client_dispatches_the_same() {
    let test = Test::new([LoseAnswer, Execute]);
    let key = test.add("e1", "a");
    let dispatcher = quick(test.outbox.dispatcher(test.api.blocking_client()));
    block_on(dispatcher.run_until(test.emptied()));
    assert_eq!((test.state(&key), test.api.texts().len(), test.api.requests()), (SendState::Accepted, 1, 2));
}

#[test]
fn a_call_that_cannot_be_repeated_safely_is_not_recorded() {
    let test = Test::new([]);
    let client = test.api.client();
    let read = client.chats().retrieve("a");
    let error = block_on(test.outbox.once(&event("e1", "a"), "read").add(read)).unwrap_err();
    assert!(matches!(&error, AddError::Call(error) if error.kind() == ErrorKind::InvalidRequest), "{error}");
    let empty = client.chats().messages("a").send("");
    let error = block_on(test.outbox.once(&event("e1", "a"), "empty").add(empty)).unwrap_err();
    assert!(matches!(&error, AddError::Call(_)), "{error}");
    assert_eq!(block_on(test.outbox.stats()).unwrap().waiting, 0);
}

#[test]
fn a_delayed_send_waits() {
    let test = Test::new([]);
    let client = test.api.client();
    let send = client.chats().messages("a").send("later");
    block_on(test.outbox.with_key("k").delay(HOUR).add(send)).unwrap();
    test.add("e1", "b");
    test.dispatch_requests(1);
    assert_eq!(test.api.texts(), ["answer to e1"]);
    test.store.advance(HOUR + MS);
    test.dispatch();
    assert_eq!(test.api.texts(), ["answer to e1", "later"]);
}

#[test]
fn what_is_done_has_no_text_in_the_store() {
    let test = Test::new([]);
    let key = test.add("a secret", "a");
    test.dispatch();
    let record = block_on(test.store.record(&QueueName::from("outbox"), key.as_str())).unwrap().unwrap();
    assert!(!String::from_utf8_lossy(&record.body).contains("answer to"), "{record:?}");
    assert!(block_on(test.store.find(&QueueName::from("outbox"), key.as_str())).unwrap().is_none());
}
