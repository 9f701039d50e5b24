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
    report::{Report, ratio},
    time::{Race, read},
    valgrind::Cost,
    way::Batch,
};

#[cfg(test)]
mod allocations;
mod body;
mod receiving;
mod recipe;

pub(crate) use body::Body;
pub(crate) use receiving::Handler;
use receiving::{output, receiver};
use recipe::Recipe;

pub(crate) const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const ID: &str = "1d883680-6cdd-5d76-bd52-e1e3b671169a";
const ROUNDS: usize = 101;
/// Kilobytes that one round of a way goes through.
const KILOBYTES: usize = 2000;

/// What is done with one body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Task {
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

/// What is compared in time: the first in relation to the second.
const TIMES: [(Task, Task); 5] = [
    (Task::Verify, Task::Sha256),
    (Task::VerifyAndParse, Task::Floor),
    (Task::VerifyAndEnvelope, Task::Floor),
    (Task::Recipe, Task::Floor),
    (Task::Parse, Task::Scan),
];

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
    /// The name on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    pub(crate) fn batch(self, body: Body) -> Result<Batch> {
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
pub(crate) fn signed_now(body: &Bytes) -> Result<HeaderMap> {
    let now = Timestamp::from_unix(read(ClockId::Realtime).as_secs().try_into()?, 0)?;
    Ok(Signer::new(SECRET)?.headers(ID, now, body)?)
}

/// Measures times in this process.
pub(crate) fn times() -> Result<()> {
    for body in [Body::Small, Body::Big] {
        let calls = u32::try_from(KILOBYTES * 1000 / body.bytes()?.len())?;
        let ways = Task::value_variants().iter().map(|task| Ok((*task, task.batch(body)?)));
        let race = Race::run(ways.collect::<Result<_>>()?, calls, ROUNDS)?;
        race.figures(|task| format!("webhooks/{}/{}", body.name(), task.name()));
        for (task, other) in TIMES {
            let name = format!("webhooks/{}/{}/{}/cpu", body.name(), task.name(), other.name());
            race.cpu_ratio(&name, task, other);
        }
    }
    for orders in Body::ORDERS {
        let ways = orders.iter().map(|body| Ok((*body, Task::VerifyAndParse.batch(*body)?)));
        let calls = u32::try_from(KILOBYTES * 1000 / orders[0].bytes()?.len())?;
        let race = Race::run(ways.collect::<Result<_>>()?, calls, ROUNDS)?;
        for body in &orders[1..] {
            let name = format!("webhooks/verify-and-parse/{}/{}/cpu", body.name(), orders[0].name());
            race.cpu_ratio(&name, *body, orders[0]);
        }
    }
    Ok(())
}

/// Counts instructions and allocations. The hash is left out: valgrind does not know the instructions made for it.
pub(crate) fn counts(report: &mut Report) -> Result<()> {
    let cost = |task: Task, body: Body| -> Result<Cost> {
        let cost = Cost::of(&["webhooks", &task.name(), &body.name()], 64)?;
        cost.figures(&format!("webhooks/{}/{}", body.name(), task.name()));
        Ok(cost)
    };
    for (task, body, limit) in INSTRUCTIONS {
        let (reading, scan) = (cost(task, body)?, cost(Task::Scan, body)?);
        let name = format!("webhooks/{}/{}/scan/instructions", body.name(), task.name());
        report.must(&name, reading.instructions / scan.instructions, limit);
    }
    let verification = cost(Task::Verify, Body::Small)?.instructions;
    for (receiving, reading, limit) in RECEIVING {
        let beyond_verification = cost(receiving, Body::Small)?.instructions - verification;
        let name =
            format!("webhooks/small/{}/without-verify/{}/instructions", receiving.name(), reading.name());
        report.must(&name, beyond_verification / cost(reading, Body::Small)?.instructions, limit);
    }
    for orders in Body::ORDERS {
        let costs = orders.iter().map(|body| Ok(cost(Task::Parse, *body)?.instructions));
        let costs: Vec<f64> = costs.collect::<Result<_>>()?;
        let best = costs.iter().copied().fold(f64::INFINITY, f64::min);
        let worst = costs.iter().copied().fold(0.0, f64::max);
        for (body, cost) in orders.iter().zip(&costs) {
            ratio(&format!("webhooks/parse/{}/best-order/instructions", body.name()), cost / best);
        }
        report.must(
            &format!("webhooks/parse/{}/worst-order/best-order/instructions", orders[0].name()),
            worst / best,
            WORST_ORDER,
        );
    }
    Ok(())
}
