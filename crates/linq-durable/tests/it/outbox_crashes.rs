//! Processes that die at each operation of the store in turn, while they handle events and send what the handler recorded.

use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use linq_core::Pace;
use linq_durable::{
    AddError, Inbox, Ledger, MemoryStore, Outbox, RetryPolicy, SendState,
    testing::{CrashStore, Moment},
};
use linq_types::events::Event;
use linq_webhooks::{EventHandler, Outcome, block_on};

use super::{
    api::{Api, Reply},
    delivery::event,
};

const MS: Duration = Duration::from_millis(1);
const EVENTS: [(&str, &str); 5] = [("a1", "a"), ("b1", "b"), ("a2", "a"), ("b2", "b"), ("a3", "a")];

/// Answers each event with its id, twice.
struct Bot {
    outbox: Outbox,
    api: Api,
}

impl EventHandler for Bot {
    type Error = AddError;

    async fn handle(&self, event: Event) -> Result<Outcome, AddError> {
        let id = event.event_id.as_ref().map_or("", |id| id.as_str()).to_owned();
        let client = self.api.client();
        let chat = client.chats().messages(event.chat_id().unwrap());
        self.outbox.once(&event, "first").add(chat.send(format!("{id} first"))).await?;
        self.outbox.once(&event, "second").add(chat.send(format!("{id} second"))).await?;
        Ok(Outcome::Handled)
    }
}

async fn all<A: Future<Output = ()>, B: Future<Output = ()>>(first: A, second: B) {
    let (mut first, mut second) = (pin!(first), pin!(second));
    let (mut is_first_done, mut is_second_done) = (false, false);
    poll_fn(|context| {
        is_first_done = is_first_done || first.as_mut().poll(context).is_ready();
        is_second_done = is_second_done || second.as_mut().poll(context).is_ready();
        if is_first_done && is_second_done { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// Works in a process on this store until everything is done.
async fn live<S: Ledger + Clone>(store: &S, clock: &MemoryStore, api: &Api) {
    let (inbox, outbox) = (Inbox::new(store.clone()), Outbox::new(store.clone()));
    for (id, chat) in EVENTS {
        inbox.enqueue(&event(id, chat)).await.unwrap();
    }
    let retry = RetryPolicy::default().first_delay(Duration::ZERO);
    let bot = Bot { outbox: outbox.clone(), api: api.clone() };
    let worker = inbox.worker(bot).concurrency(2).retry(retry.clone());
    let dispatcher = outbox.dispatcher(api.client()).concurrency(2).retry(retry).pace(Pace::new());
    let done = async || {
        loop {
            let (events, sends) = (inbox.stats().await.unwrap(), outbox.stats().await.unwrap());
            if events.waiting + sends.waiting == 0 {
                break;
            }
            store.sleep(MS).await;
            // What may have killed its process is handled one after the other.
            clock.advance(200 * MS);
        }
    };
    all(worker.run_until(done()), dispatcher.run_until(done())).await;
}

/// Runs the future until the process dies, if it does.
async fn until_death(process: &CrashStore<MemoryStore>, future: impl Future<Output = ()>) {
    let (mut future, mut died) = (pin!(future), pin!(process.died()));
    poll_fn(|context| match died.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(()),
        Poll::Pending => future.as_mut().poll(context),
    })
    .await;
}

#[test]
fn whenever_a_process_dies_each_send_is_executed_once_and_in_order() {
    for moment in [Moment::BeforeEffect, Moment::AfterEffect] {
        let mut operation = 1;
        loop {
            let store = MemoryStore::new();
            let api = Api::replying([Reply::Execute, Reply::LoseAnswer]);
            let process = CrashStore::new(store.clone(), operation, moment);
            block_on(until_death(&process, live(&process, &store, &api)));
            // The leases of the dead process end.
            store.advance(Duration::from_secs(61));
            block_on(live(&store, &store, &api));
            check(&store, &api, &format!("died at operation {operation}, {moment:?}"));
            if !process.is_dead() {
                break;
            }
            operation += 1;
        }
        assert!(operation > 60, "only {operation} operations");
    }
}

fn check(store: &MemoryStore, api: &Api, case: &str) {
    for chat in ["a", "b"] {
        let sent: Vec<_> =
            api.executed().into_iter().filter(|(of, _)| of == chat).map(|(_, text)| text).collect();
        let events = EVENTS.iter().filter(|(_, of)| *of == chat);
        let expected: Vec<_> =
            events.flat_map(|(id, _)| [format!("{id} first"), format!("{id} second")]).collect();
        assert_eq!(sent, expected, "{case}");
    }
    let outbox = Outbox::new(store.clone());
    let records = block_on(outbox.list(None, 0, 100)).unwrap();
    assert_eq!(records.len(), 2 * EVENTS.len(), "{case}");
    assert!(records.iter().all(|record| record.state == SendState::Accepted), "{case}: {records:?}");
}
