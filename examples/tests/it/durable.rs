//! The bots with a durable inbox and outbox.

use std::{collections::BTreeMap, process::Command, time::Duration};

use linq::{
    durable::{Delivery, Outbox, SendState},
    sandbox::Sandbox,
    sqlite::Store,
    types::events::EventType,
    webhooks::block_on,
};

use super::{
    program::Program,
    server::Server,
    subscribed::{subscribed, subscribed_to},
};

const EVENTS: [EventType; 3] =
    [EventType::MessageReceived, EventType::MessageSent, EventType::MessageDelivered];

/// The timeout of what processes do together.
const LONG: Duration = Duration::from_secs(30);

/// Returns a sandbox that delivers webhooks one after the other, which the API does not promise.
async fn in_order() -> Sandbox {
    Sandbox::builder().max_concurrent_deliveries(1).start().await.unwrap()
}

/// Lets three people write in turn.
fn write(sandbox: &Sandbox, numbers: impl Iterator<Item = usize>) {
    for number in numbers {
        let person = format!("+1202555019{}", number % 3);
        sandbox.person(person).says(format!("Question {number}")).unwrap();
    }
}

/// Returns the texts of the answers, by chat.
fn answers(sandbox: &Sandbox) -> BTreeMap<String, Vec<String>> {
    let mut answers = BTreeMap::<_, Vec<_>>::new();
    for message in sandbox.sent() {
        answers.entry(message.chat_id.to_string()).or_default().push(message.text());
    }
    answers
}

/// Asserts that each of the first questions was answered once, in order.
fn assert_answered(sandbox: &Sandbox, count: usize) {
    let mut expected: Vec<Vec<String>> = vec![Vec::new(); 3];
    for number in 0..count {
        expected[number % 3].push(format!("You wrote: Question {number}"));
    }
    let mut answers: Vec<_> = answers(sandbox).into_values().collect();
    answers.sort_by_key(|texts| expected.iter().position(|chat| chat.first() == texts.first()));
    assert_eq!(answers, expected);
}

fn of(command: &str, sandbox: &Sandbox) -> Command {
    let mut command = Command::new(command);
    command.env("LINQ_API_V3_BASE_URL", sandbox.base_url()).env("LINQ_API_V3_API_KEY", sandbox.api_key());
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_on_sqlite_answers_each_message_once_and_tracks_its_answers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bot.db");
    let sandbox = in_order().await;
    let mut bot = of(env!("CARGO_BIN_EXE_durable_sqlite"), &sandbox);
    let (mut running, _) = subscribed_to(&EVENTS, bot.env("STORE", &file), &sandbox).await;

    write(&sandbox, 0..12);
    let outbox = Outbox::new(Store::open(&file).unwrap());
    let delivered = || {
        let records = block_on(outbox.list(Some(SendState::Accepted), 0, 100)).unwrap();
        records.iter().filter(|record| record.delivery >= Some(Delivery::Delivered)).count()
    };
    sandbox.until(|_| delivered() == 12).within(LONG).await;
    assert_answered(&sandbox, 12);
    #[cfg(unix)]
    {
        running.signal("-TERM");
        assert!(running.finish().0.success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_on_postgres_receives_in_one_process_and_answers_in_others() {
    let Some(server) = Server::start() else { return };
    let sandbox = in_order().await;
    let mut bot = of(env!("CARGO_BIN_EXE_durable_postgres"), &sandbox);
    bot.env("DATABASE", server.address());

    let (mut receiver, _) = subscribed(bot.arg("receive"), &sandbox).await;
    write(&sandbox, 0..12);
    let stored =
        |sandbox: &Sandbox| sandbox.deliveries().iter().filter(|delivery| delivery.succeeded()).count();
    sandbox.until(|sandbox| stored(sandbox) == 12).within(LONG).await;
    receiver.child.kill().unwrap();
    assert!(sandbox.sent().is_empty());

    let mut bot = of(env!("CARGO_BIN_EXE_durable_postgres"), &sandbox);
    bot.env("DATABASE", server.address()).arg("work");
    let mut workers = [Program::start(&mut bot), Program::start(&mut bot)];
    sandbox.until(|sandbox| sandbox.sent().len() >= 12).within(LONG).await;
    assert_answered(&sandbox, 12);
    for worker in &mut workers {
        assert_eq!(worker.next_line(), "works");
    }
}
