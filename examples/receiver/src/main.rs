//! Receives webhooks on a blocking server, without any async runtime.
//!
//! It listens on the address in `LISTEN`, by default `127.0.0.1:8080`, and verifies deliveries with the secrets in
//! `LINQ_WEBHOOK_SECRET`.

use std::{
    convert::Infallible,
    env, io,
    io::Read as _,
    sync::{Arc, mpsc},
    thread,
};

use anyhow::{Context as _, Result, anyhow};
use http::{HeaderName, HeaderValue, Request};
use linq::webhooks::{Receiver, Verifier, block_on, events::MessageReceived, linq_handler};
use tiny_http::{Response, Server};

const THREADS: usize = 4;
const MAX_BODY_BYTES: usize = 256 * 1024;

struct Bot;

#[linq_handler(error = Infallible)]
impl Bot {
    #[on]
    fn on_message(&self, message: MessageReceived) {
        println!("handled “{}”", message.text());
    }
}

fn main() -> Result<()> {
    let receiver = Receiver::new(Verifier::from_env()?, Bot)
        .max_body_bytes(MAX_BODY_BYTES)
        .on_error(|error| println!("responded {}: {error}", error.status()));

    let listen = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let server = Server::http(listen).map_err(|error| anyhow!(error))?;
    println!("listens on http://{}", server.server_addr());
    serve(server, &receiver)
}

/// Serves until the server fails. A failed server returns an error to only one of the threads.
fn serve(server: Server, receiver: &Receiver<Bot>) -> Result<()> {
    let server = Arc::new(server);
    let (sender, failures) = mpsc::channel();
    for _ in 0..THREADS {
        let (server, receiver, sender) = (Arc::clone(&server), receiver.clone(), sender.clone());
        thread::spawn(move || sender.send(take_requests(&server, &receiver)));
    }
    drop(sender);
    let failure = failures.recv()?;
    block_on(receiver.shutdown());
    Err(failure).context("the server failed")
}

fn take_requests(server: &Server, receiver: &Receiver<Bot>) -> io::Error {
    loop {
        match server.recv().map(|request| respond(receiver, request)) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => eprintln!("{error}"),
            Err(error) => return error,
        }
    }
}

fn respond(receiver: &Receiver<Bot>, mut request: tiny_http::Request) -> io::Result<()> {
    let mut body = Vec::new();
    // One byte more than the maximum, so that the receiver rejects a larger body.
    request.as_reader().take(MAX_BODY_BYTES as u64 + 1).read_to_end(&mut body)?;
    let mut delivery = Request::new(body.into());
    for header in request.headers() {
        let name = HeaderName::from_bytes(header.field.as_str().as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(header.value.as_str())) {
            delivery.headers_mut().append(name, value);
        }
    }
    let response = block_on(receiver.respond(delivery));
    let status = response.status().as_u16();
    request.respond(Response::from_data(response.into_body()).with_status_code(status))
}

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, time::Duration};

    use super::*;

    #[test]
    fn it_returns_the_error_of_its_server() {
        let broken = TcpListener::bind("127.0.0.1:0").unwrap();
        broken.set_nonblocking(true).unwrap();
        let server = Server::from_listener(broken, None).unwrap();
        let receiver =
            Receiver::new(Verifier::new("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap(), Bot);
        let (sender, result) = mpsc::channel();
        thread::spawn(move || sender.send(serve(server, &receiver)));
        let failure = result.recv_timeout(Duration::from_secs(20)).unwrap().unwrap_err();
        assert_eq!(failure.to_string(), "the server failed");
    }
}
