//! Runs what is due, driven by the clock.

use std::sync::Arc;

use tokio::{sync::watch, task::JoinSet};

use crate::{
    clock::Moment,
    delivery::{Courier, log_dropped},
    faults::FaultEffect,
    model::Timer,
    queue::{Action, Attempt},
    shared::Shared,
    state::State,
    store::Store,
};

/// Runs what is due until the sender of `stop` is dropped, and then finishes the deliveries in progress. Dropping the
/// future drops them.
pub(crate) async fn run(shared: Arc<Shared>, courier: Courier, mut stop: watch::Receiver<()>) {
    let courier = Arc::new(courier);
    // With manual time, webhooks are delivered one after the other.
    let at_once = if shared.clock.stands_still() { 1 } else { shared.config.max_concurrent_deliveries };
    let mut deliveries = JoinSet::new();
    loop {
        let (attempts, dropped, next_due) = shared.run_due(|state, now| {
            while let Some(action) = state.queue.pop_due(now) {
                match action {
                    Action::Change(timer) => {
                        fire(&mut state.store, now, timer);
                        state.queue_effects();
                    }
                    Action::Deliver(attempt) => dispatch(state, now, attempt),
                }
            }
            (state.queue.depart(at_once), state.queue.take_dropped(), state.queue.next_due())
        });
        for attempt in dropped {
            log_dropped(&shared, &attempt);
        }
        for attempt in attempts {
            let (courier, shared) = (courier.clone(), shared.clone());
            deliveries.spawn(async move { courier.deliver(&shared, attempt).await });
        }
        while deliveries.try_join_next().is_some() {}
        tokio::select! {
            () = shared.changed() => {}
            () = until(&shared, next_due) => {}
            _ = stop.changed() => break,
        }
    }
    while deliveries.join_next().await.is_some() {}
}

fn fire(store: &mut Store, now: Moment, timer: Timer) {
    match timer {
        Timer::Advance(message_id, from) => store.advance(now, &message_id, &from),
        Timer::Update(update) => store.update_chat(now, update),
        Timer::EndSharing(chat_id, by) => store.end_sharing(now, &chat_id, &by),
        Timer::ExpirePaymentRequest(id) => store.expire_payment_request(now, &id),
        Timer::EndTyping(chat_id) => store.end_typing(now, &chat_id),
    }
}

/// Enqueues a webhook that is due, unless a fault delays it.
fn dispatch(state: &mut State, now: Moment, mut attempt: Attempt) {
    let struck = match attempt.is_new {
        true => state.faults.strike_webhook(&attempt.event_type),
        false => None,
    };
    attempt.is_new = false;
    match struck {
        Some(FaultEffect::Delay(delay)) => {
            attempt.first = now + delay;
            state.queue.postpone(now + delay, attempt);
        }
        Some(FaultEffect::Duplicate) => {
            state.queue.push(now, Action::Deliver(attempt.clone()));
            state.queue.enqueue(attempt);
        }
        _ => state.queue.enqueue(attempt),
    }
}

async fn until(shared: &Shared, due: Option<Moment>) {
    match due {
        Some(due) => shared.clock.sleep_until(due).await,
        None => std::future::pending().await,
    }
}
