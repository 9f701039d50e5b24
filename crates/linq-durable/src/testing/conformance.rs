use std::{fmt, time::Duration};

use super::rules::{self, Rule};
use crate::{Ledger, Sleep};

/// A store whose clock a test can move.
pub trait TestStore: Ledger {
    /// Moves the store's clock forward.
    fn advance(&self, duration: Duration) -> Sleep;
}

/// The conformance suite for stores: it reports which of the rules a store breaks.
///
/// The rules:
///
/// * An item is a duplicate if its id is waiting, leased, done or a dead letter in the same queue. Items without an id are
///   never duplicates.
/// * Items with the same key are claimed one at a time, in the order in which they were enqueued. Others are claimed side by
///   side, at most as many as asked for, those first that were due first.
/// * An item that is retried is due after its delay, and blocks its key until then. A dead letter does not block its key.
/// * Each claim counts an attempt, a release takes it back.
/// * A lease ends when its duration has passed. Until then nobody else can claim the key, and an extended lease ends later.
/// * Fencing tokens are never used twice. With the token of an earlier lease, nothing can be extended or settled.
/// * What is done is not kept, except for its id. Dead letters keep body and error, and can be revived and discarded.
/// * Queues do not see each other's items.
/// * A burst is what waits behind a leased item. It has the same items in every attempt, and is settled as a whole.
/// * A record is written only over the expected version, and kept while its item waits and for the retention.
/// * A pace takes from all limits or from none, and allows no more than each [`Rate`](linq_types::Rate).
/// * A wait ends early when an item is enqueued or becomes due in the same process.
///
/// ```
/// use linq_durable::{MemoryStore, testing::Conformance};
/// use linq_webhooks::block_on;
///
/// block_on(Conformance::new().check(MemoryStore::new)).assert();
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Conformance {}

impl Conformance {
    /// Creates the suite.
    #[must_use]
    pub fn new() -> Self {
        Self {}
    }

    /// Checks a store. Each rule gets a new, empty one.
    pub async fn check<S: TestStore>(&self, mut new_store: impl FnMut() -> S) -> Report {
        let mut report = Report::default();
        for Rule { name, check } in rules::RULES {
            let store = new_store();
            match check(&store).await {
                Ok(()) => report.kept.push(name),
                Err(problem) => report.broken.push((name, problem)),
            }
        }
        report
    }
}

/// The result of a [`Conformance`] check. `Display` lists the rules.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Report {
    kept: Vec<&'static str>,
    broken: Vec<(&'static str, String)>,
}

impl Report {
    /// Returns the rules that the store breaks, each with what happened.
    pub fn broken(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.broken.iter().map(|(rule, problem)| (*rule, problem.as_str()))
    }

    /// Fails the test if the store breaks a rule.
    ///
    /// # Panics
    ///
    /// Panics with the list of all rules if one is broken.
    pub fn assert(&self) {
        assert!(self.broken.is_empty(), "the store breaks {} rules\n{self}", self.broken.len());
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.broken.iter().try_for_each(|(rule, problem)| writeln!(f, "broken:  {rule}: {problem}"))?;
        self.kept.iter().try_for_each(|rule| writeln!(f, "kept:    {rule}"))
    }
}
