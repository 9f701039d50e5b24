//! What the examples of webhook receivers share: where they listen, and somebody who posts to them.

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

const REHEARSAL_SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Where a receiver listens, and how it verifies deliveries.
#[derive(Debug)]
#[non_exhaustive]
pub struct Setup {
    /// What to bind to.
    pub address: String,
    /// The verifier of the deliveries.
    pub verifier: Verifier,
    /// Whether nobody but the example itself posts to it.
    pub is_rehearsal: bool,
}

impl Setup {
    /// Reads the address from `LISTEN` and the signing secrets from `LINQ_WEBHOOK_SECRET`. Without `LISTEN`, it is a
    /// rehearsal on a free port.
    ///
    /// # Errors
    ///
    /// Returns an error if `LISTEN` is set and `LINQ_WEBHOOK_SECRET` is missing or invalid.
    pub fn from_env() -> Result<Self> {
        Ok(match env::var("LISTEN") {
            Err(_) => Self {
                address: "127.0.0.1:0".to_owned(),
                verifier: Verifier::new(REHEARSAL_SECRET)?,
                is_rehearsal: true,
            },
            Ok(address) => Self { address, verifier: Verifier::from_env()?, is_rehearsal: false },
        })
    }
}

/// Posts what the service might, and what it never would, to a receiver that is believed to take it.
///
/// # Errors
///
/// An answer is not what it should be.
pub fn rehearse(address: SocketAddr) -> Result<()> {
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
        println!("service   posts {what}: answered {status}");
        if !expected.contains(&status) {
            bail!("{what} was answered {status}");
        }
    }
    Ok(())
}

/// Posts a body under the signature of `signed`, and comes back after 503 as the service does, but sooner. Gives the
/// status.
fn deliver(address: SocketAddr, id: &str, signed: &str, body: &str) -> Result<u16> {
    for _ in 0..50 {
        match post(address, id, signed, body)? {
            503 => wait(Duration::from_millis(20)),
            status => return Ok(status),
        }
    }
    bail!("the receiver answers nothing but 503")
}

fn post(address: SocketAddr, id: &str, signed: &str, body: &str) -> Result<u16> {
    let headers = Signer::new(REHEARSAL_SECRET)?.headers(id, now()?, signed.as_bytes())?;
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "POST /linq HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n")?;
    for (name, value) in &headers {
        write!(stream, "{name}: {}\r\n", value.to_str()?)?;
    }
    write!(stream, "content-length: {}\r\n\r\n{body}", body.len())?;
    status(stream).context("the receiver gave no answer")
}

fn status(mut stream: TcpStream) -> Result<u16> {
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.split_ascii_whitespace().nth(1).context("no status line")?.parse()?)
}

#[expect(clippy::disallowed_methods, reason = "a delivery is signed with the current time")]
fn now() -> Result<Timestamp> {
    Ok(SystemTime::now().try_into()?)
}

#[expect(clippy::disallowed_methods, reason = "a thread of the example's own, which has nothing else to do")]
fn wait(duration: Duration) {
    thread::sleep(duration);
}
