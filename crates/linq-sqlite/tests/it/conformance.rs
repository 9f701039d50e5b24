use linq_durable::testing::Conformance;
use linq_sqlite::Store;
use linq_webhooks::block_on;

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
