use linq_durable::{MemoryStore, testing::Conformance};
use linq_webhooks::block_on;
use proptest::{collection::vec, prelude::*};

#[test]
fn the_store_in_memory_keeps_every_rule() {
    block_on(Conformance::new().check(MemoryStore::new)).assert();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_stores_in_memory_have_the_same_results(choices in vec(any::<u32>(), 0..150)) {
        let check = Conformance::new();
        prop_assert_eq!(block_on(check.check_model(&MemoryStore::new(), "model", &choices)), Ok(()));
    }
}

#[test]
fn a_store_with_another_result_is_found() {
    // Enqueues one item, and then another one.
    let choices = [0, 36 * 4];
    let full = MemoryStore::new().capacity(1);
    let difference = block_on(Conformance::new().check_model(&full, "model", &choices)).unwrap_err();
    assert!(difference.starts_with("found \"Full"), "{difference}");
    assert_eq!(difference.matches("Enqueue").count(), 2, "{difference}");
}
