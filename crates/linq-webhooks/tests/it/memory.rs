use std::time::Duration;

use linq_webhooks::{
    Claim::{self, Completed, InProgress, New},
    ClaimToken, Deduplicator as _, MemoryDeduplicator, Timestamp, block_on,
};

use super::delivery::{TIMES, at};

fn token(number: u128) -> ClaimToken {
    number.into()
}

fn claim_with(memory: &MemoryDeduplicator, id: &str, number: u128, now: Timestamp) -> Result<Claim, String> {
    block_on(memory.claim(id, token(number), now)).map_err(|error| error.to_string())
}

fn claim(memory: &MemoryDeduplicator, id: &str, now: i64) -> Result<Claim, String> {
    claim_with(memory, id, 1, at(now))
}

/// Ends the claim at once.
fn release(memory: &MemoryDeduplicator, id: &str) {
    block_on(memory.release(id, token(1), at(*TIMES.start())));
}

fn complete(memory: &MemoryDeduplicator, id: &str, now: i64) {
    assert_eq!(claim(memory, id, now), Ok(New), "{id}");
    block_on(memory.complete(id, token(1)));
}

#[test]
fn a_claim_is_held_until_it_is_completed_or_released() {
    let memory = MemoryDeduplicator::new();
    assert_eq!(claim(&memory, "a", 0), Ok(New));
    assert_eq!(claim(&memory, "a", 1_000_000), Ok(InProgress));
    release(&memory, "a");
    assert_eq!(claim(&memory, "a", 0), Ok(New));
    block_on(memory.complete("a", token(1)));
    assert_eq!(claim(&memory, "a", 0), Ok(Completed));
    release(&memory, "a");
    assert_eq!(claim(&memory, "a", 0), Ok(Completed));
}

#[test]
fn a_claim_that_is_released_later_is_held_until_then() {
    let memory = MemoryDeduplicator::new().max_in_progress(1);
    let ends = Timestamp::from_unix(60, 500_000_000).unwrap();
    assert_eq!(claim(&memory, "a", 0), Ok(New));
    block_on(memory.release("a", token(1), ends));
    assert_eq!(claim(&memory, "a", 60), Ok(InProgress));
    assert!(claim(&memory, "b", 60).is_err(), "it still counts");
    assert_eq!(claim_with(&memory, "a", 2, ends), Ok(New));
    block_on(memory.release("a", token(2), at(90)));
    assert_eq!(claim(&memory, "b", 90), Ok(New), "an event that is not delivered again takes no memory");
}

#[test]
fn the_time_of_a_release_can_be_changed_and_a_released_claim_can_be_completed() {
    let memory = MemoryDeduplicator::new();
    assert_eq!(claim(&memory, "a", 0), Ok(New));
    block_on(memory.release("a", token(1), at(60)));
    block_on(memory.release("a", token(1), at(90)));
    assert_eq!(claim(&memory, "a", 60), Ok(InProgress));
    block_on(memory.complete("a", token(1)));
    assert_eq!(claim(&memory, "a", 100), Ok(Completed));
}

#[test]
fn an_unclaimed_event_and_a_claim_with_another_token_do_not_change() {
    let memory = MemoryDeduplicator::new();
    block_on(memory.complete("a", token(1)));
    release(&memory, "a");
    assert_eq!(claim_with(&memory, "a", 2, at(0)), Ok(New));
    release(&memory, "a");
    assert_eq!(claim(&memory, "a", 0), Ok(InProgress));
    block_on(memory.complete("a", token(1)));
    assert_eq!(claim(&memory, "a", 0), Ok(InProgress));
    block_on(memory.complete("a", token(2)));
    assert_eq!(claim(&memory, "a", 0), Ok(Completed));
}

#[test]
fn a_full_memory_forgets_the_oldest_completed_event_and_no_event_in_progress() {
    let memory = MemoryDeduplicator::new().capacity(2);
    assert_eq!(claim(&memory, "in progress", 0), Ok(New));
    complete(&memory, "younger", 2);
    complete(&memory, "older", 1);
    complete(&memory, "new", 3);
    for (id, expected) in
        [("in progress", InProgress), ("younger", Completed), ("new", Completed), ("older", New)]
    {
        assert_eq!(claim(&memory, id, 3), Ok(expected), "{id}");
    }
}

#[test]
fn events_in_progress_and_handled_events_have_maxima_of_their_own() {
    let memory = MemoryDeduplicator::new().capacity(100).max_in_progress(200);
    for done in 0..100 {
        complete(&memory, &format!("done {done}"), 0);
    }
    for waiting in 0..200 {
        assert_eq!(claim(&memory, &format!("waiting {waiting}"), 0), Ok(New));
    }
    assert_eq!(
        claim(&memory, "one more", 0),
        Err("the maximum number of events is in progress; raise `max_in_progress` of the deduplicator"
            .to_owned())
    );
    for done in 0..100 {
        assert_eq!(claim(&memory, &format!("done {done}"), 0), Ok(Completed), "{done}");
    }
    for waiting in 0..200 {
        let id = format!("waiting {waiting}");
        assert_eq!(claim(&memory, &id, 0), Ok(InProgress), "{waiting}");
        release(&memory, &id);
        complete(&memory, &id, 1 + waiting);
    }
    assert_eq!(claim(&memory, "waiting 199", 200), Ok(Completed));
    assert_eq!(claim(&memory, "done 0", 200), Ok(New));
}

#[test]
fn by_default_more_events_can_be_in_progress_than_are_remembered() {
    let memory = MemoryDeduplicator::new();
    complete(&memory, "done", 0);
    for waiting in 0..20_000 {
        assert_eq!(claim(&memory, &format!("{waiting}"), 0), Ok(New));
    }
    assert_eq!(claim(&memory, "done", 0), Ok(Completed));
}

#[test]
fn an_event_is_remembered_until_its_ttl_expires() {
    let memory = MemoryDeduplicator::new().ttl(Duration::from_secs(60));
    complete(&memory, "a", 1000);
    assert_eq!(claim(&memory, "a", 1059), Ok(Completed));
    assert_eq!(claim(&memory, "a", 1060), Ok(New));
    assert_eq!(claim(&memory, "a", 9999), Ok(InProgress));
}

#[test]
fn no_event_is_forgotten_when_the_clock_is_set_back() {
    let memory = MemoryDeduplicator::new();
    complete(&memory, "a", 10_000);
    assert_eq!(claim(&memory, "a", *TIMES.start()), Ok(Completed));
    let memory = MemoryDeduplicator::new().ttl(Duration::MAX);
    complete(&memory, "a", 0);
    assert_eq!(claim(&memory, "a", *TIMES.end()), Ok(Completed));
}

#[test]
fn ids_of_any_length_and_content_are_distinct() {
    let memory = MemoryDeduplicator::new();
    let long = "x".repeat(1_000_000);
    for id in ["", "a", "A", "a ", &long, &long[1..]] {
        complete(&memory, id, 0);
    }
}
