use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use linq_durable::{MemoryStore, Store};
use linq_types::events::{Event, EventPayload, Interest, MessageReceived};
use linq_webhooks::{EventHandler, Outcome};

/// A handler that does what was prepared for each event, and records what happened.
#[derive(Clone, Default)]
pub(super) struct Bot(Arc<Mutex<State>>, MemoryStore);

#[derive(Default)]
struct State {
    steps: HashMap<String, Vec<Step>>,
    log: Vec<String>,
    running: HashMap<String, usize>,
    most_running: usize,
    overlaps: bool,
}

#[derive(Clone)]
pub(super) enum Step {
    Fail(&'static str),
    Panic,
    Hang,
    Take(Duration),
}

impl Bot {
    /// A bot that gets an event again before it is known that its lease was lost.
    pub(super) fn overlapping() -> Self {
        let bot = Self::default();
        bot.with(|state| state.overlaps = true);
        bot
    }

    /// Prepares what the handler does the first times that it gets this event. Afterwards it succeeds.
    pub(super) fn prepare(&self, id: &str, steps: impl IntoIterator<Item = Step>) {
        self.with(|state| state.steps.insert(id.to_owned(), steps.into_iter().collect()));
    }

    /// What happened: `+id` for a call, `-id` for its end.
    pub(super) fn log(&self) -> Vec<String> {
        self.with(|state| state.log.clone())
    }

    pub(super) fn handled(&self) -> Vec<String> {
        self.log().iter().filter_map(|line| line.strip_prefix('-').map(str::to_owned)).collect()
    }

    /// The largest number of events that were handled at the same time.
    pub(super) fn most_running(&self) -> usize {
        self.with(|state| state.most_running)
    }

    /// How many events are being handled.
    pub(super) fn running(&self) -> usize {
        self.with(|state| state.running.values().sum())
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Counts a call, however it ends.
struct Running<'b>(&'b Bot, String);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.with(|state| *state.running.entry(self.1.clone()).or_default() -= 1);
    }
}

impl EventHandler for Bot {
    type Error = String;
    const EVENTS: &'static [Interest] = &[Interest::Only(MessageReceived::EVENT)];

    async fn handle(&self, event: Event) -> Result<Outcome, String> {
        let id = event.event_id.as_ref().unwrap().as_str().to_owned();
        let chat = event.chat_id().unwrap().as_str().to_owned();
        let step = self.with(|state| {
            state.log.push(format!("+{id}"));
            let in_chat = state.running.entry(chat.clone()).or_default();
            *in_chat += 1;
            assert!(*in_chat == 1 || state.overlaps, "two events of the chat {chat} at the same time");
            state.most_running = state.most_running.max(state.running.values().sum());
            let steps = state.steps.entry(id.clone()).or_default();
            (!steps.is_empty()).then(|| steps.remove(0))
        });
        let _running = Running(self, chat);
        match step {
            Some(Step::Fail(error)) => return Err(error.to_owned()),
            Some(Step::Panic) => panic!("as prepared"),
            Some(Step::Hang) => std::future::pending().await,
            Some(Step::Take(duration)) => self.1.sleep(duration).await,
            None => {}
        }
        self.with(|state| state.log.push(format!("-{id}")));
        Ok(Outcome::Handled)
    }
}
