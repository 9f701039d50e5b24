//! The ways to make one and the same call.

use std::{hint::black_box, sync::Arc, thread};

use anyhow::{Result, anyhow};
use clap::ValueEnum;
use linq_core::types::messages::Message;
use linq_hyper::HyperBackend;
use linq_reqwest::ReqwestBackend;
use linq_ureq::UreqBackend;
use tokio::{runtime::Builder, task::JoinSet};

use crate::{Batch, by_hand, sdk};

pub const MESSAGE_ID: &str = "69a37c7d-af4f-4b5e-af42-e28e98ce873a";
/// How many calls are under way at a time where many are.
pub const IN_FLIGHT: u32 = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Way {
    Reqwest,
    ReqwestByHand,
    ReqwestJsonByHand,
    Hyper,
    HyperByHand,
    Ureq,
    UreqByHand,
}

/// What is compared in instructions: the first in relation to the second, and the most that it may be.
pub(crate) const PAIRS: [(Way, Way, f64); 4] = [
    (Way::Reqwest, Way::ReqwestByHand, 1.05),
    (Way::Hyper, Way::HyperByHand, 1.05),
    (Way::Ureq, Way::UreqByHand, 1.05),
    (Way::Hyper, Way::ReqwestJsonByHand, 0.60),
];

impl Way {
    /// Returns what the time of a call is compared with.
    pub(crate) fn over(self) -> Option<Self> {
        match self {
            Self::Reqwest => Some(Self::ReqwestByHand),
            Self::Hyper => Some(Self::HyperByHand),
            Self::Ureq => Some(Self::UreqByHand),
            Self::ReqwestJsonByHand => Some(Self::Hyper),
            Self::ReqwestByHand | Self::HyperByHand | Self::UreqByHand => None,
        }
    }

    /// Returns what makes calls, with this many in flight.
    ///
    /// # Errors
    ///
    /// Returns an error if the client cannot be created.
    pub fn batch(self, base_url: &str, in_flight: u32) -> Result<Batch> {
        match self {
            Self::Reqwest => asynchronous(in_flight, sdk::client(base_url, ReqwestBackend::new()?)?),
            Self::ReqwestByHand => asynchronous(in_flight, by_hand::Reqwest::new(base_url)?),
            Self::ReqwestJsonByHand => {
                asynchronous(in_flight, by_hand::ReqwestJson(by_hand::Reqwest::new(base_url)?))
            }
            Self::Hyper => asynchronous(in_flight, sdk::client(base_url, HyperBackend::http())?),
            Self::HyperByHand => asynchronous(in_flight, by_hand::Hyper::new(base_url)),
            Self::Ureq => Ok(blocking(in_flight, sdk::blocking_client(base_url, UreqBackend::new())?)),
            Self::UreqByHand => Ok(blocking(in_flight, by_hand::Ureq::new(base_url))),
        }
    }
}

/// The call on an asynchronous client.
pub(crate) trait Get: Send + Sync + 'static {
    fn get(&self) -> impl Future<Output = Result<Message>> + Send;
}

/// The call on a client that blocks.
pub(crate) trait BlockingGet: Send + Sync + 'static {
    fn get(&self) -> Result<Message>;
}

fn asynchronous(in_flight: u32, client: impl Get) -> Result<Batch> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let client = Arc::new(client);
    Ok(Box::new(move |calls| {
        runtime.block_on(async {
            let mut tasks = JoinSet::new();
            for _ in 0..in_flight {
                let client = Arc::clone(&client);
                tasks.spawn(async move {
                    for _ in 0..calls / in_flight {
                        black_box(client.get().await?);
                    }
                    anyhow::Ok(())
                });
            }
            while let Some(task) = tasks.join_next().await {
                task??;
            }
            Ok(())
        })
    }))
}

fn blocking(in_flight: u32, client: impl BlockingGet) -> Batch {
    Box::new(move |calls| {
        let work = || {
            for _ in 0..calls / in_flight {
                black_box(client.get()?);
            }
            anyhow::Ok(())
        };
        thread::scope(|scope| {
            let threads: Vec<_> = (0..in_flight).map(|_| scope.spawn(work)).collect();
            threads
                .into_iter()
                .try_for_each(|thread| thread.join().map_err(|_| anyhow!("a thread has panicked"))?)
        })
    })
}
