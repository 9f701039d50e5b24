//! Several stores on one server, as several machines have them.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use linq_durable::{Ledger as _, NewItem, NewRecord, QueueName, Settled, Settlement, Store as _};
use linq_types::{PaceLimit, Rate};

use super::{server::Server, store::connect};

const LEASE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_item_is_processed_by_one_process_and_in_order() {
    const ITEMS: usize = 400;
    let Some(server) = Server::start() else { return };
    let queue = QueueName::from("inbox");
    let done = Arc::new(Mutex::new(Vec::new()));
    let mut workers = Vec::new();
    for _ in 0..3 {
        let (store, queue, done) = (connect(&server, "linq").await, queue.clone(), Arc::clone(&done));
        workers.push(tokio::spawn(async move {
            while done.lock().unwrap().len() < ITEMS {
                for claim in store.claim(&queue, 3, LEASE).await.unwrap() {
                    done.lock().unwrap().push((claim.item.key.clone(), claim.item.id.clone()));
                    let settled = store.settle(&queue, &claim.lease, Settlement::Complete).await;
                    assert_eq!(settled.unwrap(), Settled::Held);
                }
            }
        }));
    }
    let store = connect(&server, "linq").await;
    let enqueued = (0..ITEMS).map(|at| {
        let item = NewItem::new("kind", "body").id(format!("{at:04}")).key(format!("key {}", at % 7));
        store.enqueue(&queue, item)
    });
    for enqueued in enqueued.collect::<Vec<_>>() {
        enqueued.await.unwrap();
    }
    for worker in workers {
        worker.await.unwrap();
    }
    let done = done.lock().unwrap().clone();
    assert_eq!(done.iter().collect::<BTreeSet<_>>().len(), ITEMS, "items were processed twice");
    for key in 0..7 {
        let of_key: Vec<_> = done.iter().filter(|(of, _)| *of == format!("key {key}")).collect();
        assert!(of_key.is_sorted(), "{of_key:?}");
    }
    let stats = store.stats(&queue).await.unwrap();
    assert_eq!((stats.waiting, stats.leased, stats.dead), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_and_paces_are_shared_by_processes() {
    let Some(server) = Server::start() else { return };
    let queue = QueueName::from("outbox");
    let mut writers = Vec::new();
    for _ in 0..3 {
        let (store, queue) = (connect(&server, "linq").await, queue.clone());
        writers.push(tokio::spawn(async move {
            let mut written = 0;
            let mut allowed = 0;
            while written < 20 {
                let version = store.record(&queue, "1").await.unwrap().map_or(0, |record| record.version);
                let put = store.put_record(&queue, NewRecord::new("1", "state", "body"), version);
                written += u64::from(put.await.unwrap());
                let rate = Rate::new(6, Duration::from_secs(3600)).burst(5);
                // The keys cross: one writer hands them in in another order than the next one.
                let mut limits = vec![PaceLimit::new("chat", rate), PaceLimit::new("line", rate)];
                limits.rotate_left(usize::try_from(written % 2).unwrap());
                allowed += usize::from(store.pace(limits).await.unwrap().is_none());
            }
            allowed
        }));
    }
    let mut allowed = 0;
    for writer in writers {
        allowed += writer.await.unwrap();
    }
    let store = connect(&server, "linq").await;
    assert_eq!(store.record(&queue, "1").await.unwrap().unwrap().version, 60);
    assert_eq!(allowed, 5);
}
