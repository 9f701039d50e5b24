use linq_durable::{Enqueued, Store as _};
use linq_redis::Config;

use super::{
    server::Server,
    store::{connect_to, enqueue, inbox},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_finds_the_node_that_has_its_slot_and_follows_it() {
    let (Some(first), Some(second)) = (Server::start_node(), Server::start_node()) else { return };
    first.run::<()>("CLUSTER ADDSLOTSRANGE 0 8191");
    second.run::<()>("CLUSTER ADDSLOTSRANGE 8192 16383");
    first.meet(&second);
    for server in [&first, &second] {
        server.wait_for_cluster();
    }
    // Whichever node has the slot, one of the two stores begins at the other.
    for server in [&first, &second] {
        let store = connect_to(Config::new(server.client()).name("found")).await;
        enqueue(&store, "1").await.unwrap();
        assert_eq!(store.stats(&inbox()).await.unwrap().waiting, 1);
    }

    let slot: u16 = first.run("CLUSTER KEYSLOT {linq:moved}:");
    let (from, to) = if slot < 8192 { (&first, &second) } else { (&second, &first) };
    let store = connect_to(Config::new(from.client()).name("moved")).await;
    assert_eq!(enqueue(&store, "before").await.unwrap(), Enqueued::New);
    let keys: Vec<String> = from.run(&format!("CLUSTER GETKEYSINSLOT {slot} 100"));
    assert!(!keys.is_empty());
    let to_id: String = to.run("CLUSTER MYID");
    let from_id: String = from.run("CLUSTER MYID");
    to.run::<()>(&format!("CLUSTER SETSLOT {slot} IMPORTING {from_id}"));
    from.run::<()>(&format!("CLUSTER SETSLOT {slot} MIGRATING {to_id}"));
    // The empty word is an empty argument.
    from.run::<()>(&format!("MIGRATE 127.0.0.1 {}  0 5000 KEYS {}", to.port(), keys.join(" ")));
    for node in [to, from] {
        node.run::<()>(&format!("CLUSTER SETSLOT {slot} NODE {to_id}"));
    }
    let mut result = enqueue(&store, "after").await;
    for _ in 0..100 {
        if result.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        result = enqueue(&store, "after").await;
    }
    result.unwrap();
    assert_eq!(store.stats(&inbox()).await.unwrap().waiting, 2);
}
