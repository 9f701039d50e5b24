//! Events handled per second by 16 handlers that do nothing, of a thousand chats of which one has a tenth of the events.

use std::{
    convert::Infallible,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use anyhow::Result;
use linq_durable::Inbox;
use linq_types::events::{Event, Interest};
use linq_webhooks::{EventHandler, Outcome};
use rustix::time::ClockId;
use tokio::{runtime::Runtime, sync::Notify};

use super::{
    AT_ONCE, Setup, Way,
    bounds::{self, Comparison},
    by_hand::SkipLocked,
    enqueue::put_all,
    events::Events,
    missing,
    other::Work,
};
use crate::{Entry, Group, Measure, Race, process_clock, race::read};

const CONCURRENCY: usize = 16;
/// Events of a round.
const EVENTS: u32 = 2000;

pub(super) const COMPARED: &[Comparison] = &[
    ("PostgreSQL", "SKIP LOCKED by hand, unordered", 0.8),
    ("PostgreSQL, idle transaction", "PostgreSQL", 0.7),
];

pub(super) fn measure(setup: &Setup) -> Result<Group> {
    let runtime = &setup.runtime;
    let mut entries = vec![entry("SQLite", runtime, Inbox::new(setup.sqlite("handled")?))];
    let mut absent = Vec::new();
    // It is open as long as the events are handled.
    let mut idle = None;
    match &setup.servers.postgres {
        Some(postgres) => {
            entries.push(entry(
                "PostgreSQL",
                runtime,
                Inbox::new(postgres.store(&postgres.database("handled")?)?),
            ));
            let by_hand = postgres.database("by_hand")?;
            let by_hand = postgres.block_on(SkipLocked::create(&by_hand, CONCURRENCY))?;
            entries.push(entry_by_hand("SKIP LOCKED by hand, unordered", runtime, by_hand));
            let database = postgres.database("idle")?;
            let store = postgres.store(&database)?;
            idle = Some(postgres.block_on(database.idle_transaction())?);
            entries.push(entry("PostgreSQL, idle transaction", runtime, Inbox::new(store)));
        }
        None => absent.push(missing("PostgreSQL", "not installed")),
    }
    match &setup.servers.redis {
        Some(redis) => entries.push(entry("Redis", runtime, Inbox::new(redis.store("handled")?))),
        None => absent.push(missing("Redis", "not installed")),
    }
    let (others, failed) = setup.others.entries(setup, Work::Handle, EVENTS)?;
    entries.extend(others);
    absent.extend(failed);

    let begun = read(ClockId::Monotonic);
    let is_open_for_long = || idle.is_none() || read(ClockId::Monotonic) - begun >= setup.idle;
    let race = Race::run_warm(entries, setup.rounds, is_open_for_long)?;
    drop(idle);
    let mut group =
        race.group("events handled per second", Measure::Rate, str::to_owned, bounds::over(COMPARED));
    group.rows.extend(absent);
    Ok(group)
}

fn entry(way: Way, runtime: &Arc<Runtime>, inbox: Inbox) -> Entry<Way> {
    let mut events = Events::default();
    let (filled, filler) = (inbox.clone(), Arc::clone(runtime));
    let fill = move |count| filler.block_on(put_all(filled.clone(), events.next(count)?, AT_ONCE));
    let runtime = Arc::clone(runtime);
    let handle = move |count| {
        let all = Arc::new(Countdown { left: AtomicU32::new(count), ended: Notify::new() });
        let worker = inbox.worker(Counting(Arc::clone(&all))).concurrency(CONCURRENCY);
        let handled = runtime.spawn(async move { worker.run_until(all.ended.notified()).await });
        Ok(runtime.block_on(handled)?)
    };
    Entry::new(way, Box::new(handle), EVENTS, process_clock()).prepared_by(Box::new(fill))
}

fn entry_by_hand(way: Way, runtime: &Arc<Runtime>, queue: SkipLocked) -> Entry<Way> {
    let mut events = Events::default();
    let queue = Rc::new(queue);
    let (filled, filler) = (Rc::clone(&queue), Arc::clone(runtime));
    let fill = move |count| filler.block_on(filled.fill(events.bodies(count)?));
    let runtime = Arc::clone(runtime);
    let handle = move |count| runtime.block_on(queue.handle(count));
    Entry::new(way, Box::new(handle), EVENTS, process_clock()).prepared_by(Box::new(fill))
}

struct Countdown {
    left: AtomicU32,
    ended: Notify,
}

struct Counting(Arc<Countdown>);

impl EventHandler for Counting {
    type Error = Infallible;
    const EVENTS: &'static [Interest] = &[Interest::All];

    async fn handle(&self, _: Event) -> Result<Outcome, Infallible> {
        if self.0.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.0.ended.notify_one();
        }
        Ok(Outcome::Handled)
    }
}
