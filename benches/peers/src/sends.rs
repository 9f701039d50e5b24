//! What comes of many sends while requests fail. The state of the sandbox says what was sent.

use std::{collections::HashMap, time::Duration};

use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;
use linq_benches::{Group, Row, Unit, Value};
use linq_core::types::parts::PartResponse;
use linq_sandbox::Sandbox;
use tokio::runtime::Runtime;

use crate::{
    Effort,
    work::{Plan, Sent},
    worker::{Peer, Programs},
};

/// The share of the requests that each fault hits: 30 % altogether.
const FAULTS: [(&str, f64); 6] =
    [("lost-ack", 0.08), ("truncated", 0.04), ("cut", 0.06), ("500", 0.05), ("503", 0.05), ("html", 0.02)];
/// The API accepts 30 messages a minute to one person.
const SENDS_PER_CHAT: usize = 10;

/// What came of the sends of a peer.
struct Counts {
    doubled: usize,
    failed: usize,
    failed_but_sent: usize,
}

pub(crate) fn measure(programs: &Programs, effort: &Effort) -> Result<Vec<Group>> {
    let peers = Peer::value_variants().iter();
    let counts = peers.map(|peer| Ok((*peer, run(programs, *peer, effort.sends)?)));
    let counts: Vec<_> = counts.collect::<Result<_>>()?;
    let group = |what: &str, of: fn(&Counts) -> usize| {
        let row = |(peer, counts): &(Peer, Counts)| Row {
            label: programs.label(*peer),
            value: Value::Count(of(counts)),
            ratio: None,
        };
        Group {
            title: format!("{} sends, 30 % of the requests fail: {what}", effort.sends),
            unit: Unit::Number,
            rows: counts.iter().map(row).collect(),
        }
    };
    Ok(vec![
        group("messages sent twice", |counts| counts.doubled),
        group("sends that return an error", |counts| counts.failed),
        group("of these, messages sent all the same", |counts| counts.failed_but_sent),
    ])
}

fn run(programs: &Programs, peer: Peer, sends: usize) -> Result<Counts> {
    let runtime = Runtime::new()?;
    let _context = runtime.enter();
    let sandbox = runtime.block_on(Sandbox::builder().seed(1).start())?;
    let chats = (0..sends.div_ceil(SENDS_PER_CHAT)).map(|person| {
        let said = sandbox.person(format!("+1202555{person:04}")).says("Hello?")?;
        Ok(said.chat_id.to_string())
    });
    let chats = chats.collect::<Result<_>>()?;
    // Each fault is drawn only if none of those before it hits the request.
    let mut spared = 1.0;
    for (fault, share) in FAULTS {
        sandbox.inject_fault(format!("chats.messages.send: {fault} {}", share / spared).parse()?)?;
        spared -= share;
    }
    let mut worker = programs.start(peer, &["send"], &[sandbox.base_url(), sandbox.api_key()])?;
    let Sent { failed } =
        serde_json::from_str(&worker.ask(&serde_json::to_string(&Plan { chats, sends })?)?)?;
    // A request that was given up may still be executed.
    runtime.block_on(tokio::time::sleep(Duration::from_millis(500)));

    let mut sent = HashMap::<usize, usize>::new();
    for message in sandbox.sent() {
        let [PartResponse::Text(text)] = &message.parts[..] else { continue };
        *sent.entry(text.value.parse().context("unexpected message")?).or_default() += 1;
    }
    let lost = (0..sends).find(|number| !failed.contains(number) && !sent.contains_key(number));
    ensure!(lost.is_none(), "{peer:?} reports a message as sent that was not: {lost:?}");
    Ok(Counts {
        doubled: sent.values().map(|count| count - 1).sum(),
        failed: failed.len(),
        failed_but_sent: failed.iter().filter(|number| sent.contains_key(number)).count(),
    })
}
