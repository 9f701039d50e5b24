//! Receives webhooks on a blocking server, without any async runtime.
//!
//! It listens on the address in LISTEN, by default port 8080 of this machine, and verifies deliveries with
//! LINQ_WEBHOOK_SECRET.

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
    fn answer(&self, message: MessageReceived) {
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

/// Serves until the server fails. It takes no more connections then, and tells so to one thread alone.
fn serve(server: Server, receiver: &Receiver<Bot>) -> Result<()> {
    let server = Arc::new(server);
    let (fails, failures) = mpsc::channel();
    for _ in 0..THREADS {
        let (server, receiver, fails) = (Arc::clone(&server), receiver.clone(), fails.clone());
        thread::spawn(move || fails.send(take_requests(&server, &receiver)));
    }
    drop(fails);
    let failure = failures.recv()?;
    block_on(receiver.shutdown());
    Err(failure).context("the server has failed")
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
    fn it_ends_when_its_server_fails() {
        let broken = TcpListener::bind("127.0.0.1:0").unwrap();
        broken.set_nonblocking(true).unwrap();
        let server = Server::from_listener(broken, None).unwrap();
        let receiver = Receiver::new(Verifier::new("whsec_c2VjcmV0").unwrap(), Bot);
        let (ends, end) = mpsc::channel();
        thread::spawn(move || ends.send(serve(server, &receiver)));
        let failure = end.recv_timeout(Duration::from_secs(20)).unwrap().unwrap_err();
        assert_eq!(failure.to_string(), "the server has failed");
    }
}
