use std::time::Duration;

use linq_durable::{
    Enqueued, Ledger as _, NewItem, NewRecord, Settled, Settlement, Store as _, StoreErrorKind,
};

use super::{
    server::Server,
    store::{connect, enqueue, inbox},
};

const LEASE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn what_is_stored_can_be_processed_when_memory_is_full() {
    let Some(server) = Server::start() else { return };
    let store = connect(&server, "full").await;
    for id in ["1", "2", "3", "4"] {
        store.enqueue(&inbox(), NewItem::new("kind", "body").id(id).key("a")).await.unwrap();
    }
    let record = NewRecord::new("1", "new", "body");
    assert!(store.put_record(&inbox(), record.clone(), 0).await.unwrap());
    server.run::<()>("CONFIG SET maxmemory 1");

    for full in [
        enqueue(&store, "5").await.map(drop),
        store.put_record(&inbox(), NewRecord::new("2", "new", "body"), 0).await.map(drop),
    ] {
        assert_eq!(full.unwrap_err().kind(), StoreErrorKind::Full);
    }
    assert_eq!(store.stats(&inbox()).await.unwrap().waiting, 4);

    for settlement in [
        Settlement::retry(Duration::ZERO, "failed"),
        Settlement::Release,
        Settlement::dead_letter("failed"),
        Settlement::Complete,
    ] {
        let claim = store.claim(&inbox(), 1, LEASE).await.unwrap().remove(0);
        assert_eq!(store.extend(&inbox(), &claim.lease, LEASE).await.unwrap(), Settled::Held);
        store.gather(&inbox(), &claim.lease, 1).await.unwrap();
        assert_eq!(store.settle(&inbox(), &claim.lease, settlement).await.unwrap(), Settled::Held);
    }
    assert!(store.put_record(&inbox(), record, 1).await.unwrap());
    let stats = store.stats(&inbox()).await.unwrap();
    assert_eq!((stats.waiting, stats.dead), (2, 1));

    server.run::<()>("CONFIG SET maxmemory 0");
    assert_eq!(enqueue(&store, "5").await.unwrap(), Enqueued::New);
}
