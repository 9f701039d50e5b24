//! `linq listen --relay`, against the sandbox and against a relay that misbehaves.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::Duration,
};

use futures_util::{SinkExt as _, StreamExt as _};
use linq::webhooks::{Schemes, Verifier};
use linq_sandbox::{RelayFrames, Sandbox};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener as AsyncListener, TcpStream},
    runtime,
};
use tokio_tungstenite::{
    WebSocketStream, accept_async,
    tungstenite::{
        Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

use super::{
    listen::{SECRET, target},
    running::{Running, linq},
};

const ADA: &str = "+12025550199";
const SIGNALS: [&str; 4] = ["-INT", "-TERM", "-HUP", "-QUIT"];

/// Starts a command with the sandbox as its API and relay.
fn start(sandbox: &Sandbox, arguments: &[&str]) -> Running {
    Running::spawn(
        linq(arguments).env("LINQ_API_URL", sandbox.base_url()).env("LINQ_TOKEN", sandbox.api_key()),
    )
}

/// Starts a command, and returns it with the id of its subscription.
fn subscribed(sandbox: &Sandbox, arguments: &[&str]) -> (Running, String) {
    let mut running = start(sandbox, arguments);
    let id = if arguments.contains(&"--json") {
        let line: Value = serde_json::from_str(&running.stderr_line()).unwrap();
        assert_eq!(line["type"], "listening");
        line["subscription_id"].as_str().unwrap().to_owned()
    } else {
        let line = running.line();
        line.rsplit_once(" for subscription ").unwrap_or_else(|| panic!("{line}")).1.to_owned()
    };
    (running, id)
}

/// Returns the subscriptions of the sandbox.
fn subscriptions(sandbox: &Sandbox) -> Vec<Value> {
    let output = linq(&["call", "webhook_subscriptions.list"])
        .env("LINQ_API_URL", sandbox.base_url())
        .env("LINQ_TOKEN", sandbox.api_key())
        .output()
        .unwrap();
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
    listed["subscriptions"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_printed_and_each_signal_deletes_the_subscription() {
    let sandbox = Sandbox::start().await.unwrap();
    for (command, signal) in
        [&["listen", "--relay"][..], &["webhooks", "listen"], &["webhooks", "tail"]].into_iter().zip(SIGNALS)
    {
        let (mut running, id) = subscribed(&sandbox, &[command, &["--events", "message.received"]].concat());
        let listed = subscriptions(&sandbox);
        assert_eq!((listed.len(), &listed[0]["id"]), (1, &id.into()));
        assert_eq!(listed[0]["subscribed_events"], json!(["message.received"]));
        sandbox.person(ADA).says("Are you open?").unwrap();
        let line = running.line();
        assert!(
            line.contains(" message.received ") && line.ends_with(" +12025550199: \"Are you open?\""),
            "{line}"
        );
        super::running::kill(signal, running.id());
        assert_eq!(running.wait().code(), Some(0), "{command:?}");
        assert_eq!(subscriptions(&sandbox), [] as [Value; 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_events_all_types_that_the_api_knows_are_subscribed() {
    let sandbox = Sandbox::start().await.unwrap();
    let (_running, _) = subscribed(&sandbox, &["listen", "--relay"]);
    let events = subscriptions(&sandbox)[0]["subscribed_events"].as_array().unwrap().len();
    assert!(events > 60, "{events}");
}

#[tokio::test(flavor = "multi_thread")]
async fn json_events_are_as_they_were_received_and_the_rest_is_on_standard_error() {
    let sandbox = Sandbox::start().await.unwrap();
    let (mut running, _) =
        subscribed(&sandbox, &["webhooks", "listen", "--json", "--events", "message.received"]);
    sandbox.person(ADA).says("Hello?").unwrap();
    let event: Value = serde_json::from_str(&running.line()).unwrap();
    assert_eq!(event["data"]["parts"][0]["value"], "Hello?");
    let line: Value = serde_json::from_str(&running.stderr_line()).unwrap();
    assert_eq!((&line["type"], &line["status"]), (&"delivery".into(), &Value::Null));
    assert_eq!(line["event_id"], event["event_id"]);
    assert_eq!(running.interrupt().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_is_gone_deletes_the_subscription_and_is_exit_code_141() {
    let sandbox = Sandbox::start().await.unwrap();
    for options in [&[][..], &["--json"]] {
        let (mut running, _) = subscribed(&sandbox, &[&["listen", "--relay"], options].concat());
        running.close_stdout();
        sandbox.person(ADA).says("Hello?").unwrap();
        assert_eq!(running.wait().code(), Some(141));
        assert_eq!(subscriptions(&sandbox), [] as [Value; 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unsigned_frames_are_rejected_unless_they_are_asked_for() {
    let sandbox = Sandbox::builder().relay_frames(RelayFrames::Bare).start().await.unwrap();
    let (mut running, _) = subscribed(&sandbox, &["listen", "--relay", "--events", "message.received"]);
    sandbox.person(ADA).says("Hello?").unwrap();
    let line = running.line();
    assert!(line.contains(" rejected 401 ") && line.contains("--unverified"), "{line}");
    drop(running);

    let (mut running, _) =
        subscribed(&sandbox, &["listen", "--relay", "--unverified", "--events", "message.received"]);
    assert!(running.stderr_line().starts_with("warning: --unverified accepts events"));
    sandbox.person(ADA).says("Hello?").unwrap();
    assert!(running.line().ends_with(" +12025550199: \"Hello?\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_exit_code_4_and_no_relay_is_exit_code_6() {
    let sandbox = Sandbox::start().await.unwrap();
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let unreachable = format!("ws://{unused}/relay");
    for (key, relay, code, message) in [
        ("hunter2", None, 4, "error: the relay does not accept the API key"),
        (sandbox.api_key(), Some(&*unreachable), 6, "error: cannot connect to the relay: "),
        (sandbox.api_key(), Some("http://hunter2"), 2, "error: invalid LINQ_RELAY_WS_URL: "),
        (sandbox.api_key(), Some("ws://hunter2.example.com"), 2, "error: LINQ_RELAY_WS_URL would send"),
    ] {
        let mut command = linq(&["webhooks", "listen"]);
        command.env("LINQ_API_URL", sandbox.base_url()).env("LINQ_TOKEN", key);
        if let Some(relay) = relay {
            command.env("LINQ_RELAY_WS_URL", relay);
        }
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{stderr}");
        assert!(stderr.starts_with(message), "{stderr}");
        assert!(!stderr.contains("hunter2") && !stderr.contains(sandbox.api_key()), "{stderr}");
    }
    assert_eq!(subscriptions(&sandbox), [] as [Value; 0]);
}

#[test]
fn options_that_do_not_fit_are_usage_errors() {
    for (arguments, message) in [
        (&["listen", "--relay", "--events", "message.recieved"][..], "message.received"),
        (&["listen", "--secret", "a", "--events", "message.sent"], "need --relay or --public-url"),
        (&["listen", "--secret", "a", "--unverified"], "need --relay or --public-url"),
        (&["listen", "--relay", "--public-url", "https://example.com"], "cannot be used with"),
        (&["listen", "--public-url", "ftp://example.com"], "expected http:// or https://"),
        (&["listen", "--relay", "--forward-to", "example.com"], "invalid URL"),
        (&["listen"], "missing signing secret; pass --secret <SECRET>"),
    ] {
        let output = linq(arguments).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(message), "{arguments:?}: {stderr}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_forwarded_with_the_secret_of_the_receiver_or_with_their_own_signatures() {
    let sandbox = Sandbox::start().await.unwrap();
    let (target, got) = target(200);
    let url = format!("http://{target}/hook");
    for secret in [&["--secret", SECRET][..], &[]] {
        let arguments = ["listen", "--relay", "--events", "message.received", "--forward-to", &url];
        let (mut running, _) = subscribed(&sandbox, &[&arguments, secret].concat());
        sandbox.person(ADA).says("Hello?").unwrap();
        assert!(running.line().ends_with(" 200"));
        let forwarded = got.recv().unwrap();
        let verified = Verifier::for_schemes(Schemes::STANDARD, SECRET).unwrap().verify_at(
            &forwarded.headers,
            forwarded.body.clone(),
            sandbox.now(),
        );
        assert_eq!(verified.is_ok(), !secret.is_empty());
        for name in ["webhook-id", "webhook-signature", "x-webhook-event"] {
            assert!(forwarded.headers.contains_key(name), "{name}");
        }
        if secret.is_empty() {
            assert!(running.stderr_line().contains("signatures of the temporary subscription"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_url_is_subscribed_for_as_long_as_it_runs() {
    let sandbox = Sandbox::start().await.unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (url, port) = (format!("http://{free}/hook"), free.port().to_string());
    let arguments = ["listen", "--public-url", &url, "--port", &port, "--events", "message.received"];
    let (mut running, id) = subscribed(&sandbox, &arguments);
    let listed = subscriptions(&sandbox);
    assert_eq!((&listed[0]["id"], &listed[0]["target_url"]), (&id.into(), &url.as_str().into()));
    sandbox.person(ADA).says("Hello?").unwrap();
    assert!(running.line().ends_with(" +12025550199: \"Hello?\" 204"));
    assert_eq!(running.interrupt().code(), Some(0));
    assert_eq!(subscriptions(&sandbox), [] as [Value; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_that_cannot_be_deleted_is_named_with_the_command_that_deletes_it() {
    let sandbox = Sandbox::start().await.unwrap();
    let (mut running, id) = subscribed(&sandbox, &["listen", "--relay"]);
    sandbox.shutdown().await;
    assert!(running.line().starts_with("Disconnected from the relay: "));
    super::running::kill("-TERM", running.id());
    let stderr = running.rest_of_stderr();
    assert_eq!(running.wait().code(), Some(6), "{stderr}");
    assert!(stderr.contains(&format!("cannot delete the temporary subscription {id}: ")), "{stderr}");
    assert!(stderr.contains(&format!("`linq webhooks delete {id}`")), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tail_shows_the_payload_without_secrets() {
    let sandbox = Sandbox::start().await.unwrap();
    let (mut running, _) = subscribed(&sandbox, &["webhooks", "tail", "--events", "message.received"]);
    sandbox.person(ADA).says("Are you\n\u{1b}[2Jopen?").unwrap();
    running.line();
    let lines: Vec<_> = std::iter::from_fn(|| Some(running.line()).filter(|line| !line.is_empty())).collect();
    for expected in [
        "  direction: inbound",
        "  parts:",
        "      value: Are you\\n\\u001b[2Jopen?",
        "    handle: +12025550199",
    ] {
        assert!(lines.iter().any(|line| line == expected), "{expected}: {lines:#?}");
    }
}

/// A relay that does what the test says.
struct FakeRelay {
    url: String,
    orders: Sender<Order>,
    connected: Receiver<String>,
}

/// What a relay does to its connection.
enum Order {
    Send(String),
    Close(CloseCode),
    /// Ends the connection without saying so.
    Drop,
}

impl FakeRelay {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("ws://{}/", listener.local_addr().unwrap());
        let (orders, received) = channel();
        let (connect, connected) = channel();
        thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(Self::serve(listener, received, connect));
        });
        Self { url, orders, connected }
    }

    async fn serve(listener: TcpListener, orders: Receiver<Order>, connected: Sender<String>) {
        let listener = AsyncListener::from_std(listener).unwrap();
        for n in 1.. {
            let mut socket = accept_async(listener.accept().await.unwrap().0).await.unwrap();
            let init = socket.next().await.unwrap().unwrap();
            assert_eq!(init, Message::text(r#"{"action":"init"}"#));
            let id = format!("c{n}=");
            socket.send(Message::text(json!({ "connectionId": id }).to_string())).await.unwrap();
            if connected.send(id).is_err() || Self::obey(socket, &orders).await.is_none() {
                return;
            }
        }
    }

    /// Returns `None` if there are no more orders.
    async fn obey(mut socket: WebSocketStream<TcpStream>, orders: &Receiver<Order>) -> Option<()> {
        loop {
            match orders.recv().ok()? {
                Order::Send(text) => socket.send(Message::text(text)).await.unwrap(),
                Order::Close(code) => {
                    let _ = socket.close(Some(CloseFrame { code, reason: "as told".into() })).await;
                    return Some(());
                }
                Order::Drop => return Some(()),
            }
        }
    }

    fn order(&self, order: Order) {
        self.orders.send(order).unwrap();
    }

    fn connected(&self) -> String {
        match self.connected.recv_timeout(Duration::from_secs(60)) {
            Ok(id) => id,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => panic!("no connection"),
        }
    }

    /// Starts a listener that accepts unsigned events of this relay.
    fn listen(&self, sandbox: &Sandbox) -> Running {
        let mut command = linq(&["listen", "--relay", "--unverified"]);
        command
            .env("LINQ_API_URL", sandbox.base_url())
            .env("LINQ_TOKEN", sandbox.api_key())
            .env("LINQ_RELAY_WS_URL", &self.url)
            .env("LINQ_RELAY_URL", "http://127.0.0.1:9/hooks/");
        let mut running = Running::spawn(&mut command);
        assert!(running.line().starts_with("Listening through the relay"));
        running
    }
}

fn event(id: &str) -> Order {
    Order::Send(json!({ "event_id": id, "event_type": "call.ringing", "data": {} }).to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_lost_connection_the_subscription_leads_to_the_new_one_and_duplicates_are_marked() {
    let sandbox = Sandbox::start().await.unwrap();
    let relay = FakeRelay::start();
    let mut running = relay.listen(&sandbox);
    assert_eq!(relay.connected(), "c1=");
    assert_eq!(subscriptions(&sandbox)[0]["target_url"], "http://127.0.0.1:9/hooks/relay/c1=");
    relay.order(event("e1"));
    assert!(running.line().ends_with(" call.ringing e1"));
    for (order, reason) in [
        (Order::Drop, ""),
        (Order::Close(CloseCode::Away), "it closed the connection with 1001: as told"),
        (Order::Send("x".repeat(1024 * 1024 + 1)), "a frame is larger than 1048576 bytes"),
    ] {
        let is_open = matches!(order, Order::Send(_));
        relay.order(order);
        let line = running.line();
        assert!(line.starts_with("Disconnected from the relay: ") && line.contains(reason), "{line}");
        if is_open {
            relay.order(Order::Drop);
        }
        let id = relay.connected();
        assert_eq!(running.line(), "Connected to the relay again");
        let target = format!("http://127.0.0.1:9/hooks/relay/{id}");
        assert_eq!(subscriptions(&sandbox)[0]["target_url"], *target);
    }
    relay.order(event("e1"));
    assert!(running.line().ends_with(" call.ringing e1 (duplicate)"));
    for other in ["{}", r#"{"message": "Internal server error", "connectionId": "c", "requestId": "r"}"#] {
        relay.order(Order::Send(other.to_owned()));
    }
    relay.order(event("e2"));
    assert!(running.line().ends_with(" call.ringing e2"));
    assert_eq!(running.interrupt().code(), Some(0));
    assert_eq!(subscriptions(&sandbox), [] as [Value; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_refused_later_ends_the_command_and_deletes_the_subscription() {
    let sandbox = Sandbox::start().await.unwrap();
    let relay = FakeRelay::start();
    let mut running = relay.listen(&sandbox);
    relay.connected();
    relay.order(Order::Close(CloseCode::Library(4001)));
    running.stderr_line();
    assert!(running.stderr_line().starts_with("error: the relay does not accept the API key"));
    assert_eq!(running.wait().code(), Some(4));
    assert_eq!(subscriptions(&sandbox), [] as [Value; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_that_somebody_deleted_ends_the_command() {
    let sandbox = Sandbox::start().await.unwrap();
    let relay = FakeRelay::start();
    let running = relay.listen(&sandbox);
    relay.connected();
    let id = subscriptions(&sandbox)[0]["id"].as_str().unwrap().to_owned();
    let delete = linq(&["webhooks", "delete", &id])
        .env("LINQ_API_URL", sandbox.base_url())
        .env("LINQ_TOKEN", sandbox.api_key())
        .output()
        .unwrap();
    assert!(delete.status.success());
    relay.order(Order::Drop);
    assert_eq!(running.wait().code(), Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_deliveries_are_appended_to_a_file_of_the_owner() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.jsonl");
    let record = ["listen", "--relay", "--events", "message.received", "--record", file.to_str().unwrap()];
    for n in 1..=2 {
        let (mut running, _) = subscribed(&sandbox, &record);
        sandbox.person(ADA).says("Hello?").unwrap();
        running.line();
        assert_eq!(recorded(&file).len(), n);
    }
    let last = recorded(&file).pop().unwrap();
    assert!(last["time"].is_string() && last["headers"]["webhook-signature"].is_string(), "{last}");
    let body: Value = serde_json::from_str(last["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["data"]["parts"][0]["value"], "Hello?");
    assert_eq!(body["event_id"], last["headers"]["webhook-id"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

fn recorded(file: &Path) -> Vec<Value> {
    let content = fs::read_to_string(file).unwrap();
    content.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
