//! Runs the receiver, with deliveries of a sandbox.
#![cfg(test)]

use std::{
    io::Write as _,
    net::TcpStream,
    process::Command,
    thread,
    time::{Duration, SystemTime},
};

use linq::{
    UreqBackend,
    sandbox::{Sandbox, SandboxExt as _},
    types::{
        events::EventType,
        webhook_subscriptions::{NewWebhookSubscription, UpdateWebhookSubscription},
    },
    webhooks::Signer,
};

use crate::{delivery::Delivery, program::Program};

#[path = "../../tests/it/delivery.rs"]
mod delivery;
#[path = "../../tests/it/program.rs"]
mod program;

const RECEIVER: &str = env!("CARGO_BIN_EXE_linq-example-receiver");

#[tokio::test(flavor = "multi_thread")]
async fn it_handles_signed_events_and_rejects_those_of_another_account() {
    let (sandbox, forger) = (Sandbox::start().await.unwrap(), Sandbox::start().await.unwrap());
    let client = sandbox.blocking_client(UreqBackend::new()).unwrap();
    // The receiver needs the secret of the subscription, and the subscription the address of the receiver.
    let subscription = NewWebhookSubscription::new("http://127.0.0.1:1/", [EventType::MessageReceived]);
    let created = client.webhook_subscriptions().create(subscription).call().unwrap();
    let mut receiver = Program::start(
        Command::new(RECEIVER)
            .env("LISTEN", "127.0.0.1:0")
            .env("LINQ_WEBHOOK_SECRET", created.signing_secret.expose()),
    );
    let target = format!("{}/linq", receiver.next_line().strip_prefix("listens on ").unwrap());
    let moved = UpdateWebhookSubscription::new().target_url(&target);
    client.webhook_subscriptions().update(created.subscription.id, moved).call().unwrap();
    forger.subscribe(target).unwrap();

    sandbox.person("+12025550199").says("When do you open?").unwrap();
    assert_eq!(receiver.next_line(), "handled “When do you open?”");
    forger.person("+12025550199").says("Let me in").unwrap();
    assert!(receiver.next_line().starts_with("responded 401 Unauthorized: signature mismatch"));
}

#[cfg(unix)]
#[test]
fn each_signal_ends_it_after_the_delivery_that_it_is_receiving() {
    const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    for signal in ["-INT", "-TERM", "-HUP"] {
        let mut receiver = Program::start(
            Command::new(RECEIVER).env("LISTEN", "127.0.0.1:0").env("LINQ_WEBHOOK_SECRET", SECRET),
        );
        let address = receiver.next_line().strip_prefix("listens on http://").unwrap().to_owned();
        let delivery = Delivery::begin(&address, SECRET, "Are you open?\u{1b}[2J");
        receiver.signal(signal);
        assert_eq!(delivery.finish(), 204, "{signal}");
        let (status, lines) = receiver.finish();
        assert!(status.success(), "{signal}");
        assert_eq!(lines, [r"handled “Are you open?\u001b[2J”", "shut down"], "{signal}");
    }
}

/// Requests whose headers cannot be told from those of the API, with a body that never ends.
#[expect(
    clippy::disallowed_methods,
    reason = "the receiver has a clock of its own, and tiny_http no other way"
)]
fn stalled_clients(address: &str, count: usize) -> Vec<TcpStream> {
    let signer = Signer::new("whsec_c2VjcmV0LWZvci10ZXN0cy1vbmx5LTAxMjM0NTY3").unwrap();
    let now = SystemTime::now().try_into().unwrap();
    let headers = signer.headers("e1", now, b"{").unwrap();
    let lines: Vec<_> =
        headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    let request =
        format!("POST /linq HTTP/1.1\r\nhost: x\r\ncontent-length: 5000\r\n{}\r\n\r\n{{", lines.join("\r\n"));
    let connect = |_| {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        // tiny_http queues connections of a burst behind those that are open, instead of starting threads for them.
        thread::sleep(Duration::from_millis(100));
        stream
    };
    (0..count).map(connect).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_stop_in_the_middle_of_a_body_do_not_stop_it() {
    let sandbox = Sandbox::start().await.unwrap();
    let secret = sandbox.subscribe("http://127.0.0.1:1/").unwrap();
    let mut receiver = Program::start(
        Command::new(RECEIVER).env("LISTEN", "127.0.0.1:0").env("LINQ_WEBHOOK_SECRET", secret.expose()),
    );
    let target = receiver.next_line().strip_prefix("listens on http://").unwrap().to_owned();
    let stalled = stalled_clients(&target, 12);
    let body = r#"{"event_id":"e1","event_type":"message.received","data":{"id":"m1","chat":{"id":"c1"},"parts":[{"type":"text","value":"Still there?"}],"direction":"inbound"}}"#;
    #[expect(clippy::disallowed_methods, reason = "the receiver compares it with its clock")]
    let now = SystemTime::now().try_into().unwrap();
    let headers = Signer::new(&secret).unwrap().headers("e1", now, body.as_bytes()).unwrap();
    let mut stream = TcpStream::connect(&target).unwrap();
    write!(stream, "POST /linq HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n", body.len()).unwrap();
    for (name, value) in &headers {
        write!(stream, "{name}: {}\r\n", value.to_str().unwrap()).unwrap();
    }
    write!(stream, "\r\n{body}").unwrap();
    assert_eq!(receiver.next_line(), "handled “Still there?”");
    drop(stalled);
}

#[test]
fn it_fails_without_a_secret() {
    let output = Command::new(RECEIVER).env_remove("LINQ_WEBHOOK_SECRET").output().unwrap();
    assert!(!output.status.success());
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("missing environment variable LINQ_WEBHOOK_SECRET")
    );
}
