use std::time::Duration;

use crate::ItemState;

/// The queues that are used, by number.
const QUEUES: u32 = 2;
const KEYS: u32 = 3;
const IDS: u32 = 4;
/// States of records.
const STATES: u32 = 2;
/// Keys of limits.
pub(super) const LIMITS: u32 = 3;
/// The step of the clock. All operations together take less than half of it.
pub(super) const STEP: Duration = Duration::from_secs(600);

/// An operation of a store, whose arguments are small numbers.
///
/// The clock moves by whole [`STEP`]s and durations end between two of them, so that nothing depends on how long the operations
/// take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operation {
    Enqueue {
        queue: u32,
        id: Option<u32>,
        key: u32,
        delay: Duration,
    },
    Claim {
        queue: u32,
        limit: usize,
        duration: Duration,
    },
    Gather {
        lease: usize,
        limit: usize,
    },
    Extend {
        lease: usize,
        duration: Duration,
    },
    Settle {
        lease: usize,
        settlement: Settle,
    },
    HasNewer {
        queue: u32,
        id: u32,
    },
    List {
        queue: u32,
        state: ItemState,
        after: usize,
        limit: usize,
    },
    Revive {
        queue: u32,
        id: u32,
    },
    Discard {
        queue: u32,
        id: u32,
    },
    Stats {
        queue: u32,
    },
    Sweep {
        queue: u32,
        ids: Duration,
        dead_letters: Duration,
        records: Duration,
    },
    Record {
        queue: u32,
        id: u32,
    },
    PutRecord {
        queue: u32,
        id: u32,
        state: u32,
        expected: u64,
    },
    Records {
        queue: u32,
        state: Option<u32>,
        after: usize,
        limit: usize,
    },
    /// The limits are the bits of the number.
    Pace {
        limits: u32,
    },
    Advance {
        by: Duration,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settle {
    Complete,
    Retry(Duration),
    DeadLetter,
    Release,
    Postpone(Duration),
}

impl Operation {
    pub(super) fn choose(choice: u32) -> Self {
        let mut choice = Choice(choice);
        match choice.below(36) {
            0..=6 => Self::Enqueue {
                queue: choice.queue(),
                id: choice.maybe(IDS),
                key: choice.below(KEYS),
                delay: match choice.below(3) {
                    0 => choice.duration(),
                    _ => Duration::ZERO,
                },
            },
            7..=11 => {
                Self::Claim { queue: choice.queue(), limit: choice.limit(), duration: choice.duration() }
            }
            12..=13 => Self::Gather { lease: choice.recent(), limit: choice.limit() },
            14 => Self::Extend { lease: choice.recent(), duration: choice.duration() },
            15..=18 => Self::Settle { lease: choice.recent(), settlement: choice.settlement() },
            19 => Self::HasNewer { queue: choice.queue(), id: choice.below(IDS) },
            20 => Self::List {
                queue: choice.queue(),
                state: if choice.below(2) == 0 { ItemState::Waiting } else { ItemState::Dead },
                after: choice.recent(),
                limit: choice.limit(),
            },
            21 | 30..=31 => Self::Revive { queue: choice.queue(), id: choice.below(IDS) },
            22 => Self::Discard { queue: choice.queue(), id: choice.below(IDS) },
            23 => Self::Stats { queue: choice.queue() },
            24 => Self::Sweep {
                queue: choice.queue(),
                ids: choice.duration(),
                dead_letters: choice.duration(),
                records: choice.duration(),
            },
            25..=26 => Self::PutRecord {
                queue: choice.queue(),
                id: choice.below(IDS),
                state: choice.below(STATES),
                expected: u64::from(choice.below(3)),
            },
            27 => Self::Record { queue: choice.queue(), id: choice.below(IDS) },
            28 => Self::Records {
                queue: choice.queue(),
                state: choice.maybe(STATES),
                after: choice.recent(),
                limit: choice.limit(),
            },
            29 | 32..=33 => Self::Pace { limits: 1 + choice.below((1 << LIMITS) - 1) },
            _ => Self::Advance { by: STEP * (1 + choice.below(4)) },
        }
    }

    /// Operations that read all that a store has.
    pub(super) fn all_reads() -> impl Iterator<Item = Self> {
        const ALL: usize = 1000;
        (0..QUEUES).flat_map(|queue| {
            let ids = (0..IDS).flat_map(move |id| [Self::HasNewer { queue, id }, Self::Record { queue, id }]);
            ids.chain([
                Self::Stats { queue },
                Self::List { queue, state: ItemState::Waiting, after: ALL, limit: ALL },
                Self::List { queue, state: ItemState::Dead, after: ALL, limit: ALL },
                Self::Records { queue, state: None, after: ALL, limit: ALL },
            ])
        })
    }
}

/// A number from which arguments are taken one after the other.
struct Choice(u32);

impl Choice {
    fn below(&mut self, bound: u32) -> u32 {
        let chosen = self.0 % bound;
        self.0 /= bound;
        chosen
    }

    fn maybe(&mut self, bound: u32) -> Option<u32> {
        Some(self.below(bound + 1)).filter(|chosen| *chosen < bound)
    }

    /// The first queue three times as often as the others.
    fn queue(&mut self) -> u32 {
        self.below(QUEUES + 2).saturating_sub(2)
    }

    fn duration(&mut self) -> Duration {
        STEP / 2 + STEP * self.below(4)
    }

    fn limit(&mut self) -> usize {
        [10, 1, 2, 0][self.below(4) as usize]
    }

    /// How many were seen since: mostly the last ones.
    fn recent(&mut self) -> usize {
        let bound = [2, 4, 16][self.below(3) as usize];
        self.below(bound) as usize
    }

    fn settlement(&mut self) -> Settle {
        match self.below(7) {
            0 | 1 => Settle::Complete,
            2 => Settle::Retry(self.duration()),
            3 | 4 => Settle::DeadLetter,
            5 => Settle::Release,
            _ => Settle::Postpone(self.duration()),
        }
    }
}
