//! A bot with a durable inbox and outbox on PostgreSQL, in two kinds of processes, of which there can be several on several
//! machines: `receive` stores events, and `work` handles them and sends the answers.
//!
//! Both find the database in `DATABASE`, such as `host=/run/postgresql user=bot dbname=bot`, and read the API key from
//! `LINQ_API_V3_API_KEY`. `receive` listens on the address in `LISTEN`, by default `127.0.0.1:8080`, and reads the signing
//! secret from `LINQ_WEBHOOK_SECRET`.

use std::{env, sync::Arc};

use anyhow::{Result, bail};
use axum::Router;
use linq::{
    ReqwestBackend,
    durable::{AddError, Tracking},
    postgres::{Config, connect},
    prelude::*,
};
use tokio::net::TcpListener;
use tokio_postgres::NoTls;

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
    let (store, driver) = connect(Config::new(env::var("DATABASE")?.parse()?), NoTls).await?;
    tokio::spawn(driver.run());
    store.migrate().await?;
    let client = Client::from_env(ReqwestBackend::new()?)?;
    let outbox = Outbox::new(store.clone());
    let inbox = Inbox::new(store);
    let bot = Arc::new(outbox.tracking(Bot { client: client.clone(), outbox: outbox.clone() }));
    match env::args().nth(1).as_deref() {
        Some("receive") => receive(&inbox, &bot).await,
        Some("work") => {
            println!("works");
            tokio::join!(
                inbox.worker(bot).concurrency(16).run(),
                outbox.dispatcher(client).concurrency(16).run(),
            );
            Ok(())
        }
        _ => bail!("expected `receive` or `work`"),
    }
}

/// The bot tells only which events are stored.
async fn receive(inbox: &Inbox, bot: &Arc<Tracking<Bot>>) -> Result<()> {
    let receiver = inbox.receiver(Verifier::from_env()?, bot);
    let listen = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(listen).await?;
    println!("listens on http://{}/linq", listener.local_addr()?);
    axum::serve(listener, Router::new().route_service("/linq", receiver.into_service())).await?;
    Ok(())
}
