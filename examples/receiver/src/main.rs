//! Receives webhooks on a blocking server, without any async runtime.
//!
//! It listens on the address in `LISTEN`, by default `127.0.0.1:8080`, and verifies deliveries with the secrets in
//! `LINQ_WEBHOOK_SECRET`, until Ctrl-C, SIGTERM or SIGHUP. Then it finishes the deliveries that it has received.

use std::{
    convert::Infallible,
    env, io,
    io::Read as _,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, anyhow};
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use linq::{
    types::escape,
    webhooks::{Receiver, Verifier, block_on, events::MessageReceived, linq_handler},
};
use tiny_http::{Response, Server};

const MAX_BODY_BYTES: usize = 256 * 1024;
/// The timeout of deliveries in progress at the end, so that a client that stalls does not prevent it.
const GRACE_PERIOD: Duration = Duration::from_secs(10);

struct Bot;

#[linq_handler(error = Infallible)]
impl Bot {
    #[on]
    fn on_message(&self, message: MessageReceived) {
        println!("handled “{}”", escape(message.text()));
    }
}

fn main() -> Result<()> {
    let (sender, ends) = mpsc::channel();
    let signaled = sender.clone();
    ctrlc::set_handler(move || {
        let _ = signaled.send(Ok(()));
    })?;
    let receiver = Receiver::new(Verifier::from_env()?, Bot)
        .max_body_bytes(MAX_BODY_BYTES)
        .on_error(|error| println!("responded {}: {}", error.status(), escape(error)));

    let listen = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let server = Server::http(listen).map_err(|error| anyhow!(error))?;
    println!("listens on http://{}", server.server_addr());
    serve(server, &receiver, sender, &ends)
}

/// Why the server ends: a signal, or an error.
type End = io::Result<()>;

/// Serves until the end, and then waits for the deliveries in progress.
fn serve(
    server: Server,
    receiver: &Receiver<Bot>,
    sender: mpsc::Sender<End>,
    ends: &mpsc::Receiver<End>,
) -> Result<()> {
    let server = Arc::new(server);
    let (in_progress, finished) = mpsc::channel();
    thread::spawn({
        let (server, receiver) = (Arc::clone(&server), receiver.clone());
        move || sender.send(Err(take_requests(&server, &receiver, &in_progress)))
    });
    let end = ends.recv()?;
    server.unblock();
    // Nothing is ever sent: the channel ends with the last response, unless a client stalls.
    let _ = finished.recv_timeout(GRACE_PERIOD);
    println!("shut down");
    end.context("the server failed")
}

/// Takes requests until the server fails or is unblocked. Each request has a thread of its own, so that a client that stops in
/// the middle of a body stops no other one. tiny_http has no timeouts: in production, put a proxy that has them in front of it.
fn take_requests(
    server: &Server,
    receiver: &Receiver<Bot>,
    in_progress: &mpsc::Sender<Infallible>,
) -> io::Error {
    loop {
        let request = match server.recv() {
            Ok(request) => request,
            Err(error) => return error,
        };
        let (receiver, in_progress) = (receiver.clone(), in_progress.clone());
        let respond = move || {
            if let Err(error) = respond(&receiver, request) {
                eprintln!("{error}");
            }
            drop(in_progress);
        };
        if let Err(error) = thread::Builder::new().spawn(respond) {
            eprintln!("{error}");
        }
    }
}

fn respond(receiver: &Receiver<Bot>, mut request: tiny_http::Request) -> io::Result<()> {
    let mut headers = HeaderMap::new();
    for header in request.headers() {
        let name = HeaderName::from_bytes(header.field.as_str().as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(header.value.as_str())) {
            headers.append(name, value);
        }
    }
    let response = match receiver.reject_early(&headers) {
        Some(response) => response,
        None => {
            let mut body = Vec::new();
            // One byte more than the maximum, so that the receiver rejects a larger body.
            request.as_reader().take(MAX_BODY_BYTES as u64 + 1).read_to_end(&mut body)?;
            let mut delivery = Request::new(body.into());
            *delivery.headers_mut() = headers;
            block_on(receiver.respond(delivery))
        }
    };
    let status = response.status().as_u16();
    request.respond(Response::from_data(response.into_body()).with_status_code(status))
}

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, sync::mpsc, time::Duration};

    use super::*;

    #[test]
    fn it_returns_the_error_of_its_server() {
        let broken = TcpListener::bind("127.0.0.1:0").unwrap();
        broken.set_nonblocking(true).unwrap();
        let server = Server::from_listener(broken, None).unwrap();
        let receiver =
            Receiver::new(Verifier::new("whsec_c2VjcmV0LWZvci10ZXN0cy1vbmx5LTAxMjM0NTY3").unwrap(), Bot);
        let (sender, result) = mpsc::channel();
        thread::spawn(move || {
            let (ending, ends) = mpsc::channel();
            sender.send(serve(server, &receiver, ending, &ends))
        });
        let failure = result.recv_timeout(Duration::from_secs(20)).unwrap().unwrap_err();
        assert_eq!(failure.to_string(), "the server failed");
    }
}
