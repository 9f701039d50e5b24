use linq_durable::{MemoryStore, testing::Conformance};
use linq_webhooks::block_on;

#[test]
fn the_store_in_memory_keeps_every_rule() {
    block_on(Conformance::new().check(MemoryStore::new)).assert();
}
