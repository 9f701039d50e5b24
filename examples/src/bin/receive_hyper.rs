//! Receives webhooks on hyper, without another framework, and responds when they are handled.
//!
//! It posts a few sample events to itself and exits. With `LISTEN=127.0.0.1:8080` and `LINQ_WEBHOOK_SECRET` it serves until
//! Ctrl-C, SIGTERM or SIGHUP, and then finishes the events that it is handling.

use std::{convert::Infallible, time::Duration};

use anyhow::Result;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use linq::{
    types::escape,
    webhooks::{BodyTimeout, Receiver, events::MessageReceived, linq_handler},
};
use linq_examples::{Setup, post_samples, shutdown_signal};
use tokio::{
    net::TcpListener,
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
        println!("bot       handled “{}”", escape(message.text()));
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let setup = Setup::from_env()?;
    let shutdown = shutdown_signal()?;
    let receiver = Receiver::new(setup.verifier, Bot)
        .body_timeout(BodyTimeout::new(BODY_TIMEOUT, sleep))
        .on_error(|error| println!("receiver  responds {}: {}", error.status(), escape(error)));

    let listener = TcpListener::bind(&setup.address).await?;
    let address = listener.local_addr()?;
    println!("receiver  listens on http://{address}/linq");
    let connections = GracefulShutdown::new();
    let end = async {
        if setup.posts_samples {
            return spawn_blocking(move || post_samples(address)).await?;
        }
        shutdown.await;
        Ok(())
    };
    tokio::select! {
        result = end => result?,
        () = serve(&listener, &receiver, &connections) => {}
    }
    drop(listener);
    timeout(CONNECTION_TIMEOUT, connections.shutdown()).await.ok();
    println!("receiver  shut down");
    Ok(())
}

/// Serves connections while it is polled.
async fn serve(listener: &TcpListener, receiver: &Receiver<Bot>, connections: &GracefulShutdown) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Usually the process is out of file descriptors: wait for connections to close.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (receiver, watcher) = (receiver.clone(), connections.watcher());
        tokio::spawn(async move {
            let service = service_fn(|request| receiver.clone().serve(request));
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            if let Ok(Err(error)) = timeout(CONNECTION_TIMEOUT, watcher.watch(connection)).await {
                eprintln!("{error}");
            }
        });
    }
}
