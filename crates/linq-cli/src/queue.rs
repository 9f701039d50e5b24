//! What the commands for the queues of a store share.

use std::borrow::Cow;

use clap::Args;
use linq::{
    durable::{Item, ItemState, Stats, StoreError},
    types::{Timestamp, escape},
};
use serde::Serialize;
use serde_json::{json, value::RawValue};

use crate::{
    failure::Failure,
    store_address::StoreAddress,
    table::{self, Column},
    terminal::{print, print_on_stderr},
};

/// The number of entries that are read at a time with `--all`.
const PAGE: usize = 500;

/// The store, and how it is printed.
#[derive(Debug, Args)]
pub(crate) struct Target {
    /// The store: sqlite:FILE, postgres://USER:PASSWORD@HOST:PORT/DATABASE or redis://USER:PASSWORD@HOST:PORT.
    ///
    /// Other users of the machine can see the command line; put an address with a password into the environment.
    #[arg(long, value_name = "ADDRESS", env = "LINQ_STORE", hide_env_values = true)]
    pub(crate) store: StoreAddress,
    /// Print JSON, one object per line.
    #[arg(long)]
    pub(crate) json: bool,
}

impl Target {
    /// Prints a result: its text, or its JSON.
    pub(crate) fn print(&self, text: &str, json: impl Serialize) -> Result<(), Failure> {
        print(&match self.json {
            true => json_line(&json),
            false => format!("{}\n", escape(text)),
        })
    }

    /// Prints an entry: a line for each column, or its JSON.
    pub(crate) fn print_entry<T: Serialize>(&self, entry: &T, columns: &[Column<T>]) -> Result<(), Failure> {
        print(&match self.json {
            true => json_line(entry),
            false => table::lines(entry, columns),
        })
    }

    pub(crate) fn print_stats(&self, stats: &Stats) -> Result<(), Failure> {
        let Stats { waiting, leased, dead, oldest, .. } = stats;
        let since = oldest.map_or("-".to_owned(), |oldest| oldest.to_string());
        print(&match self.json {
            true => {
                json_line(&json!({ "waiting": waiting, "leased": leased, "dead": dead, "oldest": oldest }))
            }
            false => format!("waiting  {waiting}\nleased   {leased}\ndead     {dead}\noldest   {since}\n"),
        })
    }
}

/// Which entries of a list are printed.
#[derive(Debug, Args)]
pub(crate) struct Paging {
    /// The largest number of entries.
    #[arg(long, value_name = "N", default_value = "50", value_parser = parse_limit)]
    limit: usize,
    /// Start after the entry with this sequence number.
    #[arg(long, value_name = "SEQUENCE", default_value = "0")]
    after: u64,
    /// Print all entries.
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

impl Paging {
    /// Prints the entries that `read` returns, which takes the sequence number to start after and the number of entries.
    pub(crate) async fn print<T: Serialize>(
        &self,
        target: &Target,
        columns: &[Column<T>],
        sequence: fn(&T) -> u64,
        read: impl AsyncFn(u64, usize) -> Result<Vec<T>, StoreError>,
    ) -> Result<(), Failure> {
        let mut after = self.after;
        let mut has_header = !target.json;
        loop {
            // One more tells whether there are more.
            let limit = if self.all { PAGE } else { self.limit };
            let mut page = read(after, limit + 1).await?;
            let has_more = page.len() > limit;
            page.truncate(limit);
            after = page.last().map_or(after, sequence);
            print(&match target.json {
                true => page.iter().map(|entry| json_line(entry)).collect(),
                false => table::table(&page, columns, has_header),
            })?;
            has_header = false;
            match (has_more, self.all, target.json) {
                (true, true, _) => {}
                (true, false, false) => {
                    return print_on_stderr(&format!("There are more: --after {after}\n"));
                }
                _ => return Ok(()),
            }
        }
    }
}

fn parse_limit(text: &str) -> Result<usize, &'static str> {
    let limit = text.parse().ok().filter(|limit| (1..=10_000).contains(limit));
    limit.ok_or("expected a number from 1 to 10000")
}

/// An item of a queue, as it is printed.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    pub(crate) sequence: u64,
    id: String,
    key: String,
    kind: String,
    state: &'static str,
    received_at: Timestamp,
    attempts: u32,
    last_error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Body>,
}

/// A body, which is JSON unless another program wrote it.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Body {
    Json(Box<RawValue>),
    Text(String),
}

impl Entry {
    const COLUMNS: &'static [Column<Self>] = &[
        ("SEQUENCE", |entry| entry.sequence.to_string().into()),
        ("ID", |entry| Cow::from(&entry.id)),
        ("KEY", |entry| Cow::from(&entry.key)),
        ("KIND", |entry| Cow::from(&entry.kind)),
        ("STATE", |entry| entry.state.into()),
        ("RECEIVED", |entry| entry.received_at.to_string().into()),
        ("ATTEMPTS", |entry| entry.attempts.to_string().into()),
        ("ERROR", |entry| entry.last_error.as_deref().unwrap_or("-").into()),
        ("BODY", |entry| match &entry.body {
            Some(Body::Json(json)) => json.get().into(),
            Some(Body::Text(text)) => text.into(),
            None => "-".into(),
        }),
    ];

    pub(crate) fn columns(has_body: bool) -> &'static [Column<Self>] {
        &Self::COLUMNS[..Self::COLUMNS.len() - usize::from(!has_body)]
    }

    pub(crate) fn new(item: Item, state: ItemState, has_body: bool) -> Self {
        let body = has_body.then(|| match serde_json::from_slice(&item.body) {
            Ok(json) => Body::Json(json),
            Err(_) => Body::Text(String::from_utf8_lossy(&item.body).into_owned()),
        });
        let state = match state {
            ItemState::Dead => "dead",
            _ => "waiting",
        };
        let Item { sequence, id, key, kind, received_at, attempts, last_error, .. } = item;
        Self { sequence, id, key, kind, state, received_at, attempts, last_error, body }
    }
}

/// One line of JSON, without characters that the terminal interprets.
pub(crate) fn json_line(value: &impl Serialize) -> String {
    // All keys are strings and all numbers finite. In JSON, line breaks occur between values only.
    let json = serde_json::to_string(value).unwrap_or_default().replace(['\n', '\r', '\t'], " ");
    format!("{}\n", escape(json))
}
