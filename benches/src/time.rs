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
        let ways = Way::value_variants().iter().map(|way| Runner::new(base_url, *way, in_flight));
        let mut runners = ways.collect::<Result<Vec<_>>>()?;
        for round in 0..ROUNDS {
            runners.rotate_left(round % 2);
            runners.iter_mut().try_for_each(Runner::round)?;
        }
        let find = |way| runners.iter().find(|runner| runner.way == way);
        for runner in &runners {
            let name = format!("{load}/{}", runner.way.name());
            let cpu = median(runner.cpu.iter().copied()) / f64::from(CALLS);
            let wall = median(runner.wall.iter().copied()) / f64::from(CALLS);
            figure(&format!("{name}/cpu-microseconds"), format_args!("{:.1}", cpu * 1e6));
            figure(&format!("{name}/calls-per-second"), format_args!("{:.0}", 1.0 / wall));
        }
        for (way, other, _) in PAIRS {
            let (Some(one), Some(another)) = (find(way), find(other)) else { continue };
            let name = format!("{load}/{}/{}", way.name(), other.name());
            ratio(&format!("{name}/cpu"), median(quotients(&one.cpu, &another.cpu)));
            ratio(&format!("{name}/calls-per-second"), median(quotients(&another.wall, &one.wall)));
        }
    }
    Ok(())
}

/// One way, and the seconds that each of its rounds took.
struct Runner {
    way: Way,
    batch: Batch,
    cpu: Vec<f64>,
    wall: Vec<f64>,
}

impl Runner {
    fn new(base_url: &str, way: Way, in_flight: u32) -> Result<Self> {
        let batch = way.batch(base_url, in_flight)?;
        batch(CALLS)?;
        Ok(Self { way, batch, cpu: Vec::new(), wall: Vec::new() })
    }

    fn round(&mut self) -> Result<()> {
        let (cpu, wall) = (read(ClockId::ProcessCPUTime), read(ClockId::Monotonic));
        (self.batch)(CALLS)?;
        self.cpu.push((read(ClockId::ProcessCPUTime) - cpu).as_secs_f64());
        self.wall.push((read(ClockId::Monotonic) - wall).as_secs_f64());
        Ok(())
    }
}

fn read(clock: ClockId) -> Duration {
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
