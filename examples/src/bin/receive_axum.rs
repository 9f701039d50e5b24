//! Receives webhooks on axum and handles them after the response, so that slow handlers do not delay it.
//!
//! It posts a few sample events to itself and exits. With `LISTEN=127.0.0.1:8080` and `LINQ_WEBHOOK_SECRET` it serves until
//! Ctrl-C, and then handles the events that it has accepted.

use std::{convert::Infallible, time::Duration};

use anyhow::Result;
use axum::Router;
use linq::webhooks::{BodyTimeout, Receiver, events::MessageReceived, linq_handler};
use linq_examples::{Setup, post_samples};
use tokio::{net::TcpListener, signal::ctrl_c, task::spawn_blocking, time::sleep};

/// The maximum duration of reading a body, so that clients that stop in the middle of one do not accumulate.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

struct Bot;

#[linq_handler(error = Infallible)]
impl Bot {
    #[on]
    async fn on_message(&self, message: MessageReceived) {
        sleep(Duration::from_millis(50)).await;
        println!("bot       handled “{}”", message.text());
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let setup = Setup::from_env()?;
    let receiver = Receiver::new(setup.verifier, Bot)
        .queue(1000)
        .body_timeout(BodyTimeout::new(BODY_TIMEOUT, sleep))
        .on_error(|error| println!("receiver  responds {}: {error}", error.status()));
    for _ in 0..4 {
        let worker = receiver.worker();
        tokio::spawn(worker.run(|failure| {
            eprintln!("worker    failed to handle event {:?}: {}", failure.event.event_id, failure.error);
        }));
    }

    let listener = TcpListener::bind(&setup.address).await?;
    let address = listener.local_addr()?;
    println!("receiver  listens on http://{address}/linq");
    let router = Router::new().route_service("/linq", receiver.clone().into_service());
    let server = tokio::spawn(async move { axum::serve(listener, router).await });

    if setup.posts_samples {
        spawn_blocking(move || post_samples(address)).await??;
    } else {
        ctrl_c().await?;
    }
    let unhandled = receiver.shutdown().await;
    println!("receiver  shut down with {} unhandled events", unhandled.len());
    server.abort();
    Ok(())
}
