use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::{
    clock::{Clock, Moment},
    config::Config,
    log::Log,
    store::Store,
};

/// What the server, the scheduler and the handle have in common.
pub(crate) struct Shared {
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Clock,
    pub(crate) log: Log,
    store: Mutex<Store>,
    changed: Notify,
}

impl Shared {
    pub(crate) fn new(config: Config, log: Log, media_origin: String) -> Self {
        let config = Arc::new(config);
        Self {
            clock: Clock::start(),
            log,
            store: Mutex::new(Store::new(config.clone(), media_origin)),
            changed: Notify::new(),
            config,
        }
    }

    pub(crate) fn read<T>(&self, read: impl FnOnce(&Store) -> T) -> T {
        self.with(|store| read(store))
    }

    /// Changes the store, then wakes the scheduler: there may be something new to do.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Store, Moment) -> T) -> T {
        let changed = self.with(|store| change(store, self.clock.now()));
        self.changed.notify_one();
        changed
    }

    /// Does what is due. Only the scheduler does, which needs no waking.
    pub(crate) fn run_due<T>(&self, run: impl FnOnce(&mut Store, Moment) -> T) -> T {
        self.with(|store| run(store, self.clock.now()))
    }

    fn with<T>(&self, work: impl FnOnce(&mut Store) -> T) -> T {
        work(&mut self.store.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }
}
