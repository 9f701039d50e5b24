//! Exact counts: the difference of two runs that differ only in the number of calls, so that the start cancels out.

use std::{env, process::Command};

use anyhow::{Context, Result, ensure};

use crate::{
    name,
    report::{Report, figure, ratio},
    way::{IN_FLIGHT, PAIRS, Way},
};

/// Calls of the shorter run; the longer one has twice as many.
const CALLS: u32 = IN_FLIGHT * 8;

/// What one call costs.
pub(crate) struct Cost {
    pub(crate) instructions: f64,
    pub(crate) allocations: f64,
    bytes: f64,
}

pub(crate) fn measure(base_url: &str, report: &mut Report) -> Result<()> {
    for (in_flight, load) in [(1, "sequential"), (IN_FLIGHT, "in-flight-64")] {
        let cost = |way: Way| -> Result<Cost> {
            let cost = Cost::of(&["calls", base_url, &name(way), &in_flight.to_string()], CALLS)?;
            cost.figures(&format!("{load}/{}", name(way)));
            Ok(cost)
        };
        for (way, other, limit) in PAIRS {
            let (cost, other_cost) = (cost(way)?, cost(other)?);
            let name = format!("{load}/{}/{}", name(way), name(other));
            let instructions = cost.instructions / other_cost.instructions;
            ratio(&format!("{name}/instructions"), instructions);
            ratio(&format!("{name}/allocations"), cost.allocations / other_cost.allocations);
            if in_flight == 1 {
                report.must(&format!("{name}/instructions"), instructions, limit);
            }
        }
    }
    Ok(())
}

impl Cost {
    /// What one of the calls costs that this program makes when it is given these arguments and a number of calls.
    pub(crate) fn of(arguments: &[&str], calls: u32) -> Result<Self> {
        let per_call = |tool: &str, out: &str, before: &str, after: &str| -> Result<f64> {
            let count = |calls| {
                let said = run(tool, out, arguments, calls)?;
                number(&said, before, after).with_context(|| format!("valgrind said: {said}"))
            };
            Ok((count(2 * calls)? - count(calls)?) / f64::from(calls))
        };
        Ok(Self {
            instructions: per_call("callgrind", "--callgrind-out-file=/dev/null", "Collected : ", "\n")?,
            allocations: per_call("dhat", "--dhat-out-file=/dev/null", " bytes in ", " blocks")?,
            bytes: per_call("dhat", "--dhat-out-file=/dev/null", "Total: ", " bytes")?,
        })
    }

    pub(crate) fn figures(&self, name: &str) {
        figure(&format!("{name}/instructions"), format_args!("{:.0}", self.instructions));
        figure(&format!("{name}/allocations"), format_args!("{:.1}", self.allocations));
        figure(&format!("{name}/allocated-bytes"), format_args!("{:.0}", self.bytes));
    }
}

/// Makes the calls under a tool of valgrind; gives what it says at the end.
fn run(tool: &str, out: &str, arguments: &[&str], calls: u32) -> Result<String> {
    let output = Command::new("valgrind")
        .args([&format!("--tool={tool}"), out])
        .arg(env::current_exe()?)
        .args(arguments)
        .arg(calls.to_string())
        .output()
        .context("valgrind counts the instructions: it must be installed")?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "{said}");
    Ok(said)
}

/// The number that stands between these words first.
fn number(said: &str, before: &str, after: &str) -> Option<f64> {
    let (_, rest) = said.split_once(before)?;
    let (number, _) = rest.split_once(after)?;
    number.trim().replace(',', "").parse().ok()
}
