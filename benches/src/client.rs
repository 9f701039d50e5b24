//! The time of a call of the client.

use std::{env, process::Command};

use anyhow::{Result, ensure};
use clap::ValueEnum;

use crate::{Entry, IN_FLIGHT, Measure, Race, Table, Way, description, name, process_clock};

const ROUNDS: usize = 101;
const CALLS: u32 = IN_FLIGHT * 4;

/// Measures in a separate process, so that its CPU time is that of the client alone.
pub(crate) fn measure(base_url: &str, write: bool) -> Result<()> {
    let mut command = Command::new(env::current_exe()?);
    command.args(["rounds", base_url]).args(write.then_some("--write"));
    ensure!(command.status()?.success(), "the measured process has failed");
    Ok(())
}

pub(crate) fn rounds(base_url: &str, write: bool) -> Result<()> {
    let mut groups = Vec::new();
    for (in_flight, load) in [(1, "one call at a time"), (IN_FLIGHT, "64 calls in flight")] {
        let entries = Way::value_variants()
            .iter()
            .map(|way| Ok(Entry::new(*way, way.batch(base_url, in_flight)?, CALLS, process_clock())));
        let race = Race::run(entries.collect::<Result<_>>()?, ROUNDS)?;
        groups.push(race.group(format!("CPU of a call, {load}"), Measure::Cpu, name, Way::over));
        groups.push(race.group(format!("calls per second, {load}"), Measure::Rate, name, Way::over));
    }
    let measured = format!("{}; {ROUNDS} rounds", description()?);
    let title = "Client: a call on each backend and by hand".to_owned();
    Table { name: "client", title, measured, groups }.publish(write)
}
