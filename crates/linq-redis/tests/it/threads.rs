use std::thread;

use linq_durable::{Enqueued, Store as _};
use linq_redis::{Config, ConnectError, connect_on_thread};
use linq_webhooks::block_on;

use super::{
    server::Server,
    store::{enqueue, inbox},
};

#[test]
fn a_program_without_tokio_uses_the_store() {
    let Some(server) = Server::start() else { return };
    let store = connect_on_thread(Config::new(server.client())).unwrap();
    let on_another_thread = store.clone();
    let enqueued = thread::spawn(move || block_on(enqueue(&on_another_thread, "1"))).join().unwrap();
    assert_eq!(enqueued.unwrap(), Enqueued::New);
    assert_eq!(block_on(store.stats(&inbox())).unwrap().waiting, 1);

    server.kill();
    let refused = connect_on_thread(Config::new(server.client())).unwrap_err();
    assert!(matches!(refused, ConnectError::Redis(_)), "{refused}");
}
