//! What the client costs beside the HTTP library it uses: see `benches/README.md`.

mod by_hand;
mod report;
mod sdk;
mod server;
mod space;
mod time;
mod valgrind;
mod way;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::{report::Report, space::Job, way::Way};

/// Measures the client against the HTTP libraries it uses.
#[derive(Parser)]
struct Cli {
    /// What to measure; everything unless given.
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Instructions and allocations per call, counted by valgrind.
    Counts,
    /// Time per call, as ratios in one interleaved run.
    Times,
    /// Peak memory of an upload and of a long list.
    Memory,
    /// The calls that valgrind counts.
    #[command(hide = true)]
    Calls { base_url: String, way: Way, in_flight: u32, calls: u32 },
    /// The process whose time is measured.
    #[command(hide = true)]
    Rounds { base_url: String },
    /// The process whose memory is measured.
    #[command(hide = true)]
    Peak { base_url: String, way: Way, job: Job },
}

fn main() -> Result<ExitCode> {
    match Cli::parse().command {
        Some(Command::Calls { base_url, way, in_flight, calls }) => way.batch(&base_url, in_flight)?(calls)?,
        Some(Command::Rounds { base_url }) => time::rounds(&base_url)?,
        Some(Command::Peak { base_url, way, job }) => space::peak(&base_url, way, job)?,
        chosen => return measure(chosen.as_ref()),
    }
    Ok(ExitCode::SUCCESS)
}

fn measure(chosen: Option<&Command>) -> Result<ExitCode> {
    let base_url = server::start()?;
    let mut report = Report::default();
    if matches!(chosen, None | Some(Command::Counts)) {
        valgrind::measure(&base_url, &mut report)?;
    }
    if matches!(chosen, None | Some(Command::Memory)) {
        space::measure(&base_url, &mut report)?;
    }
    if matches!(chosen, None | Some(Command::Times)) {
        time::measure(&base_url)?;
    }
    Ok(report.exit_code())
}
