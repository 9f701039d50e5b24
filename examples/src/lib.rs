//! The setup and the shutdown of the webhook receivers, and a sender of sample events for them.

use std::{
    env,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, SystemTime},
};

use anyhow::{Context as _, Result, bail};
use linq::{
    types::Timestamp,
    webhooks::{Signer, Verifier},
};
use tokio::sync::oneshot;

const SAMPLE_SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The configuration of a receiver.
#[derive(Debug)]
#[non_exhaustive]
pub struct Setup {
    /// The address to listen on.
    pub address: String,
    /// The verifier of the deliveries.
    pub verifier: Verifier,
    /// Whether the example posts sample events to itself and exits.
    pub posts_samples: bool,
}

impl Setup {
    /// Reads the address from `LISTEN` and the signing secrets from `LINQ_WEBHOOK_SECRET`. Without `LISTEN`, the receiver
    /// listens on a free port for sample events.
    ///
    /// # Errors
    ///
    /// Returns an error if `LISTEN` is set and `LINQ_WEBHOOK_SECRET` is missing or invalid.
    pub fn from_env() -> Result<Self> {
        Ok(match env::var("LISTEN") {
            Err(_) => Self {
                address: "127.0.0.1:0".to_owned(),
                verifier: Verifier::new(SAMPLE_SECRET)?,
                posts_samples: true,
            },
            Ok(address) => Self { address, verifier: Verifier::from_env()?, posts_samples: false },
        })
    }
}

/// Starts listening for Ctrl-C, SIGTERM and SIGHUP, and returns a future that completes at the first of them.
///
/// # Errors
///
/// Returns an error if the system refuses, or if this is called twice.
pub fn shutdown_signal() -> Result<impl Future<Output = ()>> {
    let (sender, receiver) = oneshot::channel();
    let mut sender = Some(sender);
    ctrlc::set_handler(move || drop(sender.take()))?;
    Ok(async {
        // The handler drops the sender.
        receiver.await.unwrap_or_default()
    })
}

/// Posts sample events to a receiver: new ones, a duplicate, and one with a wrong signature.
///
/// # Errors
///
/// Returns an error if the receiver responds with an unexpected status code.
pub fn post_samples(address: SocketAddr) -> Result<()> {
    let message = |id: &str, text: &str| {
        format!(
            r#"{{"api_version":"v3","webhook_version":"2026-02-03","event_type":"message.received","event_id":"{id}","data":{{"id":"m-{id}","chat":{{"id":"c1"}},"direction":"inbound","parts":[{{"type":"text","value":"{text}"}}]}}}}"#
        )
    };
    let (question, thanks) = (message("e1", "When do you open?"), message("e2", "Thank you!"));
    for (what, id, signed, body, expected) in [
        ("a message", "e1", &question, &question, 200..300),
        ("the same message again", "e1", &question, &question, 200..300),
        ("another message", "e2", &thanks, &thanks, 200..300),
        ("a message with the signature of another", "e2", &thanks, &question, 401..402),
    ] {
        let status = deliver(address, id, signed, body)?;
        println!("sender    posts {what}: {status}");
        if !expected.contains(&status) {
            bail!("unexpected response to {what}: {status}");
        }
    }
    Ok(())
}

/// Posts a body with the signature of `signed`, and returns the status code. Retries after 503, as the API does, but sooner.
fn deliver(address: SocketAddr, id: &str, signed: &str, body: &str) -> Result<u16> {
    for _ in 0..50 {
        match post(address, id, signed, body)? {
            503 => wait(Duration::from_millis(20)),
            status => return Ok(status),
        }
    }
    bail!("the receiver responded with 503 to every attempt")
}

fn post(address: SocketAddr, id: &str, signed: &str, body: &str) -> Result<u16> {
    let headers = Signer::new(SAMPLE_SECRET)?.headers(id, now()?, signed.as_bytes())?;
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "POST /linq HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n")?;
    for (name, value) in &headers {
        write!(stream, "{name}: {}\r\n", value.to_str()?)?;
    }
    write!(stream, "content-length: {}\r\n\r\n{body}", body.len())?;
    status(stream).context("no response from the receiver")
}

fn status(mut stream: TcpStream) -> Result<u16> {
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    Ok(response.split_ascii_whitespace().nth(1).context("missing status line")?.parse()?)
}

#[expect(clippy::disallowed_methods, reason = "deliveries are signed with the current time")]
fn now() -> Result<Timestamp> {
    Ok(SystemTime::now().try_into()?)
}

#[expect(clippy::disallowed_methods, reason = "it blocks only the thread of the sender")]
fn wait(duration: Duration) {
    thread::sleep(duration);
}
