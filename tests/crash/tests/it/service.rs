//! The service: it delivers each event until it gets a 2xx, and the next one of its chat afterwards.

use std::{
    io::{self, Read as _, Write as _},
    net::TcpStream,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, SystemTime},
};

use linq_webhooks::{Signer, Timestamp};

const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const TIMEOUT: Duration = Duration::from_secs(10);

/// Delivers events of one chat until told to stop. Returns the ids of those that were accepted, in this order.
pub(super) fn deliver(chat: &str, ports: &[u16], stop: &AtomicBool) -> Vec<String> {
    let signer = Signer::new(SECRET).unwrap();
    let mut accepted = Vec::new();
    for number in 0.. {
        let kind = if number == 20 && chat == "chat-0" { "poison" } else { "event" };
        let id = format!("{kind}-{chat}-{number}");
        loop {
            if stop.load(Ordering::Relaxed) {
                return accepted;
            }
            if let Ok(200..300) = post(&signer, ports[fastrand::usize(..ports.len())], chat, &id) {
                accepted.push(id);
                break;
            }
            thread::sleep(Duration::from_millis(fastrand::u64(1..20)));
        }
    }
    accepted
}

/// Returns the status of the response.
fn post(signer: &Signer, port: u16, chat: &str, id: &str) -> io::Result<u16> {
    let body = format!(
        r#"{{"api_version":"v3","webhook_version":"2026-02-03","event_id":"{id}","event_type":"message.received","data":{{"id":"m-{id}","chat":{{"id":"{chat}"}},"direction":"inbound","parts":[{{"type":"text","value":"hello"}}]}}}}"#
    );
    let now = Timestamp::try_from(SystemTime::now()).map_err(io::Error::other)?;
    let headers = signer.headers(id, now, body.as_bytes()).map_err(io::Error::other)?;
    let mut request = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in &headers {
        request.push_str(&format!("{name}: {}\r\n", value.to_str().map_err(io::Error::other)?));
    }
    request.push_str("\r\n");
    request.push_str(&body);
    let mut connection = TcpStream::connect(("127.0.0.1", port))?;
    connection.set_read_timeout(Some(TIMEOUT))?;
    connection.write_all(request.as_bytes())?;
    let mut response = String::new();
    connection.read_to_string(&mut response)?;
    response.get(9..12).and_then(|status| status.parse().ok()).ok_or_else(|| io::Error::other("no response"))
}
