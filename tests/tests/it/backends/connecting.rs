//! Connections that take longer than the client waits.

use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use linq_core::{Client, ClientBuilder, ErrorKind};

use super::all;
use crate::it::script::CHAT;

const SHORT: Duration = Duration::from_millis(300);

/// A server whose queue of connections is full.
struct Full {
    address: SocketAddr,
    _listener: TcpListener,
    _queued: Vec<TcpStream>,
}

impl Full {
    fn new() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let mut queued = Vec::new();
        while let Ok(stream) = TcpStream::connect_timeout(&address, SHORT) {
            queued.push(stream);
        }
        Self { address, _listener: listener, _queued: queued }
    }
}

#[tokio::test]
async fn a_timeout_or_deadline_shorter_than_connecting_is_a_connect_error_with_nothing_sent() {
    let server = Full::new();
    type Limit = fn(ClientBuilder) -> ClientBuilder;
    let limits: [(&str, Limit, u32); 3] = [
        ("timeout", |builder| builder.timeout(SHORT).max_attempts(1), 1),
        ("deadline", |builder| builder.deadline(SHORT), 1),
        ("deadline without keys", |builder| builder.deadline(SHORT).without_idempotency_keys(), 1),
    ];
    for (name, backend) in all() {
        for (limit, set, attempts) in limits {
            let builder = Client::builder().api_key("key").base_url(format!("http://{}", server.address));
            let outcome = backend.call(
                set(builder),
                |client| Box::pin(async move { client.chats().messages(CHAT).send("Hi").await }),
                |client| client.chats().messages(CHAT).send("Hi").call(),
            );
            let error = outcome.await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Connect, "{name}, {limit}: {error}");
            assert_eq!((error.maybe_sent(), error.attempts()), (false, attempts), "{name}, {limit}: {error}");
        }
    }
}
