//! Receives webhooks on axum and handles them after the response, so that slow handlers do not delay it.
//!
//! It posts a few sample events to itself and exits. With `LISTEN=127.0.0.1:8080` and `LINQ_WEBHOOK_SECRET` it serves until
//! Ctrl-C, SIGTERM or SIGHUP, and then handles the events that it has accepted. They are in memory; another store keeps them when
//! the process ends.

use std::{convert::Infallible, time::Duration};

use anyhow::Result;
use axum::Router;
use linq::{
    durable::{Inbox, MemoryStore},
    types::escape,
    webhooks::{BodyTimeout, events::MessageReceived, linq_handler},
};
use linq_examples::{Setup, post_samples, shutdown_signal};
use tokio::{
    net::TcpListener,
    sync::oneshot,
    task::spawn_blocking,
    time::{sleep, timeout},
};

/// The timeouts of responses in progress at the end, and then of accepted events, so that neither prevents it.
const GRACE_PERIOD: Duration = Duration::from_secs(10);

/// The maximum duration of reading a body, so that clients that stop in the middle of one do not accumulate.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

struct Bot;

#[linq_handler(error = Infallible)]
impl Bot {
    #[on]
    async fn on_message(&self, message: MessageReceived) {
        sleep(Duration::from_millis(20)).await;
        println!("bot       handled “{}”", escape(message.text()));
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let setup = Setup::from_env()?;
    let shutdown = shutdown_signal()?;
    let inbox = Inbox::new(MemoryStore::new());
    let receiver = inbox
        .receiver(setup.verifier, &Bot)
        .body_timeout(BodyTimeout::new(BODY_TIMEOUT, sleep))
        .on_error(|error| println!("receiver  responds {}: {}", error.status(), escape(error)));
    let (finish, finishing) = oneshot::channel::<()>();
    let worker = inbox.worker(Bot).concurrency(4);
    let worker = tokio::spawn(worker.run_until(async move {
        drop(finishing.await);
        while inbox.stats().await.is_ok_and(|stats| stats.waiting > 0) {
            sleep(Duration::from_millis(10)).await;
        }
    }));

    let listener = TcpListener::bind(&setup.address).await?;
    let address = listener.local_addr()?;
    println!("receiver  listens on http://{address}/linq");
    let router = Router::new().route_service("/linq", receiver.into_service());
    let (stop, stopped) = oneshot::channel::<()>();
    let server = axum::serve(listener, router).with_graceful_shutdown(async { drop(stopped.await) });
    let server = tokio::spawn(server.into_future());

    if setup.posts_samples {
        spawn_blocking(move || post_samples(address)).await??;
    } else {
        shutdown.await;
    }
    drop(stop);
    timeout(GRACE_PERIOD, server).await.ok();
    drop(finish);
    timeout(GRACE_PERIOD, worker).await.ok();
    println!("receiver  shut down");
    Ok(())
}
