//! The proxy of the environment.

use std::{
    net::TcpListener,
    process::Command,
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use linq_sandbox::Sandbox;

use super::{
    listen::{BODY, SECRET, address_of, post, signed, target},
    running::{Running, linq},
};

/// A proxy that counts its connections and closes them.
struct Proxy {
    url: String,
    connections: Receiver<()>,
}

impl Proxy {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, connections) = channel();
        thread::spawn(move || listener.incoming().try_for_each(|_| sender.send(())));
        Self { url, connections }
    }

    /// Sets every variable that selects a proxy.
    fn of<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env(name, &self.url);
        }
        command.env_remove("no_proxy").env_remove("NO_PROXY")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_to_this_machine_are_direct_and_others_use_the_proxy() {
    let proxy = Proxy::start();
    let sandbox = Sandbox::start().await.unwrap();
    let local = sandbox.base_url().to_owned();
    for base_url in [&local, &local.replace("127.0.0.1", "localhost")] {
        let mut call = linq(&["call", "phone_numbers.list"]);
        call.env("LINQ_API_V3_BASE_URL", base_url).env("LINQ_API_V3_API_KEY", sandbox.api_key());
        let output = proxy.of(&mut call).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{base_url}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(proxy.connections.try_recv().is_err());

    let mut call = linq(&["call", "phone_numbers.list"]);
    call.env("LINQ_API_V3_BASE_URL", "https://api.example.com").env("LINQ_API_V3_API_KEY", "k");
    assert_eq!(proxy.of(&mut call).status().unwrap().code(), Some(6));
    proxy.connections.recv_timeout(Duration::from_secs(20)).unwrap();
}

#[test]
fn deliveries_are_forwarded_to_this_machine_directly() {
    let proxy = Proxy::start();
    let (target, got) = target(200);
    for target in [target.clone(), target.replace("127.0.0.1", "localhost")] {
        let url = format!("http://{target}/");
        let mut listen = linq(&["listen", "--port", "0", "--secret", SECRET, "--forward", &url]);
        let mut running = Running::spawn(proxy.of(&mut listen));
        let address = address_of(&running.line());
        assert_eq!(post(&address, &signed(SECRET, BODY), BODY), 200);
        got.recv().unwrap();
    }
    assert!(proxy.connections.try_recv().is_err());
}
