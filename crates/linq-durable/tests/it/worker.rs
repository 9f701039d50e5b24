use std::{
    cell::RefCell,
    future::{Future as _, pending, poll_fn},
    pin::pin,
    rc::Rc,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use linq_durable::{
    AttemptEnd, Inbox, ItemState, MemoryStore, QueueName, RetryPolicy, Store,
    testing::{CrashStore, Moment},
};
use linq_types::events::{Event, EventData};
use linq_webhooks::{EventHandler, Outcome, block_on};

use super::{
    bot::{
        Bot,
        Step::{Fail, Hang, Panic, Take},
    },
    delivery::{body, event},
};

const MS: Duration = Duration::from_millis(1);

fn fill(inbox: &Inbox, events: &[(&str, &str)]) {
    for (id, chat) in events {
        block_on(inbox.enqueue(&event(id, chat))).unwrap();
    }
}

/// Completes when nothing waits any more.
async fn emptied(inbox: &Inbox, store: &MemoryStore) {
    while inbox.stats().await.unwrap().waiting > 0 {
        store.sleep(5 * MS).await;
    }
}

fn quick() -> RetryPolicy {
    RetryPolicy::default().first_delay(MS).max_delay(MS)
}

#[test]
fn events_of_a_chat_are_handled_in_order_and_those_of_others_side_by_side() {
    let store = MemoryStore::new();
    let (inbox, bot) = (Inbox::new(store.clone()), Bot::default());
    let events = [("a1", "a"), ("b1", "b"), ("a2", "a"), ("c1", "c"), ("b2", "b"), ("a3", "a")];
    for (id, _) in events {
        bot.prepare(id, [Take(20 * MS)]);
    }
    fill(&inbox, &events);
    block_on(inbox.worker(bot.clone()).concurrency(3).run_until(emptied(&inbox, &store)));
    for chat in ["a", "b", "c"] {
        let handled: Vec<_> = bot.handled().into_iter().filter(|id| id.starts_with(chat)).collect();
        let expected: Vec<_> = events.iter().filter(|(_, of)| *of == chat).map(|(id, _)| *id).collect();
        assert_eq!(handled, expected);
    }
    assert_eq!(bot.most_running(), 3);
}

#[test]
fn no_more_events_are_handled_at_once_than_the_concurrency() {
    let store = MemoryStore::new();
    let (inbox, bot) = (Inbox::new(store.clone()), Bot::default());
    for at in 0..20 {
        let id = format!("e{at}");
        bot.prepare(&id, [Take(5 * MS)]);
        fill(&inbox, &[(&id, &id)]);
    }
    block_on(inbox.worker(bot.clone()).concurrency(4).run_until(emptied(&inbox, &store)));
    assert_eq!((bot.handled().len(), bot.most_running()), (20, 4));
}

#[test]
fn a_failing_event_is_retried_before_the_next_of_its_chat() {
    let store = MemoryStore::new();
    let (inbox, bot) = (Inbox::new(store.clone()), Bot::default());
    bot.prepare("a1", [Fail("no"), Panic]);
    fill(&inbox, &[("a1", "a"), ("a2", "a"), ("b1", "b")]);
    block_on(inbox.worker(bot.clone()).retry(quick()).run_until(emptied(&inbox, &store)));
    let in_chat: Vec<_> = bot.log().into_iter().filter(|line| line.contains('a')).collect();
    assert_eq!(in_chat, ["+a1", "+a1", "+a1", "-a1", "+a2", "-a2"]);
}

#[test]
fn an_event_that_fails_each_time_becomes_a_dead_letter_and_its_chat_goes_on() {
    let store = MemoryStore::new();
    let (inbox, bot) = (Inbox::new(store.clone()), Bot::default());
    bot.prepare("a1", vec![Fail("no use"); 8]);
    fill(&inbox, &[("a1", "a"), ("a2", "a")]);
    let ends = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&ends);
    let worker = inbox.worker(bot.clone()).retry(quick()).observe(move |attempt| {
        let end = match attempt.end {
            AttemptEnd::Completed => "completed",
            AttemptEnd::Retried { .. } => "retried",
            AttemptEnd::DeadLettered { error, .. } => {
                assert_eq!(error, "no use");
                "dead"
            }
            _ => "other",
        };
        seen.lock().unwrap().push(format!("{} {} {end}", attempt.item.id, attempt.item.attempts));
    });
    block_on(worker.run_until(emptied(&inbox, &store)));
    let mut expected: Vec<_> = (1..8).map(|attempt| format!("a1 {attempt} retried")).collect();
    expected.extend(["a1 8 dead".to_owned(), "a2 1 completed".to_owned()]);
    assert_eq!(*ends.lock().unwrap(), expected);
    let dead = block_on(inbox.dead_letters(0, 10)).unwrap();
    assert_eq!((dead.len(), dead[0].last_error.as_deref()), (1, Some("no use")));

    assert!(block_on(inbox.revive("a1")).unwrap());
    block_on(inbox.worker(bot.clone()).run_until(emptied(&inbox, &store)));
    assert_eq!(bot.handled(), ["a2", "a1"]);
}

#[test]
fn an_event_that_kills_its_process_each_time_becomes_a_dead_letter_and_its_chat_goes_on() {
    let store = MemoryStore::new();
    let (inbox, bot) = (Inbox::new(store.clone()), Bot::default());
    fill(&inbox, &[("a1", "a"), ("a2", "a")]);
    let lease = Duration::from_secs(60);
    for _ in 0..3 {
        let claims = block_on(store.claim(&QueueName::from("inbox"), 1, lease)).unwrap();
        assert_eq!(claims[0].item.id, "a1");
        store.advance(lease + MS);
    }
    block_on(inbox.worker(bot.clone()).retry(quick().max_attempts(3)).run_until(emptied(&inbox, &store)));
    assert_eq!(bot.log(), ["+a2", "-a2"]);
    let dead = block_on(inbox.dead_letters(0, 10)).unwrap();
    assert_eq!(dead[0].id, "a1");
    assert!(dead[0].last_error.as_ref().unwrap().contains("did not end"), "{dead:?}");
}

/// Records the attempts of all events that wait when an event is handled, and hangs.
struct Looks {
    store: MemoryStore,
    attempts: Mutex<Vec<Vec<u32>>>,
}

impl EventHandler for Looks {
    type Error = String;

    async fn handle(&self, _: Event) -> Result<Outcome, String> {
        let items = self.store.list(&QueueName::from("inbox"), ItemState::Waiting, 0, 10).await.unwrap();
        self.attempts.lock().unwrap().push(items.iter().map(|item| item.attempts).collect());
        pending().await
    }
}

#[test]
fn events_that_may_have_killed_their_process_are_put_back_before_one_of_them_is_handled() {
    let store = MemoryStore::new();
    let inbox = Inbox::new(store.clone());
    fill(&inbox, &[("a1", "a"), ("b1", "b"), ("c1", "c")]);
    let queue = QueueName::from("inbox");
    assert_eq!(block_on(store.claim(&queue, 10, MS)).unwrap().len(), 3);
    store.advance(2 * MS);
    let bot = Arc::new(Looks { store: store.clone(), attempts: Mutex::default() });
    let mut worker = pin!(inbox.worker(Arc::clone(&bot)).concurrency(8).run());
    let mut seen = pin!(store.sleep(50 * MS));
    block_on(poll_fn(|context| {
        assert!(worker.as_mut().poll(context).is_pending());
        seen.as_mut().poll(context)
    }));
    let mut attempts = bot.attempts.lock().unwrap().clone();
    attempts.iter_mut().for_each(|attempts| attempts.sort_unstable());
    assert_eq!(attempts, [[1, 1, 2]]);
}

#[test]
fn a_handler_that_hangs_is_dropped_after_the_timeout() {
    let store = MemoryStore::new();
    let (inbox, bot) = (Inbox::new(store.clone()), Bot::default());
    bot.prepare("a1", [Hang]);
    fill(&inbox, &[("a1", "a")]);
    let worker = inbox.worker(bot.clone()).retry(quick()).timeout(50 * MS);
    block_on(worker.run_until(emptied(&inbox, &store)));
    assert_eq!(bot.log(), ["+a1", "+a1", "-a1"]);
}

#[test]
fn a_lease_is_extended_while_the_handler_runs() {
    let store = MemoryStore::new();
    let (inbox, bot) = (Inbox::new(store.clone()), Bot::default());
    bot.prepare("a1", [Take(1500 * MS)]);
    fill(&inbox, &[("a1", "a")]);
    let worker = inbox.worker(bot.clone()).concurrency(2).lease(Duration::from_secs(1));
    block_on(worker.run_until(emptied(&inbox, &store)));
    assert_eq!(bot.log(), ["+a1", "-a1"]);
}

#[test]
fn a_handler_whose_lease_is_lost_is_dropped_and_the_event_handled_again() {
    let store = MemoryStore::new();
    let (inbox, bot) = (Inbox::new(store.clone()), Bot::overlapping());
    bot.prepare("a1", [Hang]);
    fill(&inbox, &[("a1", "a")]);
    let lost = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&lost);
    let worker =
        inbox.worker(bot.clone()).concurrency(2).lease(Duration::from_secs(1)).observe(move |attempt| {
            count.fetch_add(u32::from(attempt.end == AttemptEnd::LeaseLost), Ordering::Relaxed);
        });
    let late = async {
        store.sleep(50 * MS).await;
        store.advance(Duration::from_secs(2));
        emptied(&inbox, &store).await;
        while lost.load(Ordering::Relaxed) == 0 {
            store.sleep(5 * MS).await;
        }
    };
    block_on(worker.run_until(late));
    assert_eq!(bot.handled(), ["a1"]);
}

#[test]
fn a_handler_is_dropped_before_its_lease_ends_if_the_store_does_not_respond() {
    const EXTEND: u64 = 2;
    let store = MemoryStore::new();
    let bot = Bot::default();
    bot.prepare("a1", [Hang]);
    fill(&Inbox::new(store.clone()), &[("a1", "a")]);
    let silent = Inbox::new(CrashStore::new(store.clone(), EXTEND, Moment::BeforeEffect));
    let mut worker = pin!(silent.worker(bot.clone()).lease(Duration::from_secs(1)).run());
    let mut checks = pin!(async {
        store.sleep(500 * MS).await;
        assert_eq!(bot.running(), 1);
        store.sleep(450 * MS).await;
        assert_eq!(bot.running(), 0);
    });
    block_on(poll_fn(|context| {
        assert!(worker.as_mut().poll(context).is_pending());
        checks.as_mut().poll(context)
    }));
}

#[test]
fn a_shutdown_finishes_what_is_being_handled_and_leaves_the_rest() {
    let store = MemoryStore::new();
    let (inbox, bot) = (Inbox::new(store.clone()), Bot::default());
    bot.prepare("a1", [Take(100 * MS)]);
    fill(&inbox, &[("a1", "a"), ("a2", "a")]);
    block_on(inbox.worker(bot.clone()).run_until(store.sleep(30 * MS)));
    assert_eq!(bot.log(), ["+a1", "-a1"]);
    let stats = block_on(inbox.stats()).unwrap();
    assert_eq!((stats.waiting, stats.leased), (1, 0));
}

#[test]
fn a_handler_sees_that_a_later_event_of_the_chat_waits() {
    let store = MemoryStore::new();
    let inbox = Inbox::new(store);
    fill(&inbox, &[("a1", "a"), ("b1", "b")]);
    assert!(!block_on(inbox.has_newer(&event("a1", "a"))).unwrap());
    fill(&inbox, &[("a2", "a")]);
    assert!(block_on(inbox.has_newer(&event("a1", "a"))).unwrap());
}

/// Keeps the types of the events it gets. It is neither `Send` nor `Sync`.
#[derive(Clone, Default)]
struct Everything(Rc<RefCell<Vec<String>>>);

impl EventHandler for Everything {
    type Error = String;

    async fn handle(&self, event: Event) -> Result<Outcome, String> {
        let kind = if matches!(event.data, EventData::Unknown(_)) { "unknown" } else { "known" };
        self.0.borrow_mut().push(kind.to_owned());
        Ok(Outcome::Handled)
    }
}

#[test]
fn an_event_that_cannot_be_read_is_for_handlers_of_every_event_and_otherwise_a_dead_letter() {
    let store = MemoryStore::new();
    let inbox = Inbox::new(store.clone());
    let unreadable = body("a1", "a").replace(r#"[{"type":"text","value":"a1"}]"#, "7");
    let unreadable = Event::parse_unverified(unreadable).unwrap_err().into_event().unwrap();
    block_on(inbox.enqueue(&unreadable)).unwrap();
    block_on(inbox.worker(Bot::default()).run_until(emptied(&inbox, &store)));
    let dead = block_on(inbox.dead_letters(0, 10)).unwrap();
    let error = dead[0].last_error.clone().unwrap();
    assert!(error.contains("data.parts"), "{error}");

    assert!(block_on(inbox.revive("a1")).unwrap());
    let everything = Everything::default();
    block_on(inbox.worker(everything.clone()).run_until(emptied(&inbox, &store)));
    assert_eq!(*everything.0.borrow(), ["unknown"]);
}
