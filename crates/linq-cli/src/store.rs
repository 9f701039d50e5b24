//! `linq store`: the database of inbox and outbox.

use std::borrow::Cow;

use clap::{Args, Subcommand};
use linq::durable::{QueueName, Retention};
use serde_json::{Map, Value, json};

use crate::{
    failure::Failure,
    queue::{Target, json_line},
    table,
    terminal::print,
};

/// The number of entries of each kind that are deleted at a time.
const PIECE: usize = 500;

/// Create, migrate, check or sweep the store of inbox and outbox.
///
/// Exit codes: 0 success; 1 failure, the reason is on standard error; 2 invalid command line.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create the schema, or bring it to the newest version. Processes of the older version go on working.
    #[command(
        after_help = "Examples:\n  linq store migrate --store sqlite:bot.db\n  linq store migrate --print --store sqlite:bot.db"
    )]
    Migrate {
        #[command(flatten)]
        target: Target,
        /// Print the SQL that creates the schema, and do not connect.
        #[arg(long, conflicts_with = "json")]
        print: bool,
    },
    /// Check the schema, and print its version and the settings that durability depends on.
    #[command(after_help = "Examples:\n  linq store check --store sqlite:bot.db")]
    Check {
        #[command(flatten)]
        target: Target,
    },
    /// Delete what is older than the default retention, in small pieces. Workers do so once a minute.
    ///
    /// That is 7 days for the ids of what is done, and 30 days for dead letters and records.
    #[command(
        after_help = "Examples:\n  linq store sweep --queue inbox --queue outbox --store sqlite:bot.db"
    )]
    Sweep {
        #[command(flatten)]
        target: Target,
        /// A queue. Can be repeated.
        #[arg(
            long = "queue",
            value_name = "NAME",
            default_values = ["inbox", "outbox", "outbox.messages", "handled"]
        )]
        queues: Vec<String>,
    },
}

impl Arguments {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        match &self.command {
            Command::Migrate { target, print: true } => print(&target.store.migrations()?),
            Command::Migrate { target, print: false } => {
                let version = target.store.migrate().await?;
                let text =
                    version.map_or("no schema".to_owned(), |version| format!("schema version {version}"));
                target.print(&text, json!({ "schema_version": version }))
            }
            Command::Check { target } => {
                let settings = target.store.check().await?;
                print_pairs(target, settings.into_iter().map(|(name, value)| (name.into(), value.into())))
            }
            Command::Sweep { target, queues } => {
                let store = target.store.open().await?;
                let retention = Retention::default();
                let mut deleted = Vec::new();
                for queue in queues {
                    let name = QueueName::from(&**queue);
                    let mut count = 0;
                    while let swept @ 1.. = store.sweep(&name, &retention, PIECE).await? {
                        count += swept;
                    }
                    deleted.push((Cow::from(queue), Value::from(count)));
                }
                print_pairs(target, deleted.into_iter())
            }
        }
    }
}

/// Prints names and values: a line for each, or an object.
fn print_pairs<'a>(
    target: &Target,
    pairs: impl Iterator<Item = (Cow<'a, str>, Value)>,
) -> Result<(), Failure> {
    if target.json {
        let object: Map<_, _> = pairs.map(|(name, value)| (name.into_owned(), value)).collect();
        return print(&json_line(&object));
    }
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let rows: Vec<_> = pairs.map(|(name, value)| [name.into_owned(), text(&value)]).collect();
    print(&table::table(&rows, &[("", |row| (&row[0]).into()), ("", |row| (&row[1]).into())], false))
}
