//! The SDK beside the official SDKs of other languages and the usual Rust code, in one table. Started by `run`.

mod race;
mod recipe;
mod sends;
mod startup;
mod work;
mod worker;

use std::{path::PathBuf, time::Duration};

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};
use linq_benches::{Group, Table, description};

use crate::{
    work::Job,
    worker::{Peer, Programs},
};

/// Measures the SDK beside the official SDKs of other languages and the usual Rust code, and prints a table.
#[derive(Parser)]
#[command(name = "benches/peers/run", args_conflicts_with_subcommands = true)]
struct Cli {
    /// What to measure; everything unless given.
    #[arg(conflicts_with = "write")]
    rows: Vec<Subject>,
    /// Take less than three minutes: few and short rounds, and a tenth of the sends.
    #[arg(long)]
    quick: bool,
    /// Write the table into `docs/benchmarks.md`, and its chart.
    #[arg(long)]
    write: bool,
    /// Where `run` installs the packages of Python and Node.
    #[arg(long, hide = true, default_value = ".")]
    installed: PathBuf,
    /// The command line of this SDK.
    #[arg(long, hide = true, default_value = "linq")]
    linq: PathBuf,
    /// Why the official command line is not installed.
    #[arg(long, hide = true)]
    no_official_cli: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// The process of a peer written in Rust.
    #[command(hide = true)]
    Work {
        peer: Peer,
        #[command(subcommand)]
        job: Job,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Subject {
    /// Verifying a webhook and reading its event.
    Verify,
    /// A GET with a typed response.
    Get,
    /// A server that receives webhooks.
    Receive,
    /// Messages sent while requests fail.
    Send,
    /// The start of the command line.
    Startup,
}

/// How long and how often everything is measured.
struct Effort {
    rounds: usize,
    /// In CPU time of the peer.
    round: Duration,
    sends: usize,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    if let Some(Command::Work { peer, job }) = cli.command {
        return job.run(peer);
    }
    let effort = match cli.quick {
        true => Effort { rounds: 5, round: Duration::from_millis(100), sends: 200 },
        false => Effort { rounds: 21, round: Duration::from_millis(200), sends: 2000 },
    };
    let programs = Programs::new(cli.installed, cli.linq, cli.no_official_cli)?;
    let chosen = |subject| cli.rows.is_empty() || cli.rows.contains(&subject);
    let mut groups = Vec::<Group>::new();
    if chosen(Subject::Verify) {
        groups.extend(race::verify(&programs, &effort)?);
    }
    if chosen(Subject::Get) {
        groups.extend(race::get(&programs, &effort)?);
    }
    if chosen(Subject::Receive) {
        groups.extend(race::receive(&programs, &effort)?);
    }
    if chosen(Subject::Send) {
        groups.extend(sends::measure(&programs, &effort)?);
    }
    if chosen(Subject::Startup) {
        groups.extend(startup::measure(&programs, &effort)?);
    }
    let Effort { rounds, round, sends } = effort;
    let measured = format!(
        "{}, {}; {rounds} rounds of about {} ms of CPU time; {sends} sends",
        description()?,
        programs.versions(),
        round.as_millis()
    );
    Table { name: "peers", title: "This SDK and others".to_owned(), measured, groups }.publish(cli.write)
}
