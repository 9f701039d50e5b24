//! Runs the worker on a store in which events wait.
#![cfg(test)]

use std::{process::Command, time::Duration};

use linq::{
    durable::{Inbox, Outbox, SendState},
    sqlite::Store,
    types::{events::Event, messages::Message},
    webhooks::block_on,
};
use linq_sandbox::Sandbox;

use crate::program::Program;

#[path = "../../tests/it/program.rs"]
mod program;

#[tokio::test(flavor = "multi_thread")]
async fn it_answers_stored_events_in_order_and_without_tokio() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bot.db");
    let sandbox = Sandbox::start().await.unwrap();
    let said = sandbox.person("+12025550199").says("Hello!").unwrap();
    let store = Store::open(&file).unwrap();
    let inbox = Inbox::new(store.clone());
    for number in 0..5 {
        let body = format!(
            r#"{{"event_id":"e{number}","event_type":"message.received","webhook_version":"2026-02-03","data":{{"id":"m{number}","chat":{{"id":"{}"}},"direction":"inbound","parts":[{{"type":"text","value":"Question {number}"}}]}}}}"#,
            said.chat_id
        );
        inbox.enqueue(&Event::parse_unverified(body).unwrap()).await.unwrap();
    }
    let mut worker = Program::start(
        Command::new(env!("CARGO_BIN_EXE_linq-example-durable-blocking"))
            .env("STORE", &file)
            .env("LINQ_API_V3_BASE_URL", sandbox.base_url())
            .env("LINQ_API_V3_API_KEY", sandbox.api_key()),
    );
    assert_eq!(worker.next_line(), "works");
    for number in 0..5 {
        assert_eq!(worker.next_line(), format!("handles “Question {number}”"));
    }
    let outbox = Outbox::new(store);
    let accepted = || block_on(outbox.list(Some(SendState::Accepted), 0, 10)).unwrap().len();
    sandbox.until(|_| accepted() == 5).within(Duration::from_secs(20)).await;
    let texts: Vec<_> = sandbox.sent().iter().map(Message::text).collect();
    let expected: Vec<_> = (0..5).map(|number| format!("You wrote: Question {number}")).collect();
    assert_eq!(texts, expected);

    #[cfg(unix)]
    {
        worker.signal("-TERM");
        let (_, lines) = worker.finish();
        assert_eq!(lines, [""; 0], "handled twice");
    }
}
