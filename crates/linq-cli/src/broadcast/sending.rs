use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use linq::{
    Client, Pace,
    durable::{Attempt, AttemptEnd},
};
use tokio::time::sleep;

use super::state::State;
use crate::{
    failure::Failure, output::Output, progress::message_bar, shutdown::ShutdownSignal, terminal::say_warning,
};

/// How many messages are sent at the same time.
const CONCURRENCY: usize = 4;
/// How long a message of a process that died is left alone.
const LEASE: Duration = Duration::from_secs(30);
/// The time between two looks at the progress.
const PERIOD: Duration = Duration::from_millis(200);

/// Sends what is stored, until all of it is settled or a signal comes. Returns how many messages are left.
pub(super) async fn send(
    state: &State,
    client: Client,
    pace: Pace,
    total: u64,
    output: Output,
) -> Result<u64, Failure> {
    let signal = ShutdownSignal::listen()?;
    let bar = message_bar(total, output);
    let last_error = Mutex::new(String::new());
    let noted = bar.clone();
    let observe = move |attempt: &Attempt<'_>| {
        let AttemptEnd::Retried { error, .. } = attempt.end else { return };
        let mut last = last_error.lock().unwrap_or_else(PoisonError::into_inner);
        if !output.json && *last != error {
            error.clone_into(&mut last);
            // The message is sent whether or not the warning can be printed.
            let _ = noted.suspend(|| say_warning(&format!("{error}; trying again")));
        }
    };
    let dispatcher =
        state.dispatcher(client).pace(pace).concurrency(CONCURRENCY).lease(LEASE).observe(observe);
    let mut watched = Ok(());
    let end = async {
        tokio::select! {
            settled = settle(state, |waiting| bar.set_position(total.saturating_sub(waiting))) => watched = settled,
            () = signal.received() => bar.set_message("finishing what is being sent"),
        }
    };
    dispatcher.run_until(end).await;
    bar.finish_and_clear();
    watched?;
    Ok(state.stats().await?.waiting)
}

/// Waits until no message waits.
async fn settle(state: &State, on_waiting: impl Fn(u64)) -> Result<(), Failure> {
    loop {
        let waiting = state.stats().await?.waiting;
        on_waiting(waiting);
        if waiting == 0 {
            return Ok(());
        }
        sleep(PERIOD).await;
    }
}
