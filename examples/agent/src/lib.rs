//! An AI agent on iMessage, RCS and SMS. It can be killed at any time.

use std::time::Duration;

use anyhow::Result;
use axum::Router;
use linq::durable::{Ledger, StoreOptOuts};
use linq::{prelude::*, webhooks::Gate};
use tokio::net::TcpListener;

pub mod bot;
pub mod history;
pub mod model;
#[cfg(feature = "openai")]
pub mod openai;

/// Receives webhooks at `/linq` and answers a chat when it is `quiet`. What is not done when the process dies is done by
/// another one, at most a `lease` later.
pub async fn serve<S: Ledger + Clone>(
    bot: bot::Bot<impl model::Model>,
    store: S,
    (quiet, lease): (Duration, Duration),
    verifier: Verifier,
    listener: TcpListener,
) -> Result<()> {
    let (inbox, outbox, client) = (Inbox::new(store.clone()), bot.outbox.clone(), bot.client.clone());
    let bot = Gate::new(bot).skip_own().skip_history().opt_outs(StoreOptOuts::new(store));
    let receiver = inbox.receiver(verifier, &bot);
    let worker = inbox.worker(bot).debounce(quiet, quiet * 8).concurrency(16).lease(lease);
    tokio::spawn(worker.run());
    tokio::spawn(outbox.dispatcher(client).concurrency(16).lease(lease).run());
    let router = Router::new().route_service("/linq", receiver.into_service());
    Ok(axum::serve(listener, router).await?)
}
