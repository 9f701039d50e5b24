use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use linq::{
    Client,
    types::{Secret, events::EventType},
};
use tokio::{
    sync::{oneshot, watch},
    task::JoinHandle,
    time::timeout,
};

use crate::{
    failure::Failure,
    relay::{Notice, RelayConnection, RelayOptions},
    terminal::say_warning,
};

/// How often the API is asked while the relay is open, in case an event is late.
const INTERVAL_WITH_RELAY: Duration = Duration::from_secs(15);
/// How often the API is asked otherwise.
const INTERVAL: Duration = Duration::from_secs(3);
/// Longer than it takes to delete the subscription.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(12);

/// Says when it is worth looking for messages: when the relay delivers one, and now and then.
///
/// The relay is opened by the first wait. Nothing is read from what it delivers, so a signature is not needed.
#[derive(Debug)]
pub(super) struct Wake {
    api_key: Secret,
    base_url: String,
    relay: Mutex<Option<Relay>>,
}

/// A relay that is open, opens, or has ended.
#[derive(Debug)]
struct Relay {
    state: watch::Receiver<State>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

#[derive(Debug, Clone, Default)]
enum State {
    #[default]
    Opening,
    Open,
    Ended(String),
}

impl Wake {
    pub(super) fn new(api_key: Secret, base_url: String) -> Self {
        Self { api_key, base_url, relay: Mutex::default() }
    }

    /// Returns what a wait waits for. Opens the relay if there is none, again if it has ended.
    pub(super) fn listen(&self, client: &Client) -> Listener {
        let mut relay = self.relay.lock().unwrap_or_else(PoisonError::into_inner);
        let usable = relay.take().filter(|relay| !relay.task.is_finished());
        let relay = relay.insert(usable.unwrap_or_else(|| self.open(client.clone())));
        Listener(relay.state.clone())
    }

    fn open(&self, client: Client) -> Relay {
        let (sender, state) = watch::channel(State::default());
        let (stop, stopped) = oneshot::channel();
        let (api_key, base_url) = (self.api_key.clone(), self.base_url.clone());
        let task = tokio::spawn(async move {
            if let Err(failure) = run(&client, &api_key, &base_url, &sender, stopped).await {
                let _ = say_warning(&format!("relay: {failure}"));
                sender.send_replace(State::Ended(failure.to_string()));
            }
        });
        Relay { state, stop, task }
    }

    /// Closes the relay, whose subscription is deleted.
    pub(super) async fn close(&self) {
        let relay = self.relay.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Relay { stop, task, .. }) = relay {
            drop(stop);
            let _ = timeout(CLOSE_TIMEOUT, task).await;
        }
    }
}

async fn run(
    client: &Client,
    api_key: &Secret,
    base_url: &str,
    state: &watch::Sender<State>,
    mut stopped: oneshot::Receiver<()>,
) -> Result<(), Failure> {
    let connection = tokio::select! {
        connection = RelayConnection::open(api_key, base_url) => connection?,
        _ = &mut stopped => return Ok(()),
    };
    let options = RelayOptions {
        events: vec![EventType::MessageReceived],
        accept_unsigned: true,
        ..RelayOptions::default()
    };
    let mut relay = connection.subscribe(client, options).await?;
    let mut now = State::Open;
    loop {
        // Each delivery wakes up the waits, although the state stays the same.
        state.send_replace(now.clone());
        let notice = tokio::select! {
            notice = relay.next() => notice,
            _ = &mut stopped => None,
        };
        match notice {
            Some(Notice::Delivery(_) | Notice::Rejected(_) | Notice::Reconnected) => now = State::Open,
            Some(Notice::Disconnected { .. }) => now = State::Opening,
            None => return relay.close().await,
        }
    }
}

/// What a wait waits for.
pub(super) struct Listener(watch::Receiver<State>);

impl Listener {
    /// Waits until it is worth to look again.
    pub(super) async fn next(&mut self) {
        let interval = match *self.0.borrow_and_update() {
            State::Open => INTERVAL_WITH_RELAY,
            State::Opening | State::Ended(_) => INTERVAL,
        };
        tokio::select! {
            changed = self.0.changed() => if changed.is_err() {
                tokio::time::sleep(INTERVAL).await;
            },
            () = tokio::time::sleep(interval) => {}
        }
    }

    /// Returns why the relay does not help.
    pub(super) fn problem(&self) -> Option<String> {
        match &*self.0.borrow() {
            State::Ended(reason) => Some(reason.clone()),
            State::Opening | State::Open => None,
        }
    }
}
