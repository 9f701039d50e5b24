use std::time::Duration;

use linq_webhooks::{
    Claim::{self, Completed, InProgress, New},
    Deduplicator as _, MemoryDeduplicator, block_on,
};

fn claim(memory: &MemoryDeduplicator, id: &str, now: i64) -> Result<Claim, String> {
    block_on(memory.claim(id, now)).map_err(|error| error.to_string())
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
fn nothing_comes_of_settling_what_was_not_claimed() {
    let memory = MemoryDeduplicator::new();
    block_on(memory.complete("a"));
    block_on(memory.release("a"));
    assert_eq!(claim(&memory, "a", 0), Ok(New));
}

#[test]
fn a_full_memory_forgets_the_oldest_completed_event_and_nothing_in_progress() {
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
fn a_memory_full_of_events_in_progress_refuses_another() {
    let memory = MemoryDeduplicator::new().capacity(2);
    assert_eq!((claim(&memory, "a", 0), claim(&memory, "b", 0)), (Ok(New), Ok(New)));
    let full = Err("as many events are being handled as the deduplicator has room for".to_owned());
    assert_eq!(claim(&memory, "c", 1_000_000), full);
    block_on(memory.release("a"));
    assert_eq!(claim(&memory, "c", 0), Ok(New));
}

#[test]
fn an_event_is_remembered_until_the_time_limit_is_over() {
    let memory = MemoryDeduplicator::new().time_limit(Duration::from_secs(60));
    complete(&memory, "a", 1000);
    assert_eq!(claim(&memory, "a", 1059), Ok(Completed));
    assert_eq!(claim(&memory, "a", 1060), Ok(New));
    assert_eq!(claim(&memory, "a", 9999), Ok(InProgress));
}

#[test]
fn a_clock_that_is_set_back_forgets_nothing() {
    let memory = MemoryDeduplicator::new();
    complete(&memory, "a", 10_000);
    assert_eq!(claim(&memory, "a", i64::MIN), Ok(Completed));
    let memory = MemoryDeduplicator::new().time_limit(Duration::MAX);
    complete(&memory, "a", 0);
    assert_eq!(claim(&memory, "a", i64::MAX - 1), Ok(Completed));
}

#[test]
fn ids_are_told_apart_whatever_they_are() {
    let memory = MemoryDeduplicator::new();
    let long = "x".repeat(1_000_000);
    for id in ["", "a", "A", "a ", &long, &long[1..]] {
        complete(&memory, id, 0);
    }
}
