//! What takes part in a test: the store, the victims and the posters.

use std::{
    fmt, fs,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use linq_durable::{QueueName, Stats};
use tokio::{runtime, time::timeout};

use super::{
    judge::{Counts, judge},
    poster::Poster,
    server::Server,
    victim::{Setup, Victim},
};

/// How long the store may take to say what is in it.
const STATS: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Scene {
    // Dropped in this order: the victims end before their store.
    pub(super) victims: Vec<Victim>,
    pub(super) posters: Vec<Poster>,
    pub(super) server: Option<Server>,
    setup: Setup,
    pub(super) stop: AtomicBool,
}

impl Scene {
    /// Starts the victims.
    pub(super) fn new(setup: Setup, server: Option<Server>, victims: usize, posters: Vec<Poster>) -> Self {
        let victims = (0..victims).map(|_| Victim::start(&setup)).collect();
        Self { victims, posters, server, setup, stop: AtomicBool::new(false) }
    }

    pub(super) fn ports(&self) -> Vec<u16> {
        self.victims.iter().map(|victim| victim.port).collect()
    }

    /// Delivers events while the test runs. Returns when the last delivery has ended.
    pub(super) fn deliver_during(&self, test: impl FnOnce()) {
        let ports = self.ports();
        thread::scope(|scope| {
            // Also stops the posters if the test panics.
            let _stop = Stop(&self.stop);
            for poster in &self.posters {
                scope.spawn(|| poster.deliver_until(&self.stop, &ports));
            }
            test();
        });
    }

    /// Delivers the next event of each poster, at the same time.
    pub(super) fn deliver_once(&self) {
        let ports = self.ports();
        thread::scope(|scope| {
            for poster in &self.posters {
                scope.spawn(|| poster.deliver(&self.stop, &ports));
            }
        });
    }

    /// Waits until another event is accepted.
    pub(super) fn wait_for_delivery(&self, limit: Duration) {
        let accepted = || self.posters.iter().map(|poster| poster.accepted().len()).sum::<usize>();
        let (start, before) = (Instant::now(), accepted());
        while accepted() == before {
            assert!(start.elapsed() < limit, "no event was accepted in {limit:?}");
            self.victims.iter().for_each(Victim::restart_if_dead);
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until the store says that nothing waits. Returns what it said last.
    pub(super) fn settle(&self, limit: Duration) -> anyhow::Result<Stats> {
        let start = Instant::now();
        loop {
            self.victims.iter().for_each(Victim::restart_if_dead);
            let stats = self.stats();
            let is_empty = stats.as_ref().is_ok_and(|stats| stats.waiting == 0);
            if is_empty || start.elapsed() >= limit {
                return stats;
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn stats(&self) -> anyhow::Result<Stats> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let stats = async {
                let store = linq_crash::open(&self.setup.store).await?;
                anyhow::Ok(store.stats(&QueueName::from("inbox")).await?)
            };
            timeout(STATS, stats).await.context("timed out")?
        })
    }

    pub(super) fn counts(&self) -> Counts {
        let accepted = self.posters.iter().map(|poster| (poster.chat().to_owned(), poster.accepted()));
        let deaths: Vec<_> = self.victims.iter().flat_map(Victim::deaths).collect();
        judge(&accepted.collect(), &fs::read_to_string(&self.setup.log).unwrap_or_default(), &deaths)
    }

    /// Ends everything that may outlive the test.
    pub(super) fn end(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.victims.iter().for_each(Victim::kill);
        if let Some(server) = &self.server {
            server.stop_at_once();
        }
    }
}

impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.posters.iter().try_for_each(|poster| writeln!(f, "{poster}"))?;
        self.victims.iter().try_for_each(|victim| writeln!(f, "{victim}"))?;
        match self.setup.store.as_str() {
            "memory" => {}
            _ => match self.stats() {
                Ok(stats) => writeln!(f, "store: {stats:?}")?,
                Err(error) => writeln!(f, "store: {error:#}")?,
            },
        }
        if let Some(server) = &self.server {
            let log = server.log();
            let last = log.lines().rev().take(20).collect::<Vec<_>>();
            last.iter().rev().try_for_each(|line| writeln!(f, "server: {line}"))?;
        }
        match self.victims.iter().all(|victim| !victim.is_busy()) {
            true => writeln!(f, "judge: {}", self.counts()),
            false => writeln!(f, "judge: waits for a victim"),
        }
    }
}

struct Stop<'s>(&'s AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
