//! Two stores on one file, as two processes have them.

use std::{collections::BTreeSet, sync::Mutex, thread, time::Duration};

use linq_durable::{NewItem, QueueName, Settled, Settlement, Store as _};
use linq_sqlite::Store;
use linq_webhooks::block_on;

const LEASE: Duration = Duration::from_secs(60);

#[test]
fn processes_that_open_a_new_file_at_the_same_time_create_the_tables_once() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bot.db");
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| Store::open(&path).unwrap());
            }
        });
    }
}

#[test]
fn what_one_process_enqueues_wakes_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let (here, there) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
    let queue = QueueName::from("inbox");
    let wait = there.wait(&queue, Duration::from_secs(3600));
    let enqueuing = thread::spawn({
        let queue = queue.clone();
        move || {
            thread::sleep(Duration::from_millis(50));
            block_on(here.enqueue(&queue, NewItem::new("kind", "body"))).unwrap();
        }
    });
    block_on(wait);
    enqueuing.join().unwrap();
    assert_eq!(block_on(there.claim(&queue, 10, LEASE)).unwrap().len(), 1);
}

#[test]
fn each_item_is_processed_by_one_process_and_in_order() {
    const ITEMS: usize = 200;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let queue = QueueName::from("inbox");
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..2 {
            let store = Store::open(&path).unwrap();
            let (queue, done) = (&queue, &done);
            scope.spawn(move || {
                while done.lock().unwrap().len() < ITEMS {
                    for claim in block_on(store.claim(queue, 3, LEASE)).unwrap() {
                        done.lock().unwrap().push((claim.item.key.clone(), claim.item.id.clone()));
                        let settled = block_on(store.settle(queue, &claim.lease, Settlement::Complete));
                        assert_eq!(settled.unwrap(), Settled::Held);
                    }
                }
            });
        }
        let store = Store::open(&path).unwrap();
        for at in 0..ITEMS {
            let item = NewItem::new("kind", "body").id(format!("{at:04}")).key(format!("key {}", at % 7));
            block_on(store.enqueue(&queue, item)).unwrap();
        }
    });
    let done = done.into_inner().unwrap();
    assert_eq!(done.iter().collect::<BTreeSet<_>>().len(), ITEMS, "items were processed twice");
    for key in 0..7 {
        let of_key: Vec<_> = done.iter().filter(|(of, _)| *of == format!("key {key}")).collect();
        assert!(of_key.is_sorted(), "{of_key:?}");
    }
}
