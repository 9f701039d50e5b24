//! `linq inbox`: the events of a durable inbox.

use clap::{Args, Subcommand, ValueEnum};
use linq::durable::{ItemState, Ledger, QueueName, StoreError};
use serde_json::json;

use crate::{
    failure::Failure,
    queue::{Entry, Paging, Target},
};

/// Show the events of a durable inbox, and retry or drop dead letters.
///
/// Exit codes: 0 success; 1 failure, or there is no such event, the reason is on standard error; 2 invalid command line.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List events, oldest first.
    #[command(
        after_help = "Examples:\n  linq inbox list --store sqlite:bot.db\n  linq inbox list --state waiting --limit 10 --json --store sqlite:bot.db"
    )]
    List {
        #[command(flatten)]
        queue: Queue,
        /// The state of the events.
        #[arg(long, value_name = "STATE", default_value = "dead")]
        state: State,
        #[command(flatten)]
        paging: Paging,
        /// Print the bodies, which contain the text of messages.
        #[arg(long)]
        body: bool,
    },
    /// Show an event that waits, is being handled or is a dead letter.
    #[command(after_help = "Examples:\n  linq inbox show 8f3e2a61 --body --store sqlite:bot.db")]
    Show {
        #[command(flatten)]
        queue: Queue,
        /// The id of the event.
        id: String,
        /// Print the body, which contains the text of a message.
        #[arg(long)]
        body: bool,
    },
    /// Move a dead letter to the end of its chat, to be attempted as often as a new event.
    #[command(
        after_help = "Examples:\n  linq inbox retry 8f3e2a61 --store sqlite:bot.db\n  linq inbox retry --all --store sqlite:bot.db"
    )]
    Retry(Letters),
    /// Delete a dead letter with its body. Its id is still remembered.
    #[command(after_help = "Examples:\n  linq inbox drop 8f3e2a61 --store sqlite:bot.db")]
    Drop(Letters),
    /// Print how many events wait, are being handled and are dead letters, and since when the oldest waits.
    #[command(after_help = "Examples:\n  linq inbox stats --store sqlite:bot.db")]
    Stats {
        #[command(flatten)]
        queue: Queue,
    },
}

#[derive(Debug, Args)]
struct Queue {
    #[command(flatten)]
    target: Target,
    /// The name of the queue.
    #[arg(long, value_name = "NAME", default_value = "inbox")]
    queue: String,
}

/// Dead letters: one, or all.
#[derive(Debug, Args)]
struct Letters {
    #[command(flatten)]
    queue: Queue,
    /// The id of the event.
    #[arg(required_unless_present = "all")]
    id: Option<String>,
    /// All dead letters that there are now.
    #[arg(long, conflicts_with = "id")]
    all: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum State {
    /// Waiting or being handled.
    Waiting,
    /// Dead letters.
    Dead,
}

impl Arguments {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        match &self.command {
            Command::List { queue, state, paging, body } => queue.list(*state, paging, *body).await,
            Command::Show { queue, id, body } => queue.show(id, *body).await,
            Command::Retry(letters) => {
                letters.each("retried", async |store, queue, id| store.revive(queue, id).await).await
            }
            Command::Drop(letters) => {
                letters.each("dropped", async |store, queue, id| store.discard(queue, id).await).await
            }
            Command::Stats { queue } => {
                let stats = queue.target.store.open().await?.stats(&queue.name()).await?;
                queue.target.print_stats(&stats)
            }
        }
    }
}

impl Queue {
    fn name(&self) -> QueueName {
        QueueName::from(&*self.queue)
    }

    async fn list(&self, state: State, paging: &Paging, has_body: bool) -> Result<(), Failure> {
        let (store, name) = (self.target.store.open().await?, self.name());
        let state = match state {
            State::Waiting => ItemState::Waiting,
            State::Dead => ItemState::Dead,
        };
        let columns = Entry::columns(has_body);
        let read = async |after, limit| {
            let items = store.list(&name, state, after, limit).await?;
            Ok(items.into_iter().map(|item| Entry::new(item, state, has_body)).collect())
        };
        paging.print(&self.target, columns, |entry| entry.sequence, read).await
    }

    async fn show(&self, id: &str, has_body: bool) -> Result<(), Failure> {
        let found = self.target.store.open().await?.find(&self.name(), id).await?;
        let (state, item) =
            found.ok_or_else(|| not_found("no event with this id is waiting or a dead letter"))?;
        self.target.print_entry(&Entry::new(item, state, has_body), Entry::columns(has_body))
    }
}

impl Letters {
    async fn each(
        &self,
        done: &str,
        change: impl AsyncFn(&dyn Ledger, &QueueName, &str) -> Result<bool, StoreError>,
    ) -> Result<(), Failure> {
        let (store, name) = (self.queue.target.store.open().await?, self.queue.name());
        let ids = match &self.id {
            Some(id) => vec![id.clone()],
            None => dead_letters(&*store, &name).await?,
        };
        let mut changed = 0;
        for id in &ids {
            changed += u64::from(change(&*store, &name, id).await?);
        }
        if self.id.is_some() && changed == 0 {
            return Err(not_found("no dead letter with this id"));
        }
        self.queue.target.print(&format!("{done} {changed}"), json!({ done: changed }))
    }
}

/// The ids of all dead letters. Those that are retried and fail again come after the last one.
async fn dead_letters(store: &dyn Ledger, queue: &QueueName) -> Result<Vec<String>, StoreError> {
    const PAGE: usize = 100;
    let mut ids = Vec::new();
    let mut after = 0;
    loop {
        let page = store.list(queue, ItemState::Dead, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(ids) };
        after = last.sequence;
        ids.extend(page.into_iter().map(|item| item.id));
    }
}

fn not_found(message: &str) -> Failure {
    Failure::new(message).with_kind("NotFound")
}
