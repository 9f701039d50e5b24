//! The benchmark: it runs one command after the other.

use std::{
    io::{self, BufRead as _, Write as _},
    sync::atomic::{AtomicU32, Ordering},
};

use anyhow::{Context as _, Result, bail};
use tokio::{sync::Notify, task::JoinSet};

use crate::queue::Queue;

/// The small event of the benchmarks.
const BODY: &str = include_str!("../../src/webhooks/small.json");
const AT_ONCE: u32 = 64;
const CHATS: u32 = 1000;
/// Every tenth event is of the busiest chat.
const BUSY: u32 = 10;

/// Says when a number of jobs was handled.
#[derive(Debug, Default)]
pub(crate) struct Countdown {
    left: AtomicU32,
    ended: Notify,
}

impl Countdown {
    pub(crate) fn count(&self) {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.ended.notify_one();
        }
    }
}

pub(crate) async fn serve(queue: &impl Queue, countdown: &Countdown) -> Result<()> {
    done()?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (command, count) = line.split_once(' ').context("expected a command and a number")?;
        let count = count.parse()?;
        match command {
            "enqueue" => add_all(queue, count, 1).await?,
            "enqueue-64" | "fill" => add_all(queue, count, AT_ONCE).await?,
            "handle" => {
                countdown.left.store(count, Ordering::Relaxed);
                tokio::select! {
                    () = countdown.ended.notified() => {}
                    ended = queue.work() => bail!("the worker ended: {ended:?}"),
                }
            }
            _ => bail!("unknown command {command}"),
        }
        done()?;
    }
    Ok(())
}

/// Adds jobs in this many tasks, each of which waits for one job before it adds the next.
async fn add_all(queue: &impl Queue, jobs: u32, at_once: u32) -> Result<()> {
    let mut tasks = JoinSet::new();
    for task in 0..at_once {
        let queue = queue.clone();
        tasks.spawn(async move {
            for number in (task..jobs).step_by(at_once as usize) {
                let chat = if number % BUSY == 0 { 0 } else { number % CHATS };
                queue.add(&chat.to_string(), BODY.to_owned()).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(())
}

fn done() -> Result<()> {
    let mut output = io::stdout();
    writeln!(output, "done")?;
    Ok(output.flush()?)
}
