use std::time::Duration;

use linq_durable::{Inbox, ItemState, MemoryStore, Order, QueueName, Store};
use linq_webhooks::block_on;

use super::{
    bot::Bot,
    delivery::{body, deliver, verifier},
};

#[test]
fn an_event_is_in_the_store_when_the_response_is_202_and_a_duplicate_gets_204() {
    let store = MemoryStore::new();
    let receiver = Inbox::new(store.clone()).receiver(verifier(), &Bot::default());
    let body = body("e1", "c1");
    assert_eq!(deliver(&receiver, &body), 202);
    assert_eq!(deliver(&receiver, &body), 204);
    let items = block_on(store.list(&QueueName::from("inbox"), ItemState::Waiting, 0, 10)).unwrap();
    let [item] = &items[..] else { panic!("{items:?}") };
    assert_eq!((item.id.as_str(), item.key.as_str(), item.kind.as_str()), ("e1", "c1", "message.received"));
    assert_eq!(item.body, body);
}

#[test]
fn an_event_that_the_handler_does_not_take_is_ignored_and_not_stored() {
    let store = MemoryStore::new();
    let inbox = Inbox::new(store);
    let receiver = inbox.receiver(verifier(), &Bot::default());
    assert_eq!(deliver(&receiver, &body("e1", "c1").replace("message.received", "message.read")), 204);
    assert_eq!(block_on(inbox.stats()).unwrap().waiting, 0);
}

#[test]
fn a_verified_event_that_cannot_be_read_is_stored_and_becomes_a_dead_letter_with_the_path() {
    let store = MemoryStore::new();
    let inbox = Inbox::new(store.clone());
    let receiver = inbox.receiver(verifier(), &Bot::default());
    let unreadable = body("e1", "c1").replace(r#"[{"type":"text","value":"e1"}]"#, "7");
    assert_eq!(deliver(&receiver, &unreadable), 202);
    assert_eq!(deliver(&receiver, &unreadable), 204);
    let letters = async || inbox.dead_letters(0, 10).await.unwrap();
    block_on(inbox.worker(Bot::default()).run_until(async {
        while letters().await.is_empty() {
            store.sleep(Duration::from_millis(1)).await;
        }
    }));
    let [letter] = &block_on(letters())[..] else { panic!("no dead letter") };
    assert_eq!((letter.id.as_str(), letter.key.as_str()), ("e1", "c1"));
    assert_eq!(letter.body, unreadable);
    assert!(letter.last_error.as_ref().unwrap().contains("data.parts"), "{letter:?}");
    // A body that is no event is not one that could be read later.
    assert_eq!(deliver(&receiver, r#"{"data": 1}"#), 400);
}

#[test]
fn a_store_that_is_full_causes_a_500_so_that_the_event_is_delivered_again() {
    let inbox = Inbox::new(MemoryStore::new().capacity(1));
    let receiver = inbox.receiver(verifier(), &Bot::default());
    assert_eq!(deliver(&receiver, &body("e1", "c1")), 202);
    assert_eq!(deliver(&receiver, &body("e2", "c1")), 500);
    assert_eq!(deliver(&receiver, &body("e1", "c1")), 204);
}

#[test]
fn without_order_no_event_waits_for_another() {
    let store = MemoryStore::new();
    let inbox = Inbox::new(store.clone()).order(Order::Unordered);
    let receiver = inbox.receiver(verifier(), &Bot::default());
    for id in ["e1", "e2", "e3"] {
        assert_eq!(deliver(&receiver, &body(id, "c1")), 202);
    }
    let claims = block_on(store.claim(&QueueName::from("inbox"), 10, Duration::from_secs(60)));
    assert_eq!(claims.unwrap().len(), 3);
}
