//! Processes that die at each operation of the store in turn.

use std::{collections::BTreeMap, future::poll_fn, pin::pin, task::Poll, time::Duration};

use linq_durable::{
    Enqueued, Inbox, MemoryStore, RetryPolicy, Store,
    testing::{CrashStore, Moment},
};
use linq_webhooks::block_on;

use super::{
    bot::{Bot, Step::Fail},
    delivery::event,
};

const MS: Duration = Duration::from_millis(1);
const LEASE: Duration = Duration::from_secs(60);
const CONCURRENCY: usize = 2;
const EVENTS: [(&str, &str); 6] =
    [("a1", "a"), ("b1", "b"), ("a2", "a"), ("poison", "b"), ("b2", "b"), ("a3", "a")];

/// Runs the future until the process dies, if it does.
async fn until_death(process: &CrashStore<MemoryStore>, future: impl Future<Output = ()>) {
    let (mut future, mut died) = (pin!(future), pin!(process.died()));
    poll_fn(|context| match died.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(()),
        Poll::Pending => future.as_mut().poll(context),
    })
    .await;
}

/// The service: it delivers each event until it is stored.
async fn deliver(inbox: &Inbox, stored: &mut Vec<&'static str>) {
    for (id, chat) in EVENTS {
        if !stored.contains(&id) && inbox.enqueue(&event(id, chat)).await.is_ok() {
            stored.push(id);
        }
    }
}

async fn emptied(inbox: &Inbox) {
    while inbox.stats().await.unwrap().waiting > 0 {
        inbox_pause().await;
    }
}

async fn inbox_pause() {
    MemoryStore::new().sleep(MS).await;
}

/// One process after the other: the first dies at this operation, the second one finishes.
fn live(operation: u64, moment: Moment) -> (MemoryStore, Bot, bool) {
    let store = MemoryStore::new();
    let bot = Bot::default();
    bot.prepare("poison", vec![Fail("no use"); 100]);
    let mut stored = Vec::new();
    let retry = RetryPolicy::default().max_attempts(3).first_delay(Duration::ZERO);
    let process = CrashStore::new(store.clone(), operation, moment);
    let first = Inbox::new(process.clone());
    block_on(until_death(&process, async {
        deliver(&first, &mut stored).await;
        let worker = first.worker(bot.clone()).concurrency(CONCURRENCY).retry(retry.clone());
        worker.run_until(emptied(&first)).await;
    }));
    let died = process.is_dead();
    // The leases of the dead process end.
    store.advance(LEASE + Duration::from_secs(1));
    let second = Inbox::new(store.clone());
    block_on(async {
        deliver(&second, &mut stored).await;
        let worker = second.worker(bot.clone()).concurrency(CONCURRENCY).retry(retry);
        worker.run_until(emptied(&second)).await;
    });
    (store, bot, died)
}

#[test]
fn whenever_a_process_dies_each_event_is_handled_and_in_order() {
    for moment in [Moment::BeforeEffect, Moment::AfterEffect] {
        let mut operation = 1;
        loop {
            let (store, bot, died) = live(operation, moment);
            check(&store, &bot, &format!("died at operation {operation}, {moment:?}"));
            if !died {
                break;
            }
            operation += 1;
        }
        assert!(operation > 20, "only {operation} operations");
    }
}

fn check(store: &MemoryStore, bot: &Bot, case: &str) {
    let handled = bot.handled();
    let mut times = BTreeMap::new();
    for id in &handled {
        *times.entry(id.as_str()).or_insert(0) += 1;
    }
    for (id, chat) in EVENTS {
        let count = times.get(id).copied().unwrap_or_default();
        match id {
            "poison" => assert_eq!(count, 0, "{case}: {handled:?}"),
            // The death between the end of the handler and the settlement makes it two.
            _ => assert!((1..=2).contains(&count), "{case}: {id} {count} times: {handled:?}"),
        }
        let mut of_chat: Vec<_> =
            handled.iter().filter(|id| EVENTS.contains(&(id.as_str(), chat))).map(String::as_str).collect();
        of_chat.dedup();
        let expected: Vec<_> =
            EVENTS.iter().filter(|(id, of)| *of == chat && *id != "poison").map(|(id, _)| *id).collect();
        assert_eq!(of_chat, expected, "{case}: the order in the chat {chat}");
    }
    assert!(times.values().filter(|count| **count > 1).count() <= CONCURRENCY, "{case}: {handled:?}");
    let inbox = Inbox::new(store.clone());
    let dead = block_on(inbox.dead_letters(0, 10)).unwrap();
    assert_eq!(dead.len(), 1, "{case}: {dead:?}");
    assert_eq!(dead[0].id, "poison", "{case}");
    // One more claim finds that the last attempt did not end.
    assert!((3..=4).contains(&dead[0].attempts), "{case}: {dead:?}");
    for (id, chat) in EVENTS {
        let again = block_on(inbox.enqueue(&event(id, chat))).unwrap();
        assert_eq!(again, Enqueued::Duplicate, "{case}: {id} was forgotten");
    }
}
