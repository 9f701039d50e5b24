use linq_durable::testing::Conformance;
use linq_postgres::Store;
use proptest::{collection::vec, prelude::*};

use super::{server::Server, store::connect};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_keeps_every_rule() {
    let Some(server) = Server::start() else { return };
    let mut schemas = 0;
    let report = Conformance::new()
        .check(|| {
            schemas += 1;
            let schema = format!("rule_{schemas}");
            tokio::task::block_in_place(|| {
                tokio::runtime::Handle::current().block_on(connect(&server, &schema))
            }) as Store
        })
        .await;
    report.assert();
    assert!(schemas >= 20, "{schemas}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_has_the_same_results_as_the_one_in_memory() {
    let Some(server) = Server::start() else { return };
    let store = connect(&server, "linq").await;
    let runtime = tokio::runtime::Handle::current();
    let cases = std::cell::Cell::new(0);
    let config = ProptestConfig { failure_persistence: None, cases: 12, ..ProptestConfig::default() };
    tokio::task::block_in_place(|| {
        proptest!(config, |(choices in vec(any::<u32>(), 0..120))| {
            cases.set(cases.get() + 1);
            let name = format!("case {}", cases.get());
            prop_assert_eq!(runtime.block_on(Conformance::new().check_model(&store, &name, &choices)), Ok(()));
        });
    });
}
