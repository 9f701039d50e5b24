use std::cell::Cell;

use linq_durable::testing::Conformance;
use linq_redis::{Config, connect_on_thread};
use linq_webhooks::block_on;
use proptest::{collection::vec, prelude::*};

use super::{server::Server, store::connect};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_keeps_every_rule() {
    let Some(server) = Server::start() else { return };
    check(&server).await;
}

/// A node refuses a script that uses keys of several slots.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_keeps_every_rule_in_a_cluster() {
    let Some(server) = Server::start_node() else { return };
    server.run::<()>("CLUSTER ADDSLOTSRANGE 0 16383");
    server.wait_for_cluster();
    check(&server).await;
}

#[test]
fn the_store_has_the_same_results_as_the_one_in_memory() {
    let Some(server) = Server::start() else { return };
    let store = connect_on_thread(Config::new(server.client()).name("model")).unwrap();
    let cases = Cell::new(0);
    let config = ProptestConfig { failure_persistence: None, cases: 32, ..ProptestConfig::default() };
    proptest!(config, |(choices in vec(any::<u32>(), 0..150))| {
        cases.set(cases.get() + 1);
        let name = format!("case {}", cases.get());
        prop_assert_eq!(block_on(Conformance::new().check_model(&store, &name, &choices)), Ok(()));
    });
}

async fn check(server: &Server) {
    let mut stores = 0;
    let report = Conformance::new()
        .check(|| {
            stores += 1;
            let name = format!("rule-{stores}");
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(connect(server, &name)))
        })
        .await;
    report.assert();
    assert!(stores >= 30, "{stores}");
    let keys: Vec<String> = server.run("KEYS *");
    assert!(keys.iter().all(|key| key.starts_with("{linq:rule-")), "{keys:?}");
}
