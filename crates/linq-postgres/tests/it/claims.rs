//! What claims take, also if they start scanning where the last one ended, as they do while whole scans are slow.

use std::time::{Duration, SystemTime};

use linq_durable::{NewItem, QueueName, Store as _, testing::TestStore as _};

use super::{
    server::Server,
    store::{client, connect},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_leaves_what_it_did_not_take_to_the_next_one() {
    let Some(server) = Server::start() else { return };
    let (store, client) = (connect(&server, "linq").await, client(&server).await);
    let sql = "select next_since, next_after, token from linq.claim(
        $1, $2, 60, $3, $4, now() + interval '1 hour', true, 10)";
    for limits in [vec![0, 1, 1, 1], vec![0, 0, 3], vec![1, 0, 2], vec![2, 0, 0, 1], vec![3]] {
        let queue = format!("{limits:?}");
        for key in ["a", "b", "c"] {
            store.enqueue(&QueueName::from(&*queue), NewItem::new("kind", "").key(key)).await.unwrap();
        }
        let mut taken = 0;
        let (mut since, mut after) = (SystemTime::UNIX_EPOCH, 0_i64);
        for limit in &limits {
            let rows = client.query(sql, &[&queue, &i64::from(*limit), &since, &after]).await.unwrap();
            (since, after) = (rows[0].get(0), rows[0].get(1));
            taken += rows.iter().filter(|row| row.get::<_, Option<i64>>(2).is_some()).count();
        }
        assert_eq!(taken, 3, "{queue}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn items_that_are_due_at_the_same_time_are_claimed_in_the_order_of_their_keys() {
    let Some(server) = Server::start() else { return };
    let (store, queue) = (connect(&server, "linq").await, QueueName::from("orders"));
    let mut keys: Vec<_> = (10..30).rev().map(|number| format!("key {number}")).collect();
    for key in &keys {
        store.enqueue(&queue, NewItem::new("kind", "").key(key)).await.unwrap();
    }
    let lease = Duration::from_secs(60);
    assert_eq!(store.claim(&queue, 100, lease).await.unwrap().len(), keys.len());
    store.advance(lease * 2).await;
    keys.sort_unstable();
    for key in keys {
        let claims = store.claim(&queue, 1, lease * 10).await.unwrap();
        assert_eq!(claims[0].item.key, key);
    }
}
