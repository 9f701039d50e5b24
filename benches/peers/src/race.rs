//! The rows with times: all peers in turn, each in a process of its own.

use std::net::SocketAddr;

use anyhow::Result;
use clap::ValueEnum;
use linq_benches::{Batch, Body, CpuClock, Entry, Group, IN_FLIGHT, Measure, Race, load, name, start_server};

use crate::{
    Effort,
    worker::{Peer, Programs},
};

pub(crate) fn verify(programs: &Programs, effort: &Effort) -> Result<Vec<Group>> {
    let mut groups = Vec::new();
    for body in [Body::Small, Body::Big] {
        let race = race(effort, |peer| {
            let worker = programs.start(peer, &["verify", &name(body)], &[])?;
            let clock = worker.clock()?;
            entry(peer, worker.batch(), clock, effort, 1)
        })?;
        let title = format!("verify and read an event of {} bytes: CPU", body.bytes()?.len());
        groups.push(race.group(title, Measure::Cpu, |peer| programs.label(peer), Peer::over));
    }
    Ok(groups)
}

pub(crate) fn get(programs: &Programs, effort: &Effort) -> Result<Vec<Group>> {
    let base_url = start_server()?;
    let race = race(effort, |peer| {
        // The programs of other languages read the base URL from the environment.
        let job: &[&str] = match peer {
            Peer::Python | Peer::Node => &["get"],
            Peer::Recipe | Peer::Ours => &["get", &base_url],
        };
        let worker = programs.start(peer, job, &[&base_url, "key"])?;
        let clock = worker.clock()?;
        entry(peer, worker.batch(), clock, effort, 1)
    })?;
    let group = |title, measure| race.group(title, measure, |peer| programs.label(peer), Peer::over);
    Ok(vec![
        group("GET with 940 bytes of JSON: CPU", Measure::Cpu),
        group("GET with 940 bytes of JSON: calls per second", Measure::Rate),
    ])
}

pub(crate) fn receive(programs: &Programs, effort: &Effort) -> Result<Vec<Group>> {
    let race = race(effort, |peer| {
        let mut worker = programs.start(peer, &["receive"], &[])?;
        let clock = worker.clock()?;
        let address = SocketAddr::from(([127, 0, 0, 1], worker.line()?.parse()?));
        let mut load = load(address)?;
        let batch = Box::new(move |requests| {
            let _running = &worker;
            load(requests)
        });
        entry(peer, batch, clock, effort, IN_FLIGHT)
    })?;
    let group = |title, measure| race.group(title, measure, |peer| programs.label(peer), Peer::over);
    Ok(vec![
        group("receive webhooks: requests per second", Measure::Rate),
        group("receive webhooks: CPU of a request", Measure::Cpu),
    ])
}

fn race(effort: &Effort, start: impl Fn(Peer) -> Result<Entry<Peer>>) -> Result<Race<Peer>> {
    let entries = Peer::value_variants().iter().map(|peer| start(*peer));
    Race::run(entries.collect::<Result<_>>()?, effort.rounds)
}

/// Returns an entry whose rounds take about as long as they should, in CPU time of the peer. Until that is known, the peer
/// warms up. `step` divides the number of calls.
fn entry(peer: Peer, mut batch: Batch, clock: CpuClock, effort: &Effort, step: u32) -> Result<Entry<Peer>> {
    let mut calls = step;
    loop {
        let before = clock()?;
        batch(calls)?;
        if clock()? - before >= effort.round {
            return Ok(Entry::new(peer, batch, calls, clock));
        }
        calls *= 2;
    }
}
