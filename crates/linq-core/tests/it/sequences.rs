//! Several messages with pauses, in virtual time.

use std::time::Duration;

use linq_core::{
    ErrorKind, EventWatch,
    types::events::{Event, EventKeys},
};
use serde_json::json;

use super::timeline::{Timeline, error, ok};

const SECOND: Duration = Duration::from_secs(1);

fn parts() -> [(Duration, &'static str); 3] {
    [(Duration::ZERO, "one"), (SECOND * 5, "two"), (SECOND * 70, "three")]
}

fn answer(chat: &str, more: &serde_json::Value) -> Event {
    let mut data = json!({"id": "m9", "chat": {"id": chat}, "direction": "inbound", "parts": []});
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let body = json!({
        "api_version": "v3", "webhook_version": "2026-02-03", "event_type": "message.received", "event_id": "e1", "data": data,
    });
    Event::parse_unverified(body.to_string()).unwrap()
}

#[test]
fn messages_are_sent_in_order_with_typing_in_the_pauses() {
    let timeline = Timeline::new();
    let client = timeline.client();
    let outcome = timeline.run(async { client.chats().messages("c").send_all(parts()).await }).unwrap();
    assert_eq!((outcome.sent.len(), outcome.is_answered), (3, false));
    let expected = [
        "0 POST /chats/c/messages",
        "0 POST /chats/c/typing",
        "5 POST /chats/c/messages",
        "5 POST /chats/c/typing",
        "65 POST /chats/c/typing",
        "75 POST /chats/c/messages",
    ];
    assert_eq!(timeline.take(), expected);
    let texts: Vec<_> = timeline.bodies().into_iter().filter(|body| !body.is_empty()).collect();
    assert!(texts.iter().zip(["one", "two", "three"]).all(|(body, text)| body.contains(text)), "{texts:?}");
}

#[test]
fn an_answer_in_the_chat_ends_it_and_removes_the_indicator() {
    let (none, history) = (json!({}), json!({"reconciled_at": "2026-09-01T10:00:00Z"}));
    let own = json!({"direction": "outbound"});
    for (event, is_answered) in [
        (answer("c", &none), true),
        (answer("other", &none), false),
        (answer("c", &history), false),
        (answer("c", &own), false),
    ] {
        let (watch, timeline) = (EventWatch::new(), Timeline::new());
        watch.observe(&answer("c", &none)); // the message that is being answered
        let client = timeline.client();
        let send_all = client.chats().messages("c").send_all(parts()).until_answered(&watch);
        let later = timeline.clone();
        let task = Box::pin(async move {
            later.pause(3).await;
            watch.observe(&event);
        });
        let outcome = timeline.run_beside(async { send_all.await }, Some(task)).unwrap();
        assert_eq!((outcome.is_answered, outcome.sent.len()), (is_answered, if is_answered { 1 } else { 3 }));
        if is_answered {
            let expected = ["0 POST /chats/c/messages", "0 POST /chats/c/typing", "3 DELETE /chats/c/typing"];
            assert_eq!(timeline.take(), expected);
        }
    }
}

#[test]
fn an_answer_before_the_first_message_leaves_all_unsent() {
    let (watch, timeline) = (EventWatch::new(), Timeline::new());
    let client = timeline.client();
    let send_all = client.chats().messages("c").send_all(parts()).until_answered(&watch);
    watch.observe(&answer("c", &json!({})));
    let outcome = timeline.run(async { send_all.await }).unwrap();
    assert_eq!((outcome.is_answered, outcome.sent.len(), timeline.take().len()), (true, 0, 0));
}

#[test]
fn the_first_error_ends_it_and_removes_the_indicator() {
    let mut sends = 0;
    let timeline = Timeline::answering(move |request| {
        sends += u32::from(request.ends_with("/messages"));
        (request.ends_with("/messages") && sends == 2).then(|| error(403, 2024))?
    });
    let client = timeline.client();
    let error = timeline.run(async { client.chats().messages("c").send_all(parts()).await }).unwrap_err();
    assert!(error.kind() == ErrorKind::Api && error.is_opted_out());
    let expected = [
        "0 POST /chats/c/messages",
        "0 POST /chats/c/typing",
        "5 POST /chats/c/messages",
        "5 DELETE /chats/c/typing",
    ];
    assert_eq!(timeline.take(), expected);
}

#[test]
fn typing_is_left_out_where_the_service_has_none_and_its_errors_fail_nothing() {
    let sms = r#"{"chat_id":"c","message":{"id":"m","service":"SMS"}}"#;
    let timeline = Timeline::answering(move |_| ok(sms));
    let client = timeline.client();
    timeline.run(async { client.chats().messages("c").send_all(parts()).await }).unwrap();
    assert!(timeline.take().iter().all(|request| request.ends_with("/messages")));

    let timeline = Timeline::answering(|request| request.ends_with("/typing").then(|| error(403, 2011))?);
    let client = timeline.client();
    let outcome = timeline.run(async { client.chats().messages("c").send_all(parts()).await }).unwrap();
    assert_eq!((outcome.sent.len(), timeline.seconds()), (3, 75.0));
}

#[test]
fn each_message_has_a_key_of_its_own_which_is_the_same_again() {
    let timeline = Timeline::new();
    let client = timeline.client();
    let event = EventKeys::new(Some("e1"), b"");
    let keys = |bodies: Vec<String>| -> Vec<String> {
        let key = |body: &String| {
            serde_json::from_str::<serde_json::Value>(body).ok()?["message"]["idempotency_key"]
                .as_str()
                .map(str::to_owned)
        };
        bodies.iter().filter_map(key).collect()
    };
    let call = || client.chats().messages("c").send_all(parts()).idempotency_key("order");
    timeline.run(async { call().await }).unwrap();
    assert_eq!(keys(timeline.bodies()), ["order#1", "order#2", "order#3"]);
    let mut runs = Vec::new();
    for _ in 0..2 {
        let client = client.for_event(event);
        timeline.run(async { client.chats().messages("c").send_all(parts()).await }).unwrap();
        runs.push(keys(timeline.bodies()));
    }
    assert_eq!(runs[0], runs[1]);
    assert_eq!(runs[0][2], event.key("chats.messages.send#3").as_str());
}

#[cfg(feature = "blocking")]
#[test]
fn the_blocking_client_sends_with_pauses_and_stops_at_an_answer() {
    let timeline = Timeline::new();
    let client = Timeline::builder().build_blocking(timeline.clone()).unwrap();
    let outcome = client.chats().messages("c").send_all(parts()).call().unwrap();
    assert_eq!((outcome.sent.len(), timeline.take().len(), timeline.seconds()), (3, 6, 75.0));

    let watch = EventWatch::new();
    let observer = watch.clone();
    let timeline = Timeline::answering(move |request| {
        // While the line is typing, the person answers.
        if request == "POST /chats/c/typing" {
            observer.observe(&answer("c", &json!({})));
        }
        None
    });
    let client = Timeline::builder().build_blocking(timeline.clone()).unwrap();
    let outcome = client.chats().messages("c").send_all(parts()).until_answered(&watch).call().unwrap();
    assert_eq!((outcome.sent.len(), outcome.is_answered), (1, true));
    assert_eq!(timeline.take().last().unwrap(), "0 DELETE /chats/c/typing");
}
