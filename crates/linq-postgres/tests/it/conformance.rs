use linq_durable::testing::Conformance;
use linq_postgres::Store;

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
