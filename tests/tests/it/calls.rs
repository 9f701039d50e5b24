//! What a call does beyond its request: time limits, keys, and what comes with the value.

use std::time::Duration;

use linq_core::{Error, ErrorKind, TransportErrorKind, types::messages::MessageContent};
use serde_json::json;
use tokio::time::Instant;

use super::script::{Answer, CHAT, Script, both};

const DEADLINE: Duration = Duration::from_secs(10);

fn unreachable() -> Answer {
    Answer::Fails(TransportErrorKind::Connect)
}

fn lost() -> Answer {
    Answer::Fails(TransportErrorKind::Other)
}

fn assert_past_deadline(error: &Error, kind: ErrorKind) {
    assert_eq!(error.kind(), kind);
    assert!(error.to_string().contains("the deadline of the call has passed"), "{error}");
    assert!(error.idempotency_key().is_some());
}

#[tokio::test(start_paused = true)]
async fn the_deadline_cuts_an_attempt_off_and_says_that_it_may_have_been_sent() {
    let script = Script::new([Answer::Hangs, Answer::Hangs, Answer::Hangs]);
    let (client, _) = script.clients(|builder| builder.deadline(Duration::from_secs(600)));
    let chats = client.chats();
    let started = Instant::now();
    let send = chats.messages(CHAT).send("Hello!").timeout(Duration::from_secs(4)).max_attempts(9);
    let error = send.deadline(DEADLINE).await.unwrap_err();
    assert_eq!(started.elapsed().as_secs(), DEADLINE.as_secs());
    assert_past_deadline(&error, ErrorKind::Timeout);
    assert_eq!((error.attempts(), error.maybe_sent()), (3, true));
}

#[tokio::test(start_paused = true)]
async fn no_wait_begins_that_the_deadline_would_cut_off_and_the_error_says_that_nothing_was_sent() {
    let script = Script::new([(); 5].map(|()| unreachable()));
    let (client, _) = script.clients(|builder| builder.deadline(DEADLINE).max_attempts(9));
    let started = Instant::now();
    let error = client.chats().messages(CHAT).send("Hello!").await.unwrap_err();
    // The delays until then are half a second to four seconds, and the next one is eight, each shortened by up to a quarter.
    assert!((5..8).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
    assert_past_deadline(&error, ErrorKind::Connect);
    assert_eq!((error.attempts(), error.maybe_sent()), (5, false));
}

#[test]
fn the_blocking_client_bounds_each_attempt_by_the_deadline_and_starts_no_wait_beyond_it() {
    let deadline = Duration::from_millis(300);
    for (answer, kind, maybe_sent) in [
        (Answer::Hangs, ErrorKind::Timeout, true),
        (lost(), ErrorKind::Timeout, true),
        (unreachable(), ErrorKind::Connect, false),
    ] {
        let script = Script::new([answer]);
        let client = script.blocking();
        let error = client.chats().messages(CHAT).send("Hello!").deadline(deadline).call().unwrap_err();
        assert_past_deadline(&error, kind);
        assert_eq!((error.attempts(), error.maybe_sent()), (1, maybe_sent));
        let played = script.played();
        assert!(played.timeouts[0] <= deadline, "{:?}", played.timeouts);
        assert!(played.waits.is_empty(), "{:?}", played.waits);
    }
}

#[test]
fn the_blocking_client_tries_again_within_the_deadline() {
    let script = Script::new([Answer::Hangs, lost(), Answer::sent("pending")]);
    let client = script.blocking();
    client.chats().messages(CHAT).send("Hello!").deadline(Duration::from_secs(3600)).call().unwrap();
    assert_eq!(script.played().waits.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_replay_of_a_message_that_failed_is_an_error() {
    let answers = [lost(), Answer::sent("failed").header("x-trace-id", "t1")];
    for (outcome, script) in
        both!(answers.clone(), |client| client.chats().messages(CHAT).send("Hello!").idempotency_key("k1"))
    {
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::FailedMessage, 2));
        assert_eq!(error.idempotency_key().unwrap(), "k1");
        assert_eq!(error.trace_id().unwrap(), "t1");
        assert_eq!(error.status().unwrap(), 202);
        assert!(error.maybe_sent() && error.body().is_some());
        assert_eq!(script.played().requests.len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn meta_has_status_headers_trace_id_attempts_and_the_key_that_was_sent() {
    let answers = [Answer::error(503, 4004), Answer::sent("pending").header("x-trace-id", "t1")];
    for (outcome, script) in
        both!(answers.clone(), |client| client.chats().messages(CHAT).send("Hello!").with_meta())
    {
        let sent = outcome.unwrap();
        assert_eq!(sent.value.message.id, "m1");
        assert_eq!((sent.meta.status().as_u16(), sent.meta.attempts()), (202, 2));
        assert_eq!(sent.meta.trace_id().unwrap(), "t1");
        assert_eq!(sent.meta.headers()["x-trace-id"], "t1");
        for request in &script.played().requests {
            let key = &request.json()["message"]["idempotency_key"];
            assert_eq!(key, sent.meta.idempotency_key().unwrap().as_str());
        }
    }
}

#[tokio::test]
async fn raw_returns_the_bytes_unchanged() {
    let body = "neither {JSON nor empty";
    let answers = [Answer::Response { status: 202, headers: vec![("x-trace-id", "t1")], body: body.into() }];
    for (outcome, _) in
        both!(answers.clone(), |client| client.chats().messages(CHAT).send("Hello!").raw().with_meta())
    {
        let raw = outcome.unwrap();
        assert_eq!((raw.value.as_ref(), raw.meta.attempts()), (body.as_bytes(), 1));
        assert_eq!(raw.meta.trace_id().unwrap(), "t1");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_send_can_be_repeated_with_the_key_of_its_error() {
    let answers = [lost(), lost(), Answer::Hangs, Answer::sent("pending")];
    let (script, message) = (Script::new(answers), MessageContent::from("Hello!"));
    let client = script.client();
    let error = client.chats().messages(CHAT).send(message.clone()).await.unwrap_err();
    assert!(error.maybe_sent());
    let key = error.idempotency_key().unwrap();
    client.chats().messages(CHAT).send(message).idempotency_key(key).await.unwrap();
    for request in &script.played().requests {
        assert_eq!(request.json()["message"]["idempotency_key"], key.as_str());
    }
}

#[tokio::test(start_paused = true)]
async fn a_send_whose_key_was_overwritten_is_not_repeated() {
    let message = json!({"parts": [{"type": "text", "value": "Hello!"}]});
    for (outcome, script) in
        both!([lost()], |client| client.chats().messages(CHAT).send("").body_field("message", &message))
    {
        let error = outcome.unwrap_err();
        assert_eq!((error.attempts(), error.maybe_sent(), error.idempotency_key()), (1, true, None));
        assert_eq!(script.played().requests[0].json()["message"], message);
    }
}

#[tokio::test(start_paused = true)]
async fn the_key_in_an_overwritten_message_makes_the_send_repeatable() {
    let message = json!({"parts": [{"type": "text", "value": "Hello!"}], "idempotency_key": "k1"});
    for (outcome, script) in both!([lost(), Answer::sent("pending")], |client| {
        client.chats().messages(CHAT).send("").body_field("message", &message).with_meta()
    }) {
        assert_eq!(outcome.unwrap().meta.idempotency_key().unwrap(), "k1");
        assert!(script.played().requests.iter().all(|request| request.json()["message"] == message));
    }
}

#[tokio::test(start_paused = true)]
async fn the_key_of_the_call_is_sent_in_an_overwritten_message_too() {
    let message = json!({"parts": [{"type": "text", "value": "Hello!"}]});
    for (outcome, script) in both!([lost(), Answer::sent("pending")], |client| {
        let send = client.chats().messages(CHAT).send("").body_field("message", &message);
        send.idempotency_key("k1").with_meta()
    }) {
        assert_eq!(outcome.unwrap().meta.idempotency_key().unwrap(), "k1");
        for request in &script.played().requests {
            assert_eq!(request.json()["message"]["idempotency_key"], "k1");
        }
    }
}
