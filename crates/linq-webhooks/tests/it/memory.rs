use std::time::Duration;

use linq_webhooks::{
    Claim::{self, Completed, InProgress, New},
    Deduplicator as _, MemoryDeduplicator, block_on,
};

use super::delivery::{TIMES, at};

fn claim(memory: &MemoryDeduplicator, id: &str, now: i64) -> Result<Claim, String> {
    block_on(memory.claim(id, at(now))).map_err(|error| error.to_string())
}

fn complete(memory: &MemoryDeduplicator, id: &str, now: i64) {
    assert_eq!(claim(memory, id, now), Ok(New), "{id}");
    block_on(memory.complete(id));
}

#[test]
fn a_claim_is_held_until_it_is_completed_or_released() {
    let memory = MemoryDeduplicator::new();
    assert_eq!(claim(&memory, "a", 0), Ok(New));
    assert_eq!(claim(&memory, "a", 0), Ok(InProgress));
    block_on(memory.release("a"));
    assert_eq!(claim(&memory, "a", 0), Ok(New));
    block_on(memory.complete("a"));
    assert_eq!(claim(&memory, "a", 0), Ok(Completed));
    block_on(memory.release("a"));
    assert_eq!(claim(&memory, "a", 0), Ok(Completed));
}

#[test]
fn completing_or_releasing_an_unclaimed_event_has_no_effect() {
    let memory = MemoryDeduplicator::new();
    block_on(memory.complete("a"));
    block_on(memory.release("a"));
    assert_eq!(claim(&memory, "a", 0), Ok(New));
}

#[test]
fn a_full_memory_forgets_the_oldest_completed_event_and_no_event_in_progress() {
    let memory = MemoryDeduplicator::new().capacity(3);
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
fn claiming_an_event_is_an_error_while_the_capacity_is_in_progress() {
    let memory = MemoryDeduplicator::new().capacity(2);
    assert_eq!((claim(&memory, "a", 0), claim(&memory, "b", 0)), (Ok(New), Ok(New)));
    let full = Err("all of the deduplicator's capacity is in progress; raise its capacity".to_owned());
    assert_eq!(claim(&memory, "c", 1_000_000), full);
    block_on(memory.release("a"));
    assert_eq!(claim(&memory, "c", 0), Ok(New));
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
