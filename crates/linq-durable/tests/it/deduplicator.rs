use std::time::Duration;

use linq_durable::{Ledger as _, MemoryStore, QueueName, Retention, Store as _, StoreDeduplicator};
use linq_types::Timestamp;
use linq_webhooks::{Claim, ClaimToken, Deduplicator as _, block_on};

const LEASE: Duration = Duration::from_secs(60);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(seconds, 0).unwrap()
}

struct Test {
    store: MemoryStore,
    deduplicator: StoreDeduplicator,
}

impl Test {
    fn new() -> Self {
        let store = MemoryStore::new();
        Self { deduplicator: StoreDeduplicator::new(store.clone()).lease(LEASE), store }
    }

    fn claim(&self, token: u128, seconds: i64) -> Claim {
        block_on(self.deduplicator.claim("e1", ClaimToken::from(token), at(seconds))).unwrap()
    }

    fn complete(&self, token: u128) {
        block_on(self.deduplicator.complete("e1", ClaimToken::from(token)));
    }

    fn release(&self, token: u128, seconds: i64) {
        block_on(self.deduplicator.release("e1", ClaimToken::from(token), at(seconds)));
    }
}

#[test]
fn an_event_is_claimed_once_until_it_is_completed_for_good() {
    let test = Test::new();
    assert_eq!(test.claim(1, 0), Claim::New);
    assert_eq!(test.claim(2, 0), Claim::InProgress);
    test.complete(1);
    assert_eq!(test.claim(3, 0), Claim::Completed);
    let other_process = StoreDeduplicator::new(test.store.clone());
    assert_eq!(block_on(other_process.claim("e1", ClaimToken::from(4), at(0))).unwrap(), Claim::Completed);
    assert_eq!(block_on(other_process.claim("e2", ClaimToken::from(5), at(0))).unwrap(), Claim::New);
}

#[test]
fn a_released_claim_can_be_claimed_from_its_time_on() {
    let test = Test::new();
    assert_eq!(test.claim(1, 0), Claim::New);
    test.release(1, 10);
    assert_eq!(test.claim(2, 9), Claim::InProgress);
    assert_eq!(test.claim(3, 10), Claim::New);
    assert_eq!(test.claim(4, 10), Claim::InProgress);
}

#[test]
fn the_claim_of_a_process_that_died_expires_and_changes_nothing_afterwards() {
    let test = Test::new();
    assert_eq!(test.claim(1, 0), Claim::New);
    test.store.advance(LEASE - Duration::from_secs(1));
    assert_eq!(test.claim(2, 0), Claim::InProgress);
    test.store.advance(Duration::from_secs(2));
    assert_eq!(test.claim(3, 0), Claim::New);
    test.release(1, 0);
    test.complete(1);
    assert_eq!(test.claim(4, 0), Claim::InProgress);
    test.complete(3);
    assert_eq!(test.claim(5, 0), Claim::Completed);
}

#[test]
fn handled_events_are_forgotten_after_the_retention() {
    let test = Test::new();
    let deduplicator = test.deduplicator.clone().retention(LEASE);
    assert_eq!(block_on(deduplicator.claim("old", ClaimToken::from(1), at(0))).unwrap(), Claim::New);
    block_on(deduplicator.complete("old", ClaimToken::from(1)));
    test.store.advance(LEASE * 2);
    for number in 1..=256 {
        let id = format!("new {number}");
        assert_eq!(block_on(deduplicator.claim(&id, ClaimToken::from(number), at(0))).unwrap(), Claim::New);
    }
    let kept = block_on(test.store.record(&QueueName::from("handled"), "old")).unwrap();
    assert_eq!(kept, None);
    let queue = QueueName::from("handled");
    assert_eq!(block_on(test.store.sweep(&queue, &Retention::default(), 10)).unwrap(), 0);
}
