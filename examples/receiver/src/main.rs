//! Receives webhooks on a blocking server, without any async runtime.
//!
//! It listens where LISTEN says, or on port 8080 of this machine, and believes whoever signs with LINQ_WEBHOOK_SECRET.

use std::{convert::Infallible, env, io, io::Read as _, sync::Arc, thread};

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
    let secret = env::var("LINQ_WEBHOOK_SECRET").context("LINQ_WEBHOOK_SECRET is not set")?;
    let receiver = Receiver::new(Verifier::new(&secret)?, Bot)
        .max_body_bytes(MAX_BODY_BYTES)
        .on_error(|error| println!("answered {}: {error}", error.status()));

    let listen = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let server = Arc::new(Server::http(listen).map_err(|error| anyhow!(error))?);
    println!("listens on http://{}", server.server_addr());
    let threads = (0..THREADS).map(|_| {
        let (server, receiver) = (Arc::clone(&server), receiver.clone());
        thread::spawn(move || serve(&server, &receiver))
    });
    for thread in threads.collect::<Vec<_>>() {
        thread.join().map_err(|_| anyhow!("a thread panicked"))?;
    }
    Ok(())
}

fn serve(server: &Server, receiver: &Receiver<Bot>) {
    while let Ok(request) = server.recv() {
        if let Err(error) = answer(receiver, request) {
            eprintln!("{error}");
        }
    }
}

fn answer(receiver: &Receiver<Bot>, mut request: tiny_http::Request) -> io::Result<()> {
    let mut body = Vec::new();
    // One byte more than is taken, so that the receiver sees what is too large.
    request.as_reader().take(MAX_BODY_BYTES as u64 + 1).read_to_end(&mut body)?;
    let mut delivery = Request::new(body.into());
    for header in request.headers() {
        let name = HeaderName::from_bytes(header.field.as_str().as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(header.value.as_str())) {
            delivery.headers_mut().append(name, value);
        }
    }
    let answer = block_on(receiver.respond(delivery));
    let status = answer.status().as_u16();
    request.respond(Response::from_data(answer.into_body()).with_status_code(status))
}
