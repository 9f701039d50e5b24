//! Receives webhooks on hyper, without another framework, and responds when they are handled.
//!
//! It posts a few sample events to itself and exits. With `LISTEN=127.0.0.1:8080` and `LINQ_WEBHOOK_SECRET` it serves until
//! Ctrl-C, and then finishes the events that it is handling.

use std::{convert::Infallible, time::Duration};

use anyhow::Result;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use linq::webhooks::{BodyTimeout, Receiver, events::MessageReceived, linq_handler};
use linq_examples::{Setup, post_samples};
use tokio::{
    net::TcpListener,
    signal::ctrl_c,
    task::spawn_blocking,
    time::{sleep, timeout},
};

/// The maximum duration of reading a body, and of a connection, so that clients that never finish a request do not accumulate.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(30);

struct Bot;

#[linq_handler(error = Infallible)]
impl Bot {
    #[on]
    async fn on_message(&self, message: MessageReceived) {
        println!("bot       handled “{}”", message.text());
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let setup = Setup::from_env()?;
    let receiver = Receiver::new(setup.verifier, Bot)
        .body_timeout(BodyTimeout::new(BODY_TIMEOUT, sleep))
        .on_error(|error| println!("receiver  responds {}: {error}", error.status()));

    let listener = TcpListener::bind(&setup.address).await?;
    let address = listener.local_addr()?;
    println!("receiver  listens on http://{address}/linq");
    let server = tokio::spawn(serve(listener, receiver.clone()));

    if setup.posts_samples {
        spawn_blocking(move || post_samples(address)).await??;
    } else {
        ctrl_c().await?;
    }
    receiver.shutdown().await;
    println!("receiver  shut down");
    server.abort();
    Ok(())
}

async fn serve(listener: TcpListener, receiver: Receiver<Bot>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Usually the process is out of file descriptors: wait for connections to close.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let receiver = receiver.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| receiver.clone().serve(request));
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            if let Ok(Err(error)) = timeout(CONNECTION_TIMEOUT, connection).await {
                eprintln!("{error}");
            }
        });
    }
}
