use linq_durable::testing::Conformance;
use linq_sqlite::Store;
use linq_webhooks::block_on;
use proptest::{collection::vec, prelude::*};

#[test]
fn the_store_keeps_every_rule() {
    let folder = tempfile::tempdir().unwrap();
    let mut databases = 0;
    let report = block_on(Conformance::new().check(|| {
        databases += 1;
        Store::open(folder.path().join(format!("{databases}.db"))).unwrap()
    }));
    report.assert();
    assert!(databases >= 20, "{databases}");
}

#[test]
fn the_store_has_the_same_results_as_the_one_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("bot.db")).unwrap();
    let cases = std::cell::Cell::new(0);
    let config = ProptestConfig { failure_persistence: None, cases: 24, ..ProptestConfig::default() };
    proptest!(config, |(choices in vec(any::<u32>(), 0..150))| {
        cases.set(cases.get() + 1);
        let name = format!("case {}", cases.get());
        prop_assert_eq!(block_on(Conformance::new().check_model(&store, &name, &choices)), Ok(()));
    });
}
