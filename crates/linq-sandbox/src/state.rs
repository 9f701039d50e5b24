use std::{sync::Arc, time::Duration};

use linq_types::TraceId;

use crate::{
    clock::Moment,
    config::Config,
    faults::Faults,
    idempotency::Replays,
    ids::Ids,
    model::{Effect, Timer},
    queue::{Action, Attempt, Queue},
    routing_tokens::RoutingTokens,
    store::Store,
};

/// The mutable state of a sandbox: the store of the API, and the pending work.
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) queue: Queue,
    pub(crate) faults: Faults,
    pub(crate) replays: Replays,
    pub(crate) routing_tokens: RoutingTokens,
    /// Those of requests that no program makes, such as the page: they do not affect the ids that the seed determines.
    pub(crate) other_ids: Ids,
    /// How many times the sandbox was reset.
    pub(crate) resets: u64,
}

impl State {
    pub(crate) fn new(config: Arc<Config>, origin: String) -> Self {
        Self {
            faults: Faults::new(config.seed, config.faults.clone()),
            other_ids: Ids::new(config.seed ^ 0x006f_7468_6572),
            store: Store::new(config, origin),
            queue: Queue::default(),
            replays: Replays::default(),
            routing_tokens: RoutingTokens::default(),
            resets: 0,
        }
    }

    /// Resets everything, and starts the ids over from the seed.
    pub(crate) fn reset(&mut self, keep_subscriptions: bool) {
        let mut new = Self::new(self.store.config.clone(), self.store.attachments.origin.clone());
        new.queue = self.queue.successor();
        new.resets = self.resets + 1;
        if keep_subscriptions {
            new.store.subscriptions = std::mem::take(&mut self.store.subscriptions);
        }
        *self = new;
    }

    /// Queues the effects of the changes to the store.
    pub(crate) fn queue_effects(&mut self) {
        for effect in self.store.take_effects() {
            match effect {
                Effect::Schedule(due, timer) => self.queue.push(due, Action::Change(timer)),
                Effect::Publish(notice) => {
                    for (subscription_id, body) in notice.bodies {
                        let attempt = Attempt {
                            subscription_id,
                            event_id: notice.event_id.clone(),
                            event_type: notice.event_type.clone(),
                            body,
                            number: 1,
                            first: notice.time,
                            waited: Duration::ZERO,
                            due: notice.time,
                            is_new: true,
                            chat_id: notice.chat_id.clone(),
                        };
                        self.queue.push(notice.time, Action::Deliver(attempt));
                    }
                }
            }
        }
    }

    /// Makes the next delivery step of the messages of a request due now.
    pub(crate) fn hurry(&mut self, now: Moment, trace_id: &TraceId) {
        let store = &self.store;
        self.queue.bring_forward(now, |action| match action {
            Action::Change(Timer::Advance(id, _)) => {
                store.message(id.as_str()).is_ok_and(|message| message.trace_id == *trace_id)
            }
            _ => false,
        });
    }
}
