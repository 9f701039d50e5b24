//! Time per call. A machine's speed changes while it runs, so only ratios are worth reading: of two ways measured in
//! the same round, and of all rounds the median.

use std::{env, process::Command, time::Duration};

use anyhow::{Result, ensure};
use clap::ValueEnum;
use rustix::time::{ClockId, clock_gettime};

use crate::{
    report::{figure, ratio},
    way::{Batch, IN_FLIGHT, PAIRS, Way},
};

const ROUNDS: usize = 101;
const CALLS: u32 = IN_FLIGHT * 4;

/// Measures in a process of its own, so that its time is the client's alone.
pub(crate) fn measure(base_url: &str) -> Result<()> {
    let status = Command::new(env::current_exe()?).args(["rounds", base_url]).status()?;
    ensure!(status.success(), "the measured process has failed");
    Ok(())
}

pub(crate) fn rounds(base_url: &str) -> Result<()> {
    for (in_flight, load) in [(1, "sequential"), (IN_FLIGHT, "in-flight-64")] {
        let ways = Way::value_variants().iter().map(|way| Ok((*way, way.batch(base_url, in_flight)?)));
        let race = Race::run(ways.collect::<Result<_>>()?, CALLS, ROUNDS)?;
        race.figures(|way| format!("{load}/{}", way.name()));
        for (way, other, _) in PAIRS {
            let name = format!("{load}/{}/{}", way.name(), other.name());
            race.cpu_ratio(&format!("{name}/cpu"), way, other);
            race.rate_ratio(&format!("{name}/calls-per-second"), way, other);
        }
    }
    Ok(())
}

/// Several ways to do one thing, each measured once a round.
pub(crate) struct Race<W> {
    runners: Vec<Runner<W>>,
    calls: f64,
}

impl<W: Copy + PartialEq> Race<W> {
    pub(crate) fn run(ways: Vec<(W, Batch)>, calls: u32, rounds: usize) -> Result<Self> {
        let mut runners: Vec<_> = ways.into_iter().map(|(way, batch)| Runner::new(way, batch)).collect();
        runners.iter_mut().try_for_each(|runner| (runner.batch)(calls))?;
        for round in 0..rounds {
            runners.rotate_left(round % 2);
            runners.iter_mut().try_for_each(|runner| runner.round(calls))?;
        }
        Ok(Self { runners, calls: f64::from(calls) })
    }

    /// Prints what one call of each way takes.
    pub(crate) fn figures(&self, name: impl Fn(W) -> String) {
        for runner in &self.runners {
            let name = name(runner.way);
            let cpu = median(runner.cpu.iter().copied()) / self.calls;
            let wall = median(runner.wall.iter().copied()) / self.calls;
            figure(&format!("{name}/cpu-microseconds"), format_args!("{:.2}", cpu * 1e6));
            figure(&format!("{name}/calls-per-second"), format_args!("{:.0}", 1.0 / wall));
        }
    }

    /// Prints the CPU time of one way over that of another.
    pub(crate) fn cpu_ratio(&self, name: &str, way: W, other: W) {
        self.ratio(name, way, other, |way, other| median(quotients(&way.cpu, &other.cpu)));
    }

    /// Prints the CPU time that one way has on other threads than the one that calls, over that of another.
    pub(crate) fn server_cpu_ratio(&self, name: &str, way: W, other: W) {
        self.ratio(name, way, other, |way, other| median(quotients(&way.server_cpu, &other.server_cpu)));
    }

    /// Prints the calls per second of one way over those of another.
    pub(crate) fn rate_ratio(&self, name: &str, way: W, other: W) {
        self.ratio(name, way, other, |way, other| median(quotients(&other.wall, &way.wall)));
    }

    fn ratio(&self, name: &str, way: W, other: W, of: impl Fn(&Runner<W>, &Runner<W>) -> f64) {
        let find = |way| self.runners.iter().find(|runner| runner.way == way);
        if let (Some(one), Some(another)) = (find(way), find(other)) {
            ratio(name, of(one, another));
        }
    }
}

/// One way, and the seconds that each of its rounds took.
struct Runner<W> {
    way: W,
    batch: Batch,
    cpu: Vec<f64>,
    server_cpu: Vec<f64>,
    wall: Vec<f64>,
}

impl<W> Runner<W> {
    fn new(way: W, batch: Batch) -> Self {
        Self { way, batch, cpu: Vec::new(), server_cpu: Vec::new(), wall: Vec::new() }
    }

    fn round(&mut self, calls: u32) -> Result<()> {
        // The way that was measured before leaves behind its caches, its heap, and threads that are still ending.
        (self.batch)(calls / 4)?;
        let clocks = [ClockId::ProcessCPUTime, ClockId::ThreadCPUTime, ClockId::Monotonic];
        let before = clocks.map(read);
        (self.batch)(calls)?;
        let [process, thread, wall] = [0, 1, 2].map(|at| (read(clocks[at]) - before[at]).as_secs_f64());
        self.cpu.push(process);
        self.server_cpu.push(process - thread);
        self.wall.push(wall);
        Ok(())
    }
}

/// What this clock says.
pub(crate) fn read(clock: ClockId) -> Duration {
    clock_gettime(clock).try_into().unwrap_or_default()
}

fn quotients(these: &[f64], those: &[f64]) -> impl Iterator<Item = f64> {
    these.iter().zip(those).map(|(this, that)| this / that)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
