//! How often SQLite syncs the file for each event, counted by the kernel's own list of calls.

use std::{env, path::Path, process::Command};

use anyhow::{Context as _, Result, ensure};
use linq_durable::Inbox;
use tokio::runtime::Builder;

use super::{AT_ONCE, Setup, enqueue::put_all, events::Events};
use crate::{Group, Row, Spread, Unit, Value, report::Report};

/// Events of the shorter run; the longer one has twice as many, so that the start cancels out.
const EVENTS: u32 = AT_ONCE * 32;
/// The most syncs of an event that is stored together with 63 others.
pub(super) const MOST: f64 = 1.0 / 16.0;

pub(super) fn measure(setup: &Setup, report: &mut Report) -> Result<Group> {
    let mut rows = Vec::new();
    for (label, at_once) in [("SQLite", 1), ("SQLite, 64 at once", AT_ONCE)] {
        let count = |events| count(&setup.path(&format!("synced-{at_once}-{events}")), at_once, events);
        let syncs = (count(2 * EVENTS)? - count(EVENTS)?) / f64::from(EVENTS);
        if at_once > 1 {
            report.must("durable/sqlite/64-at-once/syncs-per-event", syncs, MOST);
        }
        rows.push(Row { label: label.to_owned(), value: Value::Timing(Spread::of([syncs])), ratio: None });
    }
    Ok(Group { title: "syncs per event".to_owned(), unit: Unit::Number, rows })
}

/// Counts the syncs of a process that stores this many events.
fn count(store: &Path, at_once: u32, events: u32) -> Result<f64> {
    let summary = store.with_extension("strace");
    let output = Command::new("strace")
        .args(["-f", "--seccomp-bpf", "-c", "-e", "trace=fsync,fdatasync", "-o"])
        .arg(&summary)
        .arg(env::current_exe()?)
        .arg("enqueue")
        .arg(store)
        .args([at_once.to_string(), events.to_string()])
        .output()
        .context("strace counts the syncs: it must be installed")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    calls(&std::fs::read_to_string(summary)?)
}

/// Adds up the column `calls` of the summary of strace.
fn calls(summary: &str) -> Result<f64> {
    let calls = summary.lines().filter(|line| line.ends_with("sync")).map(|line| {
        let calls = line.split_whitespace().nth(3).context("the summary of strace has no calls")?;
        Ok(calls.parse::<f64>()?)
    });
    calls.sum()
}

/// Stores events in a new SQLite store. The process whose syncs are counted does this.
pub(crate) fn enqueue_events(store: &Path, at_once: u32, events: u32) -> Result<()> {
    let inbox = Inbox::new(linq_sqlite::Store::open(store)?);
    let events = Events::default().next(events)?;
    Builder::new_multi_thread().enable_all().build()?.block_on(put_all(inbox, events, at_once))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calls_of_both_kinds_are_added_up() {
        let summary = "\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 99.10    0.401000         200      2005           fdatasync
  0.90    0.003600         300        12         1 fsync
------ ----------- ----------- --------- --------- ----------------
100.00    0.404600         200      2017         1 total
";
        assert_eq!(calls(summary).unwrap(), 2017.0);
    }
}
