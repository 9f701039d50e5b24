//! What the processes of the peers written in Rust do: the jobs of `python/peer.py` and `node/peer.mjs`.

use std::{
    io::{self, Write as _},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use anyhow::{Context as _, Result, bail};
use clap::Subcommand;
use linq_benches::{Batch, Body, Server, Task, Way};
use linq_core::Client;
use linq_reqwest::ReqwestBackend;
use serde::{Deserialize, Serialize};
use tokio::{runtime::Builder, task::JoinSet};

use crate::{recipe, worker::Peer};

const IN_FLIGHT: usize = 32;

#[derive(Subcommand)]
pub(crate) enum Job {
    Verify { body: Body },
    Get { base_url: String },
    Receive,
    Send,
}

/// Messages to send; the text of each is its number.
#[derive(Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) chats: Vec<String>,
    pub(crate) sends: usize,
}

/// The numbers of the messages that could not be sent.
#[derive(Serialize, Deserialize)]
pub(crate) struct Sent {
    pub(crate) failed: Vec<usize>,
}

impl Job {
    pub(crate) fn run(self, peer: Peer) -> Result<()> {
        let ours = match peer {
            Peer::Ours => true,
            Peer::Recipe => false,
            Peer::Python | Peer::Node => bail!("this peer has a program of its own"),
        };
        match self {
            Self::Verify { body } => {
                repeat(if ours { Task::VerifyAndParse } else { Task::Recipe }.batch(body)?)
            }
            Self::Get { base_url } => {
                repeat(if ours { Way::Reqwest } else { Way::ReqwestJsonByHand }.batch(&base_url, 1)?)
            }
            Self::Receive => {
                let server = if ours { Server::AxumEvent } else { Server::AxumRecipe };
                print(&server.start()?.port().to_string())?;
                io::copy(&mut io::stdin(), &mut io::sink())?;
                Ok(())
            }
            Self::Send => send(ours),
        }
    }
}

fn repeat(mut batch: Batch) -> Result<()> {
    for line in io::stdin().lines() {
        batch(line?.parse()?)?;
        print("done")?;
    }
    Ok(())
}

fn send(ours: bool) -> Result<()> {
    let line = io::stdin().lines().next().context("missing plan")??;
    let Plan { chats, sends } = serde_json::from_str(&line)?;
    let chats: Arc<[String]> = chats.into();
    let next = Arc::new(AtomicUsize::new(0));
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let client = Client::from_env(ReqwestBackend::new()?)?;
    let by_hand = recipe::Client::from_env()?;
    let failed = runtime.block_on(async {
        let mut workers = JoinSet::new();
        for _ in 0..IN_FLIGHT {
            let (chats, next) = (Arc::clone(&chats), Arc::clone(&next));
            let (client, by_hand) = (client.clone(), by_hand.clone());
            workers.spawn(async move {
                let mut failed = Vec::new();
                while let Some(number) = Some(next.fetch_add(1, Relaxed)).filter(|number| *number < sends) {
                    let (chat, text) = (&chats[number % chats.len()], number.to_string());
                    let is_sent = match ours {
                        true => client.chats().messages(chat.as_str()).send(text).await.is_ok(),
                        false => by_hand.send(chat, &text).await.is_ok(),
                    };
                    if !is_sent {
                        failed.push(number);
                    }
                }
                failed
            });
        }
        workers.join_all().await.concat()
    });
    print(&serde_json::to_string(&Sent { failed })?)
}

fn print(line: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
