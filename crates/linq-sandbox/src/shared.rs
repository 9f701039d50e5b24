use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http::HeaderMap;
use linq_types::{Handle, messages::Message};
use tokio::sync::{Notify, futures::Notified};

use crate::{
    clock::{Clock, Moment},
    config::Config,
    log::{Log, RequestLog, Sent},
    relay_connections::RelayConnections,
    state::State,
    store::Store,
    streams::Streams,
    webhook::{self, Webhook, WebhookQuery},
};

/// The state shared by the server, the scheduler and the handles.
pub(crate) struct Shared {
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Clock,
    pub(crate) log: Log,
    /// The streams of events that may be open.
    pub(crate) streams: Streams,
    pub(crate) relay: RelayConnections,
    state: Mutex<State>,
    changed: Notify,
    altered: Notify,
    settled: Notify,
    advancing: tokio::sync::Mutex<()>,
}

impl Shared {
    pub(crate) fn new(config: Config, clock: Clock, log: Log, origin: String) -> Self {
        let config = Arc::new(config);
        Self {
            clock,
            log,
            relay: RelayConnections::default(),
            state: Mutex::new(State::new(config.clone(), origin)),
            streams: Streams::default(),
            changed: Notify::new(),
            altered: Notify::new(),
            settled: Notify::new(),
            advancing: tokio::sync::Mutex::default(),
            config,
        }
    }

    pub(crate) fn read<T>(&self, read: impl FnOnce(&Store) -> T) -> T {
        self.inspect(|state| read(&state.store))
    }

    pub(crate) fn inspect<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        self.with(|state| read(state))
    }

    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Store, Moment) -> T) -> T {
        self.update(|state, now| change(&mut state.store, now))
    }

    /// Changes the state, queues the effects, and wakes the scheduler.
    pub(crate) fn update<T>(&self, update: impl FnOnce(&mut State, Moment) -> T) -> T {
        let updated = self.with(|state| {
            let updated = update(state, self.clock.now());
            state.queue_effects();
            updated
        });
        self.changed.notify_one();
        self.altered.notify_waiters();
        updated
    }

    /// Runs what is due. Called by the scheduler only, so that it need not be woken.
    pub(crate) fn run_due<T>(&self, run: impl FnOnce(&mut State, Moment) -> T) -> T {
        let ran = self.with(|state| run(state, self.clock.now()));
        self.settled.notify_waiters();
        self.altered.notify_waiters();
        ran
    }

    /// Returns the oldest message that a person has not heard yet, which is heard from now on.
    pub(crate) fn hear(&self, person: &Handle) -> Option<Message> {
        self.with(|state| state.store.hear(person))
    }

    pub(crate) fn webhooks(&self, query: &WebhookQuery) -> Vec<Webhook> {
        self.inspect(|state| webhook::webhooks(self.log.deliveries(), &state.queue, query))
    }

    /// Resets the state to that at the start. The time is kept.
    pub(crate) fn reset(&self, keep_subscriptions: bool) {
        self.update(|state, _| state.reset(keep_subscriptions));
        self.clear_log();
    }

    pub(crate) fn clear_log(&self) {
        self.log.clear();
        self.altered.notify_waiters();
    }

    /// Logs a request with its body and that of the response.
    pub(crate) fn log_request(&self, request: RequestLog, body: &[u8], response: &[u8]) {
        self.log.push_request(request, body, response);
        self.altered.notify_waiters();
    }

    /// Logs an attempt to deliver a webhook with its headers and payload, and the chat it is about.
    pub(crate) fn log_delivery(&self, sent: Sent, headers: &HeaderMap, payload: &[u8]) {
        self.log.push_delivery(sent, headers, payload);
        self.altered.notify_waiters();
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until the state, the log or the time may have changed after this call.
    pub(crate) fn altered(&self) -> Notified<'_> {
        self.altered.notified()
    }

    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Skips from one due moment to the next until this time has passed.
    pub(crate) async fn advance(&self, time: Duration) {
        let _one_at_a_time = self.advancing.lock().await;
        let target = self.clock.now() + time;
        loop {
            self.settled().await;
            let Some(due) = self.inspect(|state| state.queue.next_due()).filter(|due| *due <= target) else {
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
        self.altered.notify_waiters();
    }

    /// Waits until nothing is due and no webhook is being delivered.
    pub(crate) async fn settled(&self) {
        let mut settled = pin!(self.settled.notified());
        loop {
            settled.as_mut().enable();
            if self.inspect(|state| state.queue.is_settled(self.clock.now())) {
                return;
            }
            settled.as_mut().await;
            settled.set(self.settled.notified());
        }
    }
}
