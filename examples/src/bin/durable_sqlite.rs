//! A bot on axum with a durable inbox and outbox on SQLite: what it has accepted survives a crash, and is answered once.
//!
//! It listens on the address in `LISTEN`, by default `127.0.0.1:8080`, and keeps its store in the file in `STORE`, by default
//! `bot.db`. It reads the API key from `LINQ_API_V3_API_KEY` and the signing secret from `LINQ_WEBHOOK_SECRET`.

use std::{env, sync::Arc};

use anyhow::Result;
use axum::Router;
use linq::{ReqwestBackend, durable::AddError, prelude::*, sqlite::Store};
use linq_examples::shutdown_signal;
use tokio::{net::TcpListener, sync::watch};

struct Bot {
    client: Client,
    outbox: Outbox,
}

#[linq_handler(error = AddError)]
impl Bot {
    #[on]
    async fn answer(&self, event: Event<MessageReceived>) -> Result<(), AddError> {
        let chat = self.client.chats().messages(&event.data.chat.id);
        let answer = format!("You wrote: {}", event.data.text());
        self.outbox.once(&event, "answer").add(chat.send(answer)).await?;
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let shutdown = shutdown_signal()?;
    let client = Client::from_env(ReqwestBackend::new()?)?;
    let store = Store::open(env::var("STORE").unwrap_or_else(|_| "bot.db".to_owned()))?;
    let outbox = Outbox::new(store.clone());
    let inbox = Inbox::new(store);

    // The webhooks of the bot's own messages update the records of the outbox.
    let bot = Arc::new(outbox.tracking(Bot { client: client.clone(), outbox: outbox.clone() }));
    let receiver = inbox.receiver(Verifier::from_env()?, &bot);

    let (stop, stopped) = watch::channel(());
    let until_stopped = || {
        let mut stopped = stopped.clone();
        async move { stopped.changed().await.unwrap_or_default() }
    };
    let worker = tokio::spawn(inbox.worker(bot).concurrency(16).run_until(until_stopped()));
    let dispatcher = tokio::spawn(outbox.dispatcher(client).concurrency(16).run_until(until_stopped()));

    let listen = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(listen).await?;
    println!("listens on http://{}/linq", listener.local_addr()?);
    let router = Router::new().route_service("/linq", receiver.into_service());
    axum::serve(listener, router).with_graceful_shutdown(shutdown).await?;

    // What is not done stays in the store, for the next start.
    drop(stop);
    worker.await?;
    dispatcher.await?;
    Ok(())
}
