use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use linq_durable::{Inbox, MemoryStore, RetryPolicy, Store as _};
use linq_types::events::{Event, EventPayload, Interest, MessageReceived};
use linq_webhooks::{EventHandler, Outcome, block_on};

use super::delivery::event;

const MS: Duration = Duration::from_millis(1);
const QUIET: Duration = Duration::from_secs(2);
const AT_MOST: Duration = Duration::from_secs(15);

/// Records the bursts that it gets, and fails as often as prepared.
#[derive(Clone, Default)]
struct Bot {
    bursts: Arc<Mutex<Vec<Vec<String>>>>,
    failures: Arc<Mutex<u32>>,
}

impl Bot {
    fn failing(times: u32) -> Self {
        Self { failures: Arc::new(Mutex::new(times)), ..Self::default() }
    }

    fn bursts(&self) -> Vec<Vec<String>> {
        self.bursts.lock().unwrap().clone()
    }
}

impl EventHandler for Bot {
    type Error = String;

    async fn handle(&self, event: Event) -> Result<Outcome, String> {
        self.handle_burst(vec![event]).await
    }

    async fn handle_burst(&self, events: Vec<Event>) -> Result<Outcome, String> {
        let ids = events.into_iter().map(|event| event.event_id.unwrap().as_str().to_owned()).collect();
        self.bursts.lock().unwrap().push(ids);
        let mut failures = self.failures.lock().unwrap();
        if *failures == 0 {
            return Ok(Outcome::Handled);
        }
        *failures -= 1;
        Err("as prepared".to_owned())
    }
}

struct Test {
    store: MemoryStore,
    inbox: Inbox,
    bot: Bot,
}

impl Test {
    fn new(bot: Bot) -> Self {
        let store = MemoryStore::new();
        Self { inbox: Inbox::new(store.clone()), store, bot }
    }

    fn receive(&self, ids: &[&str]) {
        for id in ids {
            block_on(self.inbox.enqueue(&event(id, &id[..1]))).unwrap();
        }
    }

    /// Lets the worker look at what waits, at this time of the store.
    fn work(&self) {
        let retry = RetryPolicy::default().max_attempts(3).first_delay(MS).max_delay(MS);
        let worker = self.inbox.worker(self.bot.clone()).retry(retry).debounce(QUIET, AT_MOST);
        block_on(worker.run_until(self.store.sleep(60 * MS)));
    }

    fn pass(&self, duration: Duration) {
        self.store.advance(duration);
        self.work();
    }
}

#[test]
fn what_arrives_in_a_chat_until_it_is_quiet_is_one_burst() {
    let test = Test::new(Bot::default());
    test.receive(&["a1", "b1"]);
    test.pass(QUIET / 2);
    test.receive(&["a2", "a3"]);
    test.pass(QUIET / 2 + 100 * MS);
    assert_eq!(test.bot.bursts(), [["b1"]], "the chat a is not quiet yet");
    test.pass(QUIET);
    assert_eq!(test.bot.bursts()[1..], [["a1", "a2", "a3"]]);
    test.receive(&["a4"]);
    test.pass(QUIET + MS);
    assert_eq!(test.bot.bursts()[2..], [["a4"]]);
    assert_eq!(block_on(test.inbox.stats()).unwrap().waiting, 0);
}

#[test]
fn a_chat_that_is_never_quiet_waits_no_longer_than_the_maximum() {
    let test = Test::new(Bot::default());
    let mut ids = Vec::new();
    for at in 0..16 {
        ids.push(format!("a{at}"));
        test.receive(&[ids[at].as_str()]);
        test.pass(Duration::from_secs(1));
    }
    assert_eq!(test.bot.bursts().len(), 1, "{:?}", test.bot.bursts());
    assert!(test.bot.bursts()[0].len() >= 14, "{:?}", test.bot.bursts());
}

#[test]
fn a_burst_that_fails_is_repeated_with_the_same_events_and_given_up_as_a_whole() {
    for (failures, dead) in [(1, 0), (3, 2)] {
        let test = Test::new(Bot::failing(failures));
        test.receive(&["a1", "a2"]);
        test.pass(QUIET + MS);
        for _ in 0..3 {
            test.receive(&["a3"]);
            test.pass(QUIET + MS);
        }
        let bursts = test.bot.bursts();
        let (last, attempts) = bursts.split_last().unwrap();
        assert_eq!(last, &["a3"]);
        assert_eq!(attempts, vec![["a1", "a2"]; usize::try_from(failures.min(2)).unwrap() + 1]);
        assert_eq!(block_on(test.inbox.stats()).unwrap().dead, dead);
    }
}

/// Takes received messages only.
struct Picky(Bot);

impl EventHandler for Picky {
    type Error = String;
    const EVENTS: &'static [Interest] = &[Interest::Only(MessageReceived::EVENT)];

    async fn handle(&self, event: Event) -> Result<Outcome, String> {
        self.0.handle(event).await
    }

    async fn handle_burst(&self, events: Vec<Event>) -> Result<Outcome, String> {
        self.0.handle_burst(events).await
    }
}

#[test]
fn an_event_that_cannot_be_read_ends_a_burst_and_becomes_a_dead_letter() {
    let test = Test::new(Bot::default());
    test.receive(&["a1", "a2"]);
    let unreadable = r#"{"api_version":"v3","event_id":"a3","event_type":"message.received","data":{"chat":{"id":"a"},"parts":1}}"#;
    let error = Event::parse_unverified(unreadable.to_owned()).unwrap_err();
    block_on(test.inbox.enqueue(error.event().unwrap())).unwrap();
    test.receive(&["a4"]);
    test.store.advance(QUIET + MS);
    let worker = test.inbox.worker(Picky(test.bot.clone())).debounce(QUIET, AT_MOST);
    block_on(worker.run_until(test.store.sleep(100 * MS)));
    assert_eq!(test.bot.bursts(), [vec!["a1", "a2"], vec!["a4"]]);
    let dead = block_on(test.inbox.dead_letters(0, 10)).unwrap();
    assert_eq!(dead.iter().map(|letter| letter.id.as_str()).collect::<Vec<_>>(), ["a3"]);
}
