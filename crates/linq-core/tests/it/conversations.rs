//! Chats that are opened by their line and people, in virtual time.

use std::time::Duration;

use linq_core::{
    Client, Error, ErrorKind,
    types::{
        MessageId,
        check::Rule,
        events::EventKeys,
        messages::{MessageContent, MessageSendResponse, NewChatMessage},
        parts::Effect,
    },
};
use serde_json::{Value, json};

use super::timeline::{Timeline, error, ok};

const LINE: &str = "+12025550100";
const ADA: &str = "+12025550199";
const BEN: &str = "+12025550198";

fn send(
    timeline: &Timeline,
    client: &Client,
    message: impl Into<NewChatMessage>,
) -> Result<MessageSendResponse, Error> {
    timeline.run(async { client.chats().open(LINE, [ADA]).send(message).await })
}

fn festive() -> MessageContent {
    MessageContent::from("We won!").effect(Effect::CONFETTI)
}

/// The chats of a line, each with its id and its people. A person that left has a `-` in front.
fn chats(chats: &[(&str, &[&str])], next_cursor: Option<&str>) -> String {
    let member = |handle: &str, is_me: bool| match handle.strip_prefix('-') {
        Some(handle) => {
            json!({"handle": handle, "is_me": is_me, "status": "left", "left_at": "2026-09-01T10:00:00Z"})
        }
        None => json!({"handle": handle, "is_me": is_me, "status": "active"}),
    };
    let chats = chats.iter().map(|(id, people)| {
        let handles = people.iter().map(|handle| member(handle, handle.ends_with(LINE)));
        json!({"id": id, "handles": handles.collect::<Vec<_>>()})
    });
    json!({"chats": chats.collect::<Vec<_>>(), "next_cursor": next_cursor}).to_string()
}

#[test]
fn the_first_message_finds_or_creates_the_chat_and_the_next_ones_are_sent_into_it() {
    let timeline = Timeline::new();
    let client = timeline.client();
    for message in ["one", "two"] {
        let sent = send(&timeline, &client, message).unwrap();
        assert_eq!((sent.chat_id.as_str(), sent.message.id.as_str()), ("c", "m"));
    }
    send(&timeline, &client, festive()).unwrap();
    let expected = ["0 POST /chats", "0 POST /chats/c/messages", "0 POST /chats/c/messages"];
    assert_eq!(timeline.take(), expected);
    let body: Value = serde_json::from_str(&timeline.bodies()[0]).unwrap();
    assert_eq!((&body["from"], &body["to"]), (&json!(LINE), &json!([ADA])));
}

#[test]
fn clones_and_derived_clients_know_the_chat_but_another_account_or_other_people_do_not() {
    let timeline = Timeline::new();
    let client = timeline.client();
    send(&timeline, &client, "one").unwrap();
    let known = [
        client.clone(),
        client.for_event(EventKeys::new(Some("e1"), b"")),
        client.with_options(|options| options.max_attempts(1)).unwrap(),
    ];
    for client in known {
        timeline.take();
        send(&timeline, &client, "two").unwrap();
        assert_eq!(timeline.take(), ["0 POST /chats/c/messages"]);
    }
    let other = client.with_options(|options| options.api_key("another")).unwrap();
    send(&timeline, &other, "two").unwrap();
    assert_eq!(timeline.take(), ["0 POST /chats"]);
    for people in [vec![BEN], vec![ADA, BEN], vec![BEN, ADA, BEN]] {
        timeline.run(async { client.chats().open(LINE, people).send("Hello!").await }).unwrap();
    }
    let expected = ["0 POST /chats", "0 POST /chats", "0 POST /chats/c/messages"];
    assert_eq!(timeline.take(), expected, "the order of people does not matter");
}

#[test]
fn a_chat_is_remembered_for_its_ttl() {
    let timeline = Timeline::new();
    let client = timeline.client();
    for (pause, ttl) in [(0, 600), (599, 600), (1, 600), (0, 0), (0, 600)] {
        timeline.run(timeline.pause(pause));
        let open = client.chats().open(LINE, [ADA]).ttl(Duration::from_secs(ttl));
        timeline.run(async { open.send("Hello!").await }).unwrap();
    }
    let expected =
        ["0 POST /chats", "599 POST /chats/c/messages", "600 POST /chats", "600 POST /chats/c/messages"];
    assert_eq!(timeline.take()[..4], expected);
}

#[test]
fn a_message_that_must_not_be_the_first_is_sent_into_the_chat_if_there_is_one() {
    let direct: &[(&str, &[&str])] = &[
        ("left", &["-+12025550100", ADA]),
        ("group", &[LINE, ADA, BEN]),
        ("former", &[LINE, ADA, "-+12025550198"]),
        ("other", &[LINE, BEN]),
        ("meant", &[LINE, ADA]),
    ];
    let pages = [chats(&direct[..2], Some("2")), chats(&direct[2..], None)];
    let timeline = Timeline::answering(move |request| match request {
        "GET /chats?from=%2B12025550100&to=%2B12025550199&limit=100" => ok(&*pages[0]),
        "GET /chats?from=%2B12025550100&to=%2B12025550199&cursor=2&limit=100" => ok(&*pages[1]),
        _ => None,
    });
    let client = timeline.client();
    for message in
        [festive(), "https://example.com".into(), MessageContent::from("Yes").reply_to(MessageId::from("m0"))]
    {
        send(&timeline, &client, message).unwrap();
    }
    let requests = timeline.take();
    assert_eq!(requests.len(), 5, "{requests:?}");
    assert!(requests[2..].iter().all(|request| request == "0 POST /chats/meant/messages"), "{requests:?}");
}

#[test]
fn without_a_chat_such_a_message_is_an_error_before_it_is_sent() {
    let timeline = Timeline::answering(|_| ok(chats(&[], None)));
    let client = timeline.client();
    for (message, rule, path) in [
        (festive(), Rule::FirstMessageEffect, "message.effect"),
        ("see www.example.com".into(), Rule::FirstMessageLink, "message.parts[0]"),
        (
            MessageContent::from("Yes").reply_to(MessageId::from("m0")),
            Rule::FirstMessageReply,
            "message.reply_to",
        ),
    ] {
        let error = send(&timeline, &client, message).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let violation = error.violation().unwrap();
        assert_eq!((violation.rule, violation.path.as_str()), (rule, path));
        assert!(timeline.take().iter().all(|request| request.starts_with("0 GET /chats?")));
    }
    let error = send(&timeline, &client, festive()).unwrap_err();
    insta::assert_snapshot!(error, @"POST /v3/chats: invalid request: `message.effect`: the first message of a chat must not have an effect; nothing was sent");
}

#[test]
fn a_plain_first_message_has_no_effect_and_no_reply_and_still_no_link() {
    let timeline = Timeline::answering(|request| request.starts_with("GET").then(|| ok(chats(&[], None)))?);
    let client = timeline.client();
    let send =
        |message| timeline.run(async { client.chats().open(LINE, [ADA]).plain_first().send(message).await });
    send(festive().reply_to(MessageId::from("m0"))).unwrap();
    let body: Value = serde_json::from_str(&timeline.bodies()[1]).unwrap();
    assert_eq!(body["message"]["parts"], json!([{"type": "text", "value": "We won!"}]));
    assert_eq!((&body["message"]["effect"], &body["message"]["reply_to"]), (&Value::Null, &Value::Null));

    let client = timeline.client();
    let link = MessageContent::from("https://example.com").effect(Effect::CONFETTI);
    let refused = timeline.run(async { client.chats().open(LINE, [ADA]).plain_first().send(link).await });
    assert_eq!(refused.unwrap_err().violation().unwrap().rule, Rule::FirstMessageLink);
}

#[test]
fn without_validation_the_service_decides_about_the_first_message() {
    let timeline = Timeline::new();
    let client = timeline.client();
    timeline.run(async { client.chats().open(LINE, [ADA]).send(festive()).skip_validation().await }).unwrap();
    assert_eq!(timeline.take(), ["0 POST /chats"]);
    assert!(timeline.bodies()[0].contains("confetti"));
}

#[test]
fn a_chat_that_is_gone_is_found_or_created_anew_with_the_same_key() {
    for (status, code) in [(404, 2001), (409, 2013)] {
        let timeline = Timeline::answering(move |request| match request {
            "POST /chats/c/messages" => error(status, code),
            _ => None,
        });
        let client = timeline.client();
        send(&timeline, &client, "one").unwrap();
        timeline.bodies();
        send(&timeline, &client, "two").unwrap();
        let expected = ["0 POST /chats", "0 POST /chats/c/messages", "0 POST /chats"];
        assert_eq!(timeline.take(), expected, "{code}");
        let keys: Vec<Value> = timeline
            .bodies()
            .iter()
            .map(|body| serde_json::from_str::<Value>(body).unwrap()["message"]["idempotency_key"].clone())
            .collect();
        assert!(keys[0].is_string() && keys[0] == keys[1], "{keys:?}");
    }
}

#[test]
fn other_errors_and_a_second_loss_are_errors() {
    for (first, calls) in [(error(403, 2024), 2), (error(404, 2001), 4)] {
        let mut sends = 0;
        let timeline = Timeline::answering(move |request| {
            if request.starts_with("GET") {
                return ok(chats(&[("c", &[LINE, ADA])], None));
            }
            sends += 1;
            (sends > 1).then(|| first.clone())?
        });
        let client = timeline.client();
        send(&timeline, &client, "one").unwrap();
        let error = send(&timeline, &client, festive()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Api);
        assert_eq!(timeline.take().len(), calls);
    }
}

#[test]
fn a_message_that_may_have_been_sent_is_not_sent_another_way() {
    let mut sends = 0;
    let timeline = Timeline::answering(move |request| match request {
        "POST /chats/c/messages" => {
            sends += 1;
            if sends == 1 { Some(None) } else { error(404, 2001) }
        }
        _ => None,
    });
    let client = timeline.client();
    send(&timeline, &client, "one").unwrap();
    let error = send(&timeline, &client, "two").unwrap_err();
    assert!(error.maybe_sent());
    assert_eq!(timeline.take().iter().filter(|request| request.ends_with("POST /chats")).count(), 1);
}

#[test]
fn a_handler_that_runs_again_sends_each_message_the_same_way_with_the_same_key() {
    let timeline = Timeline::new();
    let client = timeline.client();
    let mut runs = Vec::new();
    for _ in 0..2 {
        let client = client.for_event(EventKeys::new(Some("e1"), b""));
        send(&timeline, &client, "one").unwrap();
        send(&timeline, &client, "two").unwrap();
        runs.push((timeline.take(), timeline.bodies()));
    }
    assert_eq!(runs[0], runs[1]);
    assert_eq!(runs[0].0, ["0 POST /chats", "0 POST /chats/c/messages"]);
}

#[test]
fn an_invalid_message_is_not_sent_and_takes_no_key() {
    let timeline = Timeline::new();
    let client = timeline.client().for_event(EventKeys::new(Some("e1"), b""));
    assert_eq!(send(&timeline, &client, "").unwrap_err().kind(), ErrorKind::InvalidRequest);
    send(&timeline, &client, "one").unwrap();
    let key = EventKeys::new(Some("e1"), b"").key("chats.create#1");
    assert!(timeline.bodies()[0].contains(key.as_str()));
    assert_eq!(timeline.take().len(), 1);
}

#[test]
fn a_key_of_the_message_or_of_the_call_is_used() {
    let timeline = Timeline::new();
    let client = timeline.client();
    send(&timeline, &client, MessageContent::from("one").idempotency_key("mine")).unwrap();
    let call = || client.chats().open(LINE, [ADA]).send("two").idempotency_key("yours");
    timeline.run(async { call().await }).unwrap();
    let bodies = timeline.bodies();
    assert!(bodies[0].contains("mine") && bodies[1].contains("yours"), "{bodies:?}");
}

#[test]
fn the_response_to_a_key_of_the_other_way_is_read() {
    let created = r#"{"chat":{"id":"c9","message":{"id":"m9"}}}"#;
    let timeline =
        Timeline::answering(move |request| (request == "POST /chats/c/messages").then(|| ok(created))?);
    let client = timeline.client();
    send(&timeline, &client, "one").unwrap();
    assert_eq!(send(&timeline, &client, "two").unwrap().message.id.as_str(), "m9");
}

#[test]
fn debug_shows_no_line_and_no_person() {
    let client = Timeline::new().client();
    let open = client.chats().open(LINE, [ADA]);
    let shown = format!("{open:?} {:?}", open.send("secret words"));
    assert!(!shown.contains("2025550") && !shown.contains("secret"), "{shown}");
}

#[cfg(feature = "blocking")]
#[test]
fn the_blocking_client_does_the_same() {
    let mut sends = 0;
    let timeline = Timeline::answering(move |request| match request {
        "POST /chats/c/messages" => {
            sends += 1;
            if sends == 2 { error(404, 2001) } else { None }
        }
        _ if request.starts_with("GET") => ok(chats(&[], None)),
        _ => None,
    });
    let client = Timeline::builder().build_blocking(timeline.clone()).unwrap();
    let chat = client.chats().open(LINE, [ADA]).plain_first();
    for message in [festive(), festive(), "three".into()] {
        chat.send(message).call().unwrap();
    }
    let expected = ["POST /chats", "POST /chats/c/messages", "POST /chats/c/messages", "POST /chats"];
    let requests = timeline.take();
    assert!(requests[0].contains("GET /chats?"), "{requests:?}");
    assert_eq!(requests[1..].iter().map(|request| &request[2..]).collect::<Vec<_>>(), expected);
}
