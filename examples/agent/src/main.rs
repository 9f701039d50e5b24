use std::{env, time::Duration};

use agent::{bot::Bot, history::History, serve};
use anyhow::Result;
use linq::{ReqwestBackend, prelude::*, sqlite::Store};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<()> {
    #[cfg(feature = "openai")]
    let model = agent::openai::OpenAi::from_env()?;
    #[cfg(not(feature = "openai"))]
    let model = agent::model::Scripted;
    let store = Store::open(env::var("STORE").unwrap_or_else(|_| "agent.db".to_owned()))?;
    let [quiet, pause, lease] = [2, 1, 60].map(Duration::from_secs);
    let client = Client::from_env(ReqwestBackend::new()?)?;
    let (outbox, history) = (Outbox::new(store.clone()), History::open(&store.path())?);
    let bot = Bot { client, outbox, history, model, pause };
    let listener = TcpListener::bind(env::var("LISTEN").as_deref().unwrap_or("127.0.0.1:8080")).await?;
    println!("listens on http://{}/linq", listener.local_addr()?);
    serve(bot, store, (quiet, lease), Verifier::from_env()?, listener).await
}
