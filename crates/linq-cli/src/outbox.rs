//! `linq outbox`: the sends of a durable outbox.

use std::{borrow::Cow, iter};

use clap::{
    Args, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use linq::{
    durable::{ItemState, Outbox, QueueName, SendRecord, SendState},
    types::IdempotencyKey,
};
use serde::Serialize;
use serde_json::json;

use crate::{
    failure::Failure,
    queue::{Entry, Paging, Target, json_line},
    table::{self, Column},
    terminal::print,
};

/// Show the sends of a durable outbox, and send again, settle or cancel them.
///
/// Exit codes: 0 success; 1 failure, or there is no such send, the reason is on standard error; 2 invalid command line.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the records of sends, in the order of their first attempts, or the sends that wait.
    #[command(
        after_help = "Examples:\n  linq outbox list --store sqlite:bot.db\n  linq outbox list --state refused --json --store sqlite:bot.db"
    )]
    List {
        #[command(flatten)]
        queue: Queue,
        /// The state of the sends. By default, the records of all states are listed.
        #[arg(long, value_name = "STATE", value_parser = state_parser())]
        state: Option<State>,
        #[command(flatten)]
        paging: Paging,
    },
    /// Show the record of a send, and the send itself while it waits or is a dead letter.
    #[command(after_help = "Examples:\n  linq outbox show reply-8f3e2a61 --body --store sqlite:bot.db")]
    Show {
        #[command(flatten)]
        send: Send,
        /// Print the body of the request, which contains the text of a message.
        #[arg(long)]
        body: bool,
    },
    /// Send what was refused, has failed or has expired again, as a new send with a new key.
    #[command(after_help = "Examples:\n  linq outbox resend reply-8f3e2a61 --store sqlite:bot.db")]
    Resend {
        #[command(flatten)]
        send: Send,
    },
    /// Settle a send whose outcome is unknown, after you looked it up.
    #[command(after_help = "Examples:\n  linq outbox settle reply-8f3e2a61 accepted --store sqlite:bot.db")]
    Settle {
        #[command(flatten)]
        send: Send,
        /// What became of the send.
        #[arg(value_name = "OUTCOME")]
        outcome: Settled,
    },
    /// Cancel a send of which no attempt was made.
    #[command(after_help = "Examples:\n  linq outbox cancel reply-8f3e2a61 --store sqlite:bot.db")]
    Cancel {
        #[command(flatten)]
        send: Send,
    },
    /// Print how many sends wait, are being made and are dead letters, and since when the oldest waits.
    #[command(after_help = "Examples:\n  linq outbox stats --store sqlite:bot.db")]
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
    #[arg(long, value_name = "NAME", default_value = "outbox")]
    queue: String,
}

/// One send.
#[derive(Debug, Args)]
struct Send {
    #[command(flatten)]
    queue: Queue,
    /// The idempotency key of the send.
    key: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Settled {
    /// The API has executed it.
    Accepted,
    /// The API has not executed it.
    Failed,
}

/// A state by which sends are listed.
#[derive(Debug, Clone, Copy)]
enum State {
    /// The send waits, whether or not it has a record.
    Waiting,
    Recorded(SendState),
}

fn state_parser() -> impl TypedValueParser<Value = State> {
    let names = iter::once("waiting").chain(SendState::ALL.map(SendState::as_str));
    PossibleValuesParser::new(names).map(|name| {
        let recorded = SendState::ALL.into_iter().find(|state| state.as_str() == name);
        recorded.map_or(State::Waiting, State::Recorded)
    })
}

impl Arguments {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        match &self.command {
            Command::List { queue, state, paging } => queue.list(*state, paging).await,
            Command::Show { send, body } => send.show(*body).await,
            Command::Resend { send } => send.resend().await,
            Command::Settle { send, outcome } => send.settle(*outcome).await,
            Command::Cancel { send } => send.cancel().await,
            Command::Stats { queue } => queue.target.print_stats(&queue.outbox().await?.stats().await?),
        }
    }
}

impl Queue {
    async fn outbox(&self) -> Result<Outbox, Failure> {
        Ok(Outbox::from(self.target.store.open().await?).queue(&self.queue))
    }

    async fn list(&self, state: Option<State>, paging: &Paging) -> Result<(), Failure> {
        let outbox = self.outbox().await?;
        let state = match state {
            Some(State::Waiting) => {
                let read = async |after, limit| {
                    let items = outbox.waiting(after, limit).await?;
                    Ok(items.into_iter().map(|item| Entry::new(item, ItemState::Waiting, false)).collect())
                };
                return paging.print(&self.target, Entry::columns(false), |entry| entry.sequence, read).await;
            }
            Some(State::Recorded(state)) => Some(state),
            None => None,
        };
        let read = async |after, limit| {
            let records = outbox.list(state, after, limit).await?;
            Ok(records.into_iter().map(Line::from).collect())
        };
        paging.print(&self.target, Line::COLUMNS, |line| line.sequence, read).await
    }
}

impl Send {
    fn key(&self) -> IdempotencyKey {
        IdempotencyKey::from(self.key.as_str())
    }

    async fn show(&self, has_body: bool) -> Result<(), Failure> {
        let target = &self.queue.target;
        let store = target.store.open().await?;
        let item = store.find(&QueueName::from(&*self.queue.queue), &self.key).await?;
        let item = item.map(|(state, item)| Entry::new(item, state, has_body));
        let record = self.queue.outbox().await?.record(&self.key()).await?.map(Line::from);
        if item.is_none() && record.is_none() {
            return Err(not_found("no send with this key, or none in the retention"));
        }
        if target.json {
            return print(&json_line(&json!({ "record": record, "item": item })));
        }
        let record = record.map(|record| table::lines(&record, Line::COLUMNS));
        let item = item.map(|item| table::lines(&item, Entry::columns(has_body)));
        print(&record.into_iter().chain(item).collect::<Vec<_>>().join("\n"))
    }

    async fn resend(&self) -> Result<(), Failure> {
        let key = self.queue.outbox().await?.resend(&self.key()).await?;
        let key = key.ok_or_else(|| {
            not_found("no send with this key was refused, has failed or has expired; an unknown one must be settled first")
        })?;
        self.queue.target.print(key.as_str(), json!({ "key": key }))
    }

    async fn settle(&self, outcome: Settled) -> Result<(), Failure> {
        let was_accepted = outcome == Settled::Accepted;
        if !self.queue.outbox().await?.settle(&self.key(), was_accepted).await? {
            return Err(not_found("no send with this key has an unknown outcome"));
        }
        let state = if was_accepted { SendState::Accepted } else { SendState::Failed };
        self.queue.target.print(state.as_str(), json!({ "state": state }))
    }

    async fn cancel(&self) -> Result<(), Failure> {
        if !self.queue.outbox().await?.cancel(&self.key()).await? {
            return Err(not_found(
                "no send with this key waits for its first attempt; it may have been made",
            ));
        }
        self.queue.target.print(SendState::Cancelled.as_str(), json!({ "state": SendState::Cancelled }))
    }
}

/// A record, as it is printed.
#[derive(Debug, Serialize)]
struct Line {
    sequence: u64,
    #[serde(flatten)]
    record: SendRecord,
}

impl Line {
    const COLUMNS: &'static [Column<Self>] = &[
        ("SEQUENCE", |line| line.sequence.to_string().into()),
        ("KEY", |line| line.record.key.as_str().into()),
        ("OPERATION", |line| Cow::from(&line.record.operation)),
        ("STATE", |line| line.record.state.as_str().into()),
        ("DELIVERY", |line| {
            or_dash(line.record.delivery.map(|delivery| format!("{delivery:?}").to_lowercase()))
        }),
        ("MESSAGE", |line| or_dash(line.record.message_id.as_ref().map(ToString::to_string))),
        ("ADDED", |line| line.record.added_at.to_string().into()),
        ("FIRST SENT", |line| or_dash(line.record.first_sent_at.map(|time| time.to_string()))),
        ("CODE", |line| or_dash(line.record.code.map(|code| code.to_string()))),
        ("ERROR", |line| line.record.error.as_deref().unwrap_or("-").into()),
    ];
}

impl From<SendRecord> for Line {
    fn from(record: SendRecord) -> Self {
        Self { sequence: record.sequence, record }
    }
}

fn or_dash(text: Option<String>) -> Cow<'static, str> {
    text.map_or("-".into(), Into::into)
}

fn not_found(message: &str) -> Failure {
    Failure::new(message).with_kind("NotFound")
}
