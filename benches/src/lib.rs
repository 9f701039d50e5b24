//! The benchmarks of the SDK: `run` is the program, and the public items are those that `benches/peers` uses too.

#![expect(
    missing_docs,
    missing_debug_implementations,
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    reason = "not published"
)]

mod by_hand;
mod chart;
mod client;
mod durable;
mod machine;
mod race;
mod receivers;
mod report;
mod sdk;
mod server;
mod space;
mod spread;
mod table;
mod valgrind;
mod way;
mod webhooks;
mod weights;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

pub use crate::{
    machine::{description, version},
    race::{Batch, CpuClock, Entry, Measure, Race, process_clock},
    receivers::{Server, load},
    server::start as start_server,
    spread::Spread,
    table::{Group, Ratio, Row, Table, Unit, Value},
    way::{IN_FLIGHT, MESSAGE_ID, Way},
    webhooks::{Body, SECRET, Task, signed_now},
};
use crate::{report::Report, space::Job};

/// Measures the client against the HTTP libraries it uses, and webhooks against their hash.
#[derive(Parser)]
struct Cli {
    /// What to measure; everything unless given.
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Instructions and allocations, counted by valgrind.
    Counts {
        /// Of what; of everything unless given.
        subject: Option<Subject>,
    },
    /// Times of one interleaved run, as tables.
    Times {
        /// Of what; of everything unless given.
        subject: Option<Subject>,
        /// Write the tables into `docs/benchmarks.md`, and their charts.
        #[arg(long)]
        write: bool,
    },
    /// The durable inbox beside the disk and the databases below it, in about three minutes. It is no part of everything.
    Durable {
        /// How often everything is measured.
        #[arg(long, default_value_t = durable::ROUNDS)]
        rounds: usize,
        /// How many seconds a transaction is idle before events are handled beside it.
        #[arg(long, default_value_t = 300)]
        idle: u64,
        /// The program of `benches/queues`, whose queues are then measured, too.
        #[arg(long)]
        queues: Option<PathBuf>,
        /// Write the table into `docs/benchmarks.md`, and its chart.
        #[arg(long)]
        write: bool,
    },
    /// Peak memory of an upload and of a long list.
    Memory,
    /// Crates, seconds of a first check and sizes of small programs, ours and those of other libraries. It takes half an
    /// hour, fetches crates, and is no part of everything.
    Weights {
        /// Only the programs whose names contain this.
        #[arg(default_value = "")]
        program: String,
    },
    /// The process whose syncs strace counts.
    #[command(hide = true)]
    Enqueue { store: PathBuf, at_once: u32, events: u32 },
    /// The calls that valgrind counts.
    #[command(hide = true)]
    Calls { base_url: String, way: Way, in_flight: u32, calls: u32 },
    /// The webhooks that valgrind counts.
    #[command(hide = true)]
    Webhooks { task: Task, body: Body, calls: u32 },
    /// The process whose time is measured.
    #[command(hide = true)]
    Rounds {
        base_url: String,
        #[arg(long)]
        write: bool,
    },
    /// The process whose memory is measured.
    #[command(hide = true)]
    Peak { base_url: String, way: Way, job: Job },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Subject {
    /// A call of the client.
    Client,
    /// A webhook, from its bytes to the event.
    Webhooks,
    /// A server that receives webhooks.
    Receivers,
}

/// Runs the program: its arguments say what is measured.
///
/// # Errors
///
/// Returns an error if something cannot be measured.
pub fn run() -> Result<ExitCode> {
    let mut report = Report::default();
    match Cli::parse().command {
        Some(Command::Calls { base_url, way, in_flight, calls }) => way.batch(&base_url, in_flight)?(calls)?,
        Some(Command::Webhooks { task, body, calls }) => task.batch(body)?(calls)?,
        Some(Command::Rounds { base_url, write }) => client::rounds(&base_url, write)?,
        Some(Command::Peak { base_url, way, job }) => space::peak(&base_url, way, job)?,
        Some(Command::Durable { rounds, idle, queues, write }) => {
            durable::measure(rounds, Duration::from_secs(idle), queues, write, &mut report)?;
        }
        Some(Command::Enqueue { store, at_once, events }) => {
            durable::enqueue_events(&store, at_once, events)?
        }
        Some(Command::Counts { subject }) => counts(subject, &mut report)?,
        Some(Command::Times { subject, write }) => times(subject, write)?,
        Some(Command::Weights { program }) => weights::measure(&program)?,
        Some(Command::Memory) => space::measure(&server::start()?, &mut report)?,
        None => {
            counts(None, &mut report)?;
            space::measure(&server::start()?, &mut report)?;
            times(None, false)?;
        }
    }
    Ok(report.exit_code())
}

fn counts(subject: Option<Subject>, report: &mut Report) -> Result<()> {
    let chosen = |this| subject.is_none_or(|subject| subject == this);
    if chosen(Subject::Webhooks) {
        webhooks::counts(report)?;
    }
    if chosen(Subject::Client) {
        valgrind::measure(&server::start()?, report)?;
    }
    Ok(())
}

fn times(subject: Option<Subject>, write: bool) -> Result<()> {
    let chosen = |this| subject.is_none_or(|subject| subject == this);
    if chosen(Subject::Webhooks) {
        webhooks::times(write)?;
    }
    if chosen(Subject::Receivers) {
        receivers::times(write)?;
    }
    if chosen(Subject::Client) {
        client::measure(&server::start()?, write)?;
    }
    Ok(())
}

/// Returns the name of a value on the command line.
pub fn name(value: impl ValueEnum + Copy) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
