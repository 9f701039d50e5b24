//! Events stored per second, one by one and many at once.

use std::{cell::RefCell, mem, rc::Rc, sync::Arc};

use anyhow::{Result, ensure};
use linq_durable::{Enqueued, Inbox};
use linq_types::events::Event;
use tokio::{runtime::Runtime, task::JoinSet};

use super::{
    AT_ONCE, Setup, Way,
    bounds::{self, Comparison},
    by_hand,
    events::Events,
    missing,
    other::Work,
};
use crate::{Entry, Group, Measure, Race, process_clock};

/// Events of a round, one by one.
const EVENTS: u32 = 400;
/// Events of a round, many at once.
const EVENTS_AT_ONCE: u32 = AT_ONCE * 64;

pub(super) const COMPARED: &[Comparison] = &[
    ("SQLite", "append + fdatasync", 0.5),
    ("SQLite, 64 at once", "SQLite", 5.0),
    ("PostgreSQL", "bare INSERT", 0.7),
    ("PostgreSQL, 64 at once", "PostgreSQL", 3.0),
    ("Redis", "XADD", 0.5),
];

/// Stores an event durably.
pub(super) trait Sink: Clone + Send + 'static {
    fn put(&self, event: Event) -> impl Future<Output = Result<()>> + Send;
}

impl Sink for Inbox {
    async fn put(&self, event: Event) -> Result<()> {
        ensure!(self.enqueue(&event).await? == Enqueued::New, "the event is a duplicate");
        Ok(())
    }
}

pub(super) fn measure(setup: &Setup) -> Result<Group> {
    let runtime = &setup.runtime;
    let disk = by_hand::append_and_sync(&setup.path("floor"))?;
    let mut entries = vec![
        Entry::new("append + fdatasync", disk, EVENTS, process_clock()),
        entry("SQLite", runtime, Inbox::new(setup.sqlite("one")?), 1),
        entry("SQLite, 64 at once", runtime, Inbox::new(setup.sqlite("many")?), AT_ONCE),
    ];
    let mut absent = Vec::new();
    match &setup.servers.postgres {
        Some(postgres) => {
            let insert = postgres.block_on(by_hand::Insert::create(&postgres.database("bare")?))?;
            let one = Inbox::new(postgres.store(&postgres.database("one")?)?);
            let many = Inbox::new(postgres.store(&postgres.database("many")?)?);
            entries.extend([
                entry("bare INSERT", runtime, insert, 1),
                entry("PostgreSQL", runtime, one, 1),
                entry("PostgreSQL, 64 at once", runtime, many, AT_ONCE),
            ]);
        }
        None => absent.push(missing("PostgreSQL", "not installed")),
    }
    match &setup.servers.redis {
        Some(redis) => entries.extend([
            entry("XADD", runtime, redis.xadd()?, 1),
            entry("Redis", runtime, Inbox::new(redis.store("one")?), 1),
            entry("Redis, 64 at once", runtime, Inbox::new(redis.store("many")?), AT_ONCE),
        ]),
        None => absent.push(missing("Redis", "not installed")),
    }
    for (work, events) in [(Work::Enqueue, EVENTS), (Work::EnqueueAtOnce, EVENTS_AT_ONCE)] {
        let (others, failed) = setup.others.entries(setup, work, events)?;
        entries.extend(others);
        absent.extend(failed);
    }

    let race = Race::run(entries, setup.rounds)?;
    let mut group =
        race.group("events stored per second", Measure::Rate, str::to_owned, bounds::over(COMPARED));
    group.rows.extend(absent);
    Ok(group)
}

fn entry(way: Way, runtime: &Arc<Runtime>, sink: impl Sink, at_once: u32) -> Entry<Way> {
    let mut events = Events::default();
    let prepared = Rc::new(RefCell::new(Vec::new()));
    let (to_prepare, runtime) = (Rc::clone(&prepared), Arc::clone(runtime));
    let put = move |_| {
        let events = mem::take(&mut *prepared.borrow_mut());
        runtime.block_on(put_all(sink.clone(), events, at_once))
    };
    let calls = if at_once == 1 { EVENTS } else { EVENTS_AT_ONCE };
    Entry::new(way, Box::new(put), calls, process_clock()).prepared_by(Box::new(move |count| {
        *to_prepare.borrow_mut() = events.next(count)?;
        Ok(())
    }))
}

/// Stores the events in this many tasks, each of which waits for one event before it stores the next.
pub(super) async fn put_all(sink: impl Sink, events: Vec<Event>, at_once: u32) -> Result<()> {
    let mut shares: Vec<Vec<Event>> = (0..at_once).map(|_| Vec::new()).collect();
    let count = shares.len();
    for (number, event) in events.into_iter().enumerate() {
        shares[number % count].push(event);
    }
    let mut tasks = JoinSet::new();
    for share in shares {
        let sink = sink.clone();
        tasks.spawn(async move {
            for event in share {
                sink.put(event).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(())
}
