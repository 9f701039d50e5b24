use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

use crate::{
    clock::{Clock, Moment},
    config::Config,
    log::Log,
    store::Store,
    webhook::{self, Webhook, WebhookQuery},
};

/// What the server, the scheduler and the handle have in common.
pub(crate) struct Shared {
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Clock,
    pub(crate) log: Log,
    store: Mutex<Store>,
    changed: Notify,
    settled: Notify,
    advancing: tokio::sync::Mutex<()>,
}

impl Shared {
    pub(crate) fn new(config: Config, clock: Clock, log: Log, origin: String) -> Self {
        let config = Arc::new(config);
        Self {
            clock,
            log,
            store: Mutex::new(Store::new(config.clone(), origin)),
            changed: Notify::new(),
            settled: Notify::new(),
            advancing: tokio::sync::Mutex::default(),
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
        let ran = self.with(|store| run(store, self.clock.now()));
        self.settled.notify_waiters();
        ran
    }

    pub(crate) fn webhooks(&self, query: &WebhookQuery) -> Vec<Webhook> {
        self.read(|store| webhook::webhooks(self.log.deliveries(), store, query))
    }

    /// Forgets what happened and lets nothing go wrong but what the builder asked for. Time goes on.
    pub(crate) fn reset(&self, keep_subscriptions: bool) {
        self.change(|store, _| store.reset(keep_subscriptions));
        self.log.clear();
    }

    fn with<T>(&self, work: impl FnOnce(&mut Store) -> T) -> T {
        work(&mut self.store.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Skips from one moment when something is due to the next, and does it.
    pub(crate) async fn advance(&self, time: Duration) {
        let _one_at_a_time = self.advancing.lock().await;
        let target = self.clock.now() + time;
        loop {
            self.settled().await;
            let Some(due) = self.read(|store| store.queue.next_due()).filter(|due| *due <= target) else {
                break;
            };
            self.skip_to(due);
        }
        self.skip_to(target);
        self.settled().await;
    }

    fn skip_to(&self, moment: Moment) {
        self.clock.skip_to(moment);
        self.changed.notify_one();
    }

    /// Ends when nothing is due and no webhook is on its way.
    pub(crate) async fn settled(&self) {
        let mut settled = pin!(self.settled.notified());
        loop {
            settled.as_mut().enable();
            if self.read(|store| store.queue.is_settled(self.clock.now())) {
                return;
            }
            settled.as_mut().await;
            settled.set(self.settled.notified());
        }
    }
}
