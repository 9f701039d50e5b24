//! What a webhook costs beside the hash of its body and one scan of it as JSON.

use std::hint::black_box;

use anyhow::Result;
use bytes::Bytes;
use clap::ValueEnum;
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use linq_types::events::{Event, RawBody};
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

mod body;
mod recipe;

pub(crate) use body::Body;
use recipe::Recipe;

pub(crate) const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const ID: &str = "1d883680-6cdd-5d76-bd52-e1e3b671169a";
/// The time of the signatures, and the time at which they are checked.
const SIGNED_AT: i64 = 1_790_000_000;
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
    VerifyAndParse,
    VerifyAndEnvelope,
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

/// The bodies whose instructions are bounded, and the most that the parse may take of those of the scan.
const INSTRUCTIONS: [(Body, f64); 2] = [(Body::Small, 2.35), (Body::Big, 2.5)];

/// What the worst order of keys may cost, where the best costs 1.
const WORST_ORDER: f64 = 1.5;

impl Task {
    /// The name on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    pub(crate) fn batch(self, body: Body) -> Result<Batch> {
        let body = body.bytes()?;
        let verifier = Verifier::new(SECRET)?;
        let headers = Signer::new(SECRET)?.headers(ID, SIGNED_AT, &body)?;
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
                black_box(verifier.verify_at(&headers, body.clone(), SIGNED_AT)?);
                Ok(())
            }),
            Self::Parse => repeat(move || {
                black_box(Event::parse_unverified(RawBody::new(body.clone()))?);
                Ok(())
            }),
            Self::VerifyAndParse => repeat(move || {
                black_box(verifier.verify_at(&headers, body.clone(), SIGNED_AT)?.parse()?);
                Ok(())
            }),
            Self::VerifyAndEnvelope => repeat(move || {
                black_box(verifier.verify_at(&headers, body.clone(), SIGNED_AT)?.envelope()?);
                Ok(())
            }),
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

/// The headers of a delivery of this body that was signed just now.
pub(crate) fn signed_now(body: &Bytes) -> Result<HeaderMap> {
    let now = read(ClockId::Realtime).as_secs();
    Ok(Signer::new(SECRET)?.headers(ID, now.try_into()?, body)?)
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
    for (body, limit) in INSTRUCTIONS {
        let (parse, scan) = (cost(Task::Parse, body)?, cost(Task::Scan, body)?);
        let name = format!("webhooks/{}/parse/scan/instructions", body.name());
        report.must(&name, parse.instructions / scan.instructions, limit);
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
