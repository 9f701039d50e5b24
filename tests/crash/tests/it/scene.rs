//! What takes part in a test: the store, the victims and the posters.

use std::{
    collections::HashSet,
    fmt, fs,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::{runtime, time::timeout};

use super::{
    api::Api,
    contents::Contents,
    judge::{Counts, judge},
    poster::Poster,
    servers::Server,
    victim::{Setup, Victim, unused_port},
};

/// How long the store may take to say what is in it.
const STORE: Duration = Duration::from_secs(10);

pub(super) struct Scene {
    // Dropped in this order: the victims end before their store.
    pub(super) victims: Vec<Victim>,
    pub(super) posters: Vec<Poster>,
    pub(super) server: Option<Box<dyn Server>>,
    api: Option<Api>,
    setup: Setup,
    pub(super) stop: AtomicBool,
    revived: Mutex<HashSet<String>>,
    _folder: TempDir,
}

impl Scene {
    /// Starts a receiver, whose events are not handled.
    pub(super) fn receiver(
        folder: TempDir,
        setup: Setup,
        server: Option<Box<dyn Server>>,
        chats: usize,
    ) -> Self {
        let posters = (0..chats).map(|number| Poster::new(format!("chat-{number}"))).collect();
        let victims = vec![Victim::start(&setup, unused_port(), Vec::new())];
        Self::new(folder, setup, server, victims, posters, None)
    }

    /// Starts two bots on one store, with an API that they answer to.
    pub(super) fn bots(folder: TempDir, setup: Setup, server: Option<Box<dyn Server>>, chats: usize) -> Self {
        let ports = [unused_port(), unused_port()];
        let api = Api::start(chats, ports[0]);
        let posters = api.chats().map(|chat| Poster::new(chat.to_owned())).collect();
        let victims = ports.map(|port| Victim::start(&setup, port, api.environment())).into();
        Self::new(folder, setup, server, victims, posters, Some(api))
    }

    fn new(
        folder: TempDir,
        setup: Setup,
        server: Option<Box<dyn Server>>,
        victims: Vec<Victim>,
        posters: Vec<Poster>,
        api: Option<Api>,
    ) -> Self {
        let stop = AtomicBool::new(false);
        Self { victims, posters, server, api, setup, stop, revived: Mutex::default(), _folder: folder }
    }

    /// Lets events be delivered without pauses. More answers than the API allows wait.
    pub(super) fn without_pauses(mut self) -> Self {
        self.posters.iter_mut().for_each(|poster| poster.pause = 1..20);
        self
    }

    /// Lets an event of the first chat kill its process each time.
    pub(super) fn with_poison(mut self) -> Self {
        self.posters[0].poison = Some(0);
        self
    }

    pub(super) fn ports(&self) -> Vec<u16> {
        self.victims.iter().map(Victim::port).collect()
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
    ///
    /// An event whose process was killed in each attempt is a dead letter. It is revived, and handled then.
    pub(super) fn settle(&self, limit: Duration) -> anyhow::Result<Contents> {
        let start = Instant::now();
        loop {
            self.victims.iter().for_each(Victim::restart_if_dead);
            let contents = self.contents();
            let is_late = start.elapsed() >= limit;
            match &contents {
                Ok(contents) if contents.is_settled() && !contents.given_up().is_empty() && !is_late => {
                    self.revive(&contents.given_up())?;
                }
                Ok(settled) if settled.is_settled() => return contents,
                _ if is_late => return contents,
                _ => {}
            }
            thread::sleep(Duration::from_millis(200));
        }
    }

    /// Waits until all events are answered.
    pub(super) fn wait_for_answers(&self, limit: Duration) {
        let start = Instant::now();
        while self.counts().lost > 0 && start.elapsed() < limit {
            self.victims.iter().for_each(Victim::restart_if_dead);
            thread::sleep(Duration::from_millis(200));
        }
    }

    fn contents(&self) -> anyhow::Result<Contents> {
        within_limit(Contents::read(&self.setup.store))
    }

    fn revive(&self, ids: &[&str]) -> anyhow::Result<()> {
        let mut revived = self.revived.lock().unwrap_or_else(PoisonError::into_inner);
        revived.extend(ids.iter().map(|id| (*id).to_owned()));
        within_limit(Contents::revive(&self.setup.store, ids))
    }

    /// Returns `true` if no process has a transaction on SQLite that lasts.
    pub(super) fn is_unlocked(&self) -> bool {
        let path = self.setup.store.strip_prefix("sqlite:").unwrap();
        let lock = || {
            let connection = Connection::open(path)?;
            connection.busy_timeout(Duration::from_millis(100))?;
            connection.execute_batch("begin immediate; rollback")
        };
        lock().is_ok()
    }

    pub(super) fn counts(&self) -> Counts {
        let accepted = self.posters.iter().map(|poster| (poster.chat().to_owned(), poster.accepted()));
        let answers = self.api.as_ref().map(Api::answers).unwrap_or_default();
        let log = fs::read_to_string(&self.setup.log).unwrap_or_default();
        let deaths: Vec<_> = self.victims.iter().flat_map(Victim::deaths).collect();
        let revived = self.revived.lock().unwrap_or_else(PoisonError::into_inner).clone();
        judge(&accepted.collect(), &answers, &revived, &log, &deaths)
    }

    /// Ends everything that may outlive the test.
    pub(super) fn end(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.victims.iter().for_each(Victim::kill);
        if let Some(server) = &self.server {
            server.die();
        }
    }
}

impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.posters.iter().try_for_each(|poster| writeln!(f, "{poster}"))?;
        self.victims.iter().try_for_each(|victim| writeln!(f, "{victim}"))?;
        match self.setup.store.as_str() {
            "memory" => {}
            _ => match self.contents() {
                Ok(contents) => writeln!(f, "store: {contents:?}")?,
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

/// Runs an operation of the store.
fn within_limit<T>(operation: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async { timeout(STORE, operation).await.context("the store timed out")? })
}

struct Stop<'s>(&'s AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
