//! Several ways to do one thing, each measured once a round. A machine's speed changes while it runs, so a ratio is that of two
//! ways in the same round.

use std::time::Duration;

use anyhow::Result;
use rustix::time::{ClockId, clock_gettime};

use crate::{
    spread::Spread,
    table::{Group, Ratio, Row, Unit, Value},
};

/// Makes this many calls.
pub type Batch = Box<dyn FnMut(u32) -> Result<()>>;

/// The CPU time that has been used so far.
pub type CpuClock = Box<dyn Fn() -> Result<Duration>>;

/// One way, and the seconds that a call took in each of its rounds.
pub struct Entry<W> {
    way: W,
    prepare: Option<Batch>,
    batch: Batch,
    calls: u32,
    clock: CpuClock,
    cpu: Vec<f64>,
    wall: Vec<f64>,
}

impl<W> Entry<W> {
    /// Creates an entry that makes this many calls a round.
    pub fn new(way: W, batch: Batch, calls: u32, clock: CpuClock) -> Self {
        Self { way, prepare: None, batch, calls, clock, cpu: Vec::new(), wall: Vec::new() }
    }

    /// Sets what makes this many calls possible. It runs before each batch, and is not measured.
    #[must_use]
    pub fn prepared_by(mut self, prepare: Batch) -> Self {
        self.prepare = Some(prepare);
        self
    }

    fn prepare(&mut self, calls: u32) -> Result<()> {
        self.prepare.as_mut().map_or(Ok(()), |prepare| prepare(calls))
    }

    fn round(&mut self) -> Result<()> {
        // The way that was measured before leaves behind its caches, its heap, and threads that are still ending.
        self.prepare(self.calls / 4)?;
        (self.batch)(self.calls / 4)?;
        self.prepare(self.calls)?;
        let before = ((self.clock)()?, read(ClockId::Monotonic));
        (self.batch)(self.calls)?;
        let after = ((self.clock)()?, read(ClockId::Monotonic));
        self.cpu.push((after.0 - before.0).as_secs_f64() / f64::from(self.calls));
        self.wall.push((after.1 - before.1).as_secs_f64() / f64::from(self.calls));
        Ok(())
    }

    fn values(&self, measure: Measure) -> Vec<f64> {
        match measure {
            Measure::Cpu => self.cpu.iter().map(|seconds| seconds * 1e6).collect(),
            Measure::Wall => self.wall.iter().map(|seconds| seconds * 1e3).collect(),
            Measure::Rate => self.wall.iter().map(|seconds| 1.0 / seconds).collect(),
        }
    }
}

/// What is read from the rounds.
#[derive(Debug, Clone, Copy)]
pub enum Measure {
    /// Microseconds of the CPU.
    Cpu,
    /// Milliseconds that pass.
    Wall,
    /// Calls per second.
    Rate,
}

impl Measure {
    fn unit(self) -> Unit {
        match self {
            Self::Cpu => Unit::Microseconds,
            Self::Wall => Unit::Milliseconds,
            Self::Rate => Unit::PerSecond,
        }
    }
}

pub struct Race<W> {
    entries: Vec<Entry<W>>,
}

impl<W: Copy + PartialEq> Race<W> {
    /// Runs all entries once to warm up, and then once a round. Each round starts with another entry.
    ///
    /// # Errors
    ///
    /// Returns an error if a batch fails.
    pub fn run(entries: Vec<Entry<W>>, rounds: usize) -> Result<Self> {
        Self::run_warm(entries, rounds, || true)
    }

    /// Runs all entries to warm up, again and again until they are warm, and then once a round. Each round starts with another
    /// entry.
    pub(crate) fn run_warm(
        mut entries: Vec<Entry<W>>,
        rounds: usize,
        are_warm: impl Fn() -> bool,
    ) -> Result<Self> {
        loop {
            for entry in &mut entries {
                entry.prepare(entry.calls)?;
                (entry.batch)(entry.calls)?;
            }
            if are_warm() {
                break;
            }
        }
        let count = entries.len().max(1);
        for round in 0..rounds {
            let (before, after) = entries.split_at_mut(round % count);
            after.iter_mut().chain(before).try_for_each(Entry::round)?;
        }
        Ok(Self { entries })
    }

    /// Returns a row for each way, relative to the way that `over` returns for it.
    pub fn group(
        &self,
        title: impl Into<String>,
        measure: Measure,
        label: impl Fn(W) -> String,
        over: impl Fn(W) -> Option<W>,
    ) -> Group {
        let row = |entry: &Entry<W>| {
            let values = entry.values(measure);
            let other = over(entry.way).and_then(|way| self.entries.iter().find(|other| other.way == way));
            let ratio = other.map(|other| Ratio {
                spread: Spread::of(values.iter().zip(other.values(measure)).map(|(this, that)| this / that)),
                over: label(other.way),
            });
            Row { label: label(entry.way), value: Value::Timing(Spread::of(values)), ratio }
        };
        Group { title: title.into(), unit: measure.unit(), rows: self.entries.iter().map(row).collect() }
    }
}

/// Returns the clock of all threads of this process.
#[must_use]
pub fn process_clock() -> CpuClock {
    Box::new(|| Ok(read(ClockId::ProcessCPUTime)))
}

/// Returns the clock of all threads of this process but the calling one.
pub(crate) fn other_threads_clock() -> CpuClock {
    Box::new(|| Ok(read(ClockId::ProcessCPUTime).saturating_sub(read(ClockId::ThreadCPUTime))))
}

/// Returns the time of this clock.
pub(crate) fn read(clock: ClockId) -> Duration {
    clock_gettime(clock).try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use super::*;

    #[test]
    fn every_way_runs_once_a_round_and_each_round_starts_with_another_one() {
        let order = Rc::new(RefCell::new(String::new()));
        let entry = |way: char| {
            let order = Rc::clone(&order);
            let batch = Box::new(move |_| {
                order.borrow_mut().push(way);
                Ok(())
            });
            Entry::new(way, batch, 1, process_clock())
        };
        Race::run(vec![entry('a'), entry('b'), entry('c')], 4).unwrap();
        // Each measurement follows a shorter run of the same way.
        assert_eq!(*order.borrow(), "abc aabbcc bbccaa ccaabb aabbcc".replace(' ', ""));
    }

    #[test]
    fn a_ratio_is_the_median_of_the_ratios_of_the_rounds() {
        let entry = |way, cpu: [f64; 3]| Entry {
            cpu: cpu.to_vec(),
            ..Entry::new(way, Box::new(|_| Ok(())), 1, process_clock())
        };
        let race = Race { entries: vec![entry("slow", [2.0, 8.0, 3.0]), entry("fast", [1.0, 2.0, 3.0])] };
        let over = |way| (way == "slow").then_some("fast");
        let group = race.group("", Measure::Cpu, str::to_owned, over);
        let ratio = group.rows[0].ratio.as_ref().unwrap();
        assert_eq!((ratio.spread.median, ratio.over.as_str()), (2.0, "fast"));
        assert!(group.rows[1].ratio.is_none());
    }
}
