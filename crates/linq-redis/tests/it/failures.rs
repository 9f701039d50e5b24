use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use linq_durable::{Enqueued, ItemState, Settled, Settlement, Store as _, StoreErrorKind};
use linq_redis::Store;
use tokio::time::{sleep, timeout};

use super::{
    server::Server,
    store::{connect, enqueue, inbox},
};

const LEASE: Duration = Duration::from_secs(60);

/// Enqueues until it succeeds, as the service delivers again.
async fn enqueue_at_last(store: &Store, id: &str) -> Enqueued {
    for _ in 0..600 {
        match enqueue(store, id).await {
            Ok(enqueued) => return enqueued,
            Err(error) => assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}"),
        }
        sleep(Duration::from_millis(25)).await;
    }
    panic!("the store did not come back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed() {
    const KILLS: usize = 5;
    let Some(server) = Server::start() else { return };
    let store = connect(&server, "killed").await;
    let is_over = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (store, is_over) = (store.clone(), Arc::clone(&is_over));
            tokio::spawn(async move {
                let mut acknowledged = Vec::new();
                for at in 0.. {
                    if is_over.load(Ordering::Relaxed) {
                        break;
                    }
                    let id = format!("{writer}-{at}");
                    match enqueue(&store, &id).await {
                        Ok(_) => acknowledged.push(id),
                        Err(_) => sleep(Duration::from_millis(10)).await,
                    }
                }
                acknowledged
            })
        })
        .collect();
    for _ in 0..KILLS {
        sleep(Duration::from_millis(150)).await;
        server.kill();
        assert_eq!(enqueue(&store, "meanwhile").await.unwrap_err().kind(), StoreErrorKind::Unavailable);
        server.start_again();
        enqueue_at_last(&store, "after a kill").await;
    }
    is_over.store(true, Ordering::Relaxed);
    let mut acknowledged = 0;
    for writer in writers {
        for id in writer.await.unwrap() {
            acknowledged += 1;
            assert_eq!(enqueue(&store, &id).await.unwrap(), Enqueued::Duplicate, "{id} was lost");
        }
    }
    assert!(acknowledged > KILLS, "{acknowledged}");
    let stats = store.stats(&inbox()).await.unwrap();
    let listed = store.list(&inbox(), ItemState::Waiting, 0, usize::MAX).await.unwrap();
    assert_eq!(stats.waiting, listed.len() as u64);
    assert!(listed.len() >= acknowledged);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leases_survive_a_kill() {
    let Some(server) = Server::start() else { return };
    let store = connect(&server, "leases").await;
    enqueue(&store, "1").await.unwrap();
    let claim = store.claim(&inbox(), 1, LEASE).await.unwrap().remove(0);
    server.kill();
    server.start_again();
    enqueue_at_last(&store, "2").await;
    let others = store.claim(&inbox(), 10, LEASE).await.unwrap();
    assert_eq!(others.iter().map(|claim| claim.item.id.as_str()).collect::<Vec<_>>(), ["2"]);
    assert!(others[0].lease.token > claim.lease.token);
    assert_eq!(store.settle(&inbox(), &claim.lease, Settlement::Complete).await.unwrap(), Settled::Held);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_store_connects_again() {
    let Some(server) = Server::start() else { return };
    let store = connect(&server, "idle").await;
    server.kill();
    server.start_again();
    // No operation reports the loss: the driver notices it.
    sleep(Duration::from_millis(2500)).await;
    assert_eq!(enqueue(&store, "1").await.unwrap(), Enqueued::New);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_end_when_the_server_does_not_respond() {
    let Some(server) = Server::start() else { return };
    let store = connect(&server, "stopped").await;
    server.signal("STOP");
    let stopped = timeout(Duration::from_secs(30), enqueue(&store, "1")).await;
    server.signal("CONT");
    assert_eq!(stopped.expect("the operation did not end").unwrap_err().kind(), StoreErrorKind::Unavailable);
    enqueue_at_last(&store, "2").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_a_replica_for_a_while_is_waited_for() {
    let Some(server) = Server::start() else { return };
    let store = connect(&server, "replica").await;
    server.run::<()>("REPLICAOF 127.0.0.1 1");
    let refused = enqueue(&store, "1").await.unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Unavailable);
    sleep(Duration::from_millis(400)).await;
    let refused = enqueue(&store, "1").await.unwrap_err().to_string();
    assert!(refused.to_lowercase().contains("read"), "{refused}");
    server.run::<()>("REPLICAOF NO ONE");
    assert_eq!(enqueue_at_last(&store, "1").await, Enqueued::New);
}

#[tokio::test]
async fn an_unreadable_item_is_an_error_that_does_not_show_it() {
    let Some(server) = Server::start() else { return };
    let store = connect(&server, "broken").await;
    enqueue(&store, "1").await.unwrap();
    server.run::<()>("HSET {linq:broken}:item:1 received never body private");
    let error = store.list(&inbox(), ItemState::Waiting, 0, 1).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Config);
    assert!(!format!("{error} {error:?}").contains("private"), "{error:?}");
    assert_eq!(enqueue(&store, "2").await.unwrap(), Enqueued::New);
}

#[tokio::test]
async fn scripts_that_the_server_forgot_are_sent_again() {
    let Some(server) = Server::start() else { return };
    let store = connect(&server, "flushed").await;
    for id in ["1", "2", "3"] {
        server.run::<()>("SCRIPT FLUSH");
        assert_eq!(enqueue(&store, id).await.unwrap(), Enqueued::New);
        server.run::<()>("SCRIPT FLUSH");
        let claim = store.claim(&inbox(), 1, LEASE).await.unwrap().remove(0);
        server.run::<()>("SCRIPT FLUSH");
        let settled = store.settle(&inbox(), &claim.lease, Settlement::Complete).await;
        assert_eq!(settled.unwrap(), Settled::Held);
    }
}
