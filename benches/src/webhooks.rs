//! What a webhook costs beside the hash of its body and one scan of it as JSON.

use std::hint::black_box;

use anyhow::Result;
use bytes::Bytes;
use clap::ValueEnum;
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use linq_types::{
    Timestamp,
    events::{Envelope, Event, RawBody},
};
use linq_webhooks::{Signer, Verifier};
use rustix::time::ClockId;
use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};

use crate::{
    Batch, Entry, Measure, Race, Table, description, name, process_clock,
    race::read,
    report::{Report, ratio},
    valgrind::Cost,
};

#[cfg(test)]
mod allocations;
mod body;
mod receiving;
mod recipe;

pub use body::Body;
pub(crate) use receiving::Handler;
use receiving::{output, receiver};
pub(crate) use recipe::Recipe;

pub const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const ID: &str = "1d883680-6cdd-5d76-bd52-e1e3b671169a";
const ROUNDS: usize = 101;
/// Kilobytes that one round of a way goes through.
const KILOBYTES: usize = 2000;

/// What is done with one body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Task {
    /// SHA-256 alone.
    Sha256,
    /// HMAC-SHA256 with a key prepared before, and a scan that checks the JSON and keeps nothing.
    Floor,
    /// That scan alone.
    Scan,
    Verify,
    /// Reads a typed event that owns what it has.
    Parse,
    /// Reads the envelope alone.
    Envelope,
    VerifyAndParse,
    VerifyAndEnvelope,
    /// A delivery to a receiver that remembers no event.
    Receive,
    /// The same, of an event that the handler does not take.
    ReceiveUntaken,
    /// What is written without this SDK: the crate `standardwebhooks`, and enums tagged by serde.
    Recipe,
}

/// The most instructions that reading may take, where the scan takes 1.
const INSTRUCTIONS: [(Task, Body, f64); 4] = [
    (Task::Parse, Body::Small, 1.85),
    (Task::Parse, Body::Big, 2.2),
    (Task::Envelope, Body::Small, 1.0),
    (Task::Envelope, Body::Big, 1.0),
];

/// What is left of receiving without verification, in relation to reading alone, and the most that it may be.
const RECEIVING: [(Task, Task, f64); 2] =
    [(Task::Receive, Task::Parse, 1.1), (Task::ReceiveUntaken, Task::Envelope, 1.2)];

/// What the worst order of keys may cost, where the best costs 1.
const WORST_ORDER: f64 = 1.3;

impl Task {
    /// Returns what the time is compared with.
    fn over(self) -> Option<Self> {
        match self {
            Self::Verify => Some(Self::Sha256),
            Self::VerifyAndParse
            | Self::VerifyAndEnvelope
            | Self::Receive
            | Self::ReceiveUntaken
            | Self::Recipe => Some(Self::Floor),
            Self::Parse | Self::Envelope => Some(Self::Scan),
            Self::Sha256 | Self::Floor | Self::Scan => None,
        }
    }

    /// Returns what does it this many times.
    ///
    /// # Errors
    ///
    /// Returns an error if the body cannot be signed.
    pub fn batch(self, body: Body) -> Result<Batch> {
        let body = body.bytes()?;
        let verifier = Verifier::new(SECRET)?;
        let signed_at = signed_at()?;
        let headers = Signer::new(SECRET)?.headers(ID, signed_at, &body)?;
        let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes())?;
        Ok(match self {
            Self::Sha256 => repeat(move || {
                black_box(Sha256::digest(&body));
                Ok(())
            }),
            Self::Floor => repeat(move || {
                let mut mac = mac.clone();
                mac.update(&body);
                black_box(mac.finalize());
                black_box(serde_json::from_slice::<IgnoredAny>(&body)?);
                Ok(())
            }),
            Self::Scan => repeat(move || {
                black_box(serde_json::from_slice::<IgnoredAny>(&body)?);
                Ok(())
            }),
            Self::Verify => repeat(move || {
                black_box(verifier.verify_at(&headers, body.clone(), signed_at)?);
                Ok(())
            }),
            Self::Parse => repeat(move || {
                black_box(Event::parse_unverified(RawBody::new(body.clone()))?);
                Ok(())
            }),
            Self::Envelope => repeat(move || {
                black_box(Envelope::parse_unverified(&body)?);
                Ok(())
            }),
            Self::VerifyAndParse => repeat(move || {
                black_box(verifier.verify_at(&headers, body.clone(), signed_at)?.parse()?);
                Ok(())
            }),
            Self::VerifyAndEnvelope => repeat(move || {
                black_box(verifier.verify_at(&headers, body.clone(), signed_at)?.envelope()?);
                Ok(())
            }),
            Self::Receive => {
                let receiver = receiver::<true>()?;
                repeat(move || {
                    black_box(output(receiver.receive_at(&headers, body.clone(), signed_at))??);
                    Ok(())
                })
            }
            Self::ReceiveUntaken => {
                let receiver = receiver::<false>()?;
                repeat(move || {
                    black_box(output(receiver.receive_at(&headers, body.clone(), signed_at))??);
                    Ok(())
                })
            }
            Self::Recipe => {
                let recipe = Recipe::new(SECRET)?;
                let headers = signed_now(&body)?;
                repeat(move || {
                    black_box(recipe.read(&headers, &body)?);
                    Ok(())
                })
            }
        })
    }
}

fn repeat(call: impl Fn() -> Result<()> + 'static) -> Batch {
    Box::new(move |calls| (0..calls).try_for_each(|_| call()))
}

/// Returns the time of the signatures, at which they are also verified.
fn signed_at() -> Result<Timestamp> {
    Ok(Timestamp::from_unix(1_790_000_000, 0)?)
}

/// Signs the body with the current time.
///
/// # Errors
///
/// Returns an error if the clock is before 1970.
pub fn signed_now(body: &Bytes) -> Result<HeaderMap> {
    let now = Timestamp::from_unix(read(ClockId::Realtime).as_secs().try_into()?, 0)?;
    Ok(Signer::new(SECRET)?.headers(ID, now, body)?)
}

/// Measures times in this process.
pub(crate) fn times(write: bool) -> Result<()> {
    let mut groups = Vec::new();
    for body in [Body::Small, Body::Big] {
        let entries = Task::value_variants().iter().map(|task| entry(*task, body, *task));
        let race = Race::run(entries.collect::<Result<_>>()?, ROUNDS)?;
        groups.push(race.group(format!("{} event", name(body)), Measure::Cpu, name, Task::over));
    }
    for orders in Body::ORDERS {
        let entries = orders.iter().map(|body| entry(Task::VerifyAndParse, *body, *body));
        let race = Race::run(entries.collect::<Result<_>>()?, ROUNDS)?;
        let over = |body| (body != orders[0]).then_some(orders[0]);
        let title = format!("order of keys, {} event", name(orders[1]));
        groups.push(race.group(title, Measure::Cpu, name, over));
    }
    let measured = format!("{}; {ROUNDS} rounds", description()?);
    let title = "Webhooks: CPU time of an event".to_owned();
    Table { name: "webhooks", title, measured, groups }.publish(write)
}

fn entry<W>(task: Task, body: Body, way: W) -> Result<Entry<W>> {
    let calls = u32::try_from(KILOBYTES * 1000 / body.bytes()?.len())?;
    Ok(Entry::new(way, task.batch(body)?, calls, process_clock()))
}

/// Counts instructions and allocations. The hash is left out: valgrind does not know the instructions made for it.
pub(crate) fn counts(report: &mut Report) -> Result<()> {
    let cost = |task: Task, body: Body| -> Result<Cost> {
        let cost = Cost::of(&["webhooks", &name(task), &name(body)], 64)?;
        cost.figures(&format!("webhooks/{}/{}", name(body), name(task)));
        Ok(cost)
    };
    for (task, body, limit) in INSTRUCTIONS {
        let (reading, scan) = (cost(task, body)?, cost(Task::Scan, body)?);
        let name = format!("webhooks/{}/{}/scan/instructions", name(body), name(task));
        report.must(&name, reading.instructions / scan.instructions, limit);
    }
    let verification = cost(Task::Verify, Body::Small)?.instructions;
    for (receiving, reading, limit) in RECEIVING {
        let beyond_verification = cost(receiving, Body::Small)?.instructions - verification;
        let line =
            format!("webhooks/small/{}/without-verify/{}/instructions", name(receiving), name(reading));
        report.must(&line, beyond_verification / cost(reading, Body::Small)?.instructions, limit);
    }
    for orders in Body::ORDERS {
        let costs = orders.iter().map(|body| Ok(cost(Task::Parse, *body)?.instructions));
        let costs: Vec<f64> = costs.collect::<Result<_>>()?;
        let best = costs.iter().copied().fold(f64::INFINITY, f64::min);
        let worst = costs.iter().copied().fold(0.0, f64::max);
        for (body, cost) in orders.iter().zip(&costs) {
            ratio(&format!("webhooks/parse/{}/best-order/instructions", name(*body)), cost / best);
        }
        report.must(
            &format!("webhooks/parse/{}/worst-order/best-order/instructions", name(orders[0])),
            worst / best,
            WORST_ORDER,
        );
    }
    Ok(())
}
