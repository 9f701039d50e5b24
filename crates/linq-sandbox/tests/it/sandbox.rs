use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use linq_sandbox::{LogEntry, Sandbox};
use linq_types::{Operation, error::ErrorCode, reactions::Reaction};
use serde_json::json;
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
};

use super::{
    api::{ADA, Api, text_message},
    receiver::Receiver,
};

#[tokio::test]
async fn the_same_seed_gives_the_same_ids() {
    let bodies = async || {
        let api = Api::frozen().await;
        let chat = api.create_chat(&[ADA], "Hello").await;
        (
            chat.body["chat"]["id"].clone(),
            chat.body["chat"]["message"]["id"].clone(),
            chat.trace_id().to_owned(),
        )
    };
    assert_eq!(bodies().await, bodies().await);
    let one = Sandbox::start().await.unwrap();
    let other = Sandbox::start().await.unwrap();
    assert_ne!(one.api_key(), other.api_key());
    let said = [one.person(ADA).says("hi").unwrap(), other.person(ADA).says("hi").unwrap()];
    assert_ne!(said[0].chat_id, said[1].chat_id);
}

#[tokio::test]
async fn the_same_seed_and_calls_give_the_same_answers_trace_ids_webhooks_and_waits() {
    let run = async |seed| {
        let sandbox = Sandbox::builder()
            .manual_time()
            .starts_at("2026-03-01T12:00:00Z".parse().unwrap())
            .fault("GET /v3/phone_numbers: 503 0.5".parse().unwrap());
        let api = Api::seeded(sandbox, seed).await;
        let receivers =
            [Receiver::answering([Some(500), Some(200), Some(429)]).await, Receiver::start().await];
        let mut bodies = Vec::new();
        for (number, receiver) in receivers.iter().enumerate() {
            api.subscribe(receiver, &format!("?n={number}"), serde_json::json!({})).await;
        }
        for _ in 0..10 {
            let reply = api.get("/v3/phone_numbers").await;
            bodies.push((reply.trace_id().to_owned(), reply.body));
        }
        let created = api.create_chat(&[ADA], "Hello").await;
        bodies.push((created.trace_id().to_owned(), created.body));
        api.sandbox.person(ADA).says("Hi!").unwrap();
        api.advance_secs(3_600).await;
        let deliveries = api.sandbox.deliveries();
        let deliveries = deliveries
            .into_iter()
            .map(|one| (one.time, one.event_id, one.subscription_id, one.attempt, one.retry_at));
        let received: Vec<_> = receivers.iter().flat_map(Receiver::received).map(|one| one.body).collect();
        (bodies, deliveries.collect::<Vec<_>>(), received)
    };
    let first = run(1).await;
    assert!(first.1.iter().any(|one| one.4.is_some()), "{:?}", first.1);
    assert_eq!(run(1).await, first);
    assert_ne!(run(2).await.0, first.0);
}

#[tokio::test]
async fn whoever_opens_it_to_the_network_is_warned() {
    assert_eq!(Sandbox::start().await.unwrap().warning(), None);
    let open = Sandbox::builder().address(([0, 0, 0, 0], 0)).start().await.unwrap();
    assert!(open.warning().unwrap().starts_with("0.0.0.0 can be reached from the network"));
}

#[tokio::test]
async fn dropping_it_stops_the_server() {
    let sandbox = Sandbox::start().await.unwrap();
    let address = sandbox.address();
    assert!(tokio::net::TcpStream::connect(address).await.is_ok());
    drop(sandbox);
    for _ in 0..100 {
        if tokio::net::TcpStream::connect(address).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it still listens");
}

#[tokio::test]
async fn an_address_in_use_and_a_line_that_is_no_number_are_errors() {
    let sandbox = Sandbox::start().await.unwrap();
    let taken = Sandbox::builder().address(sandbox.address()).start().await.unwrap_err();
    assert_eq!(taken.kind(), std::io::ErrorKind::AddrInUse);
    let invalid = Sandbox::builder().phone_number("home").start().await.unwrap_err();
    assert_eq!(invalid.kind(), std::io::ErrorKind::InvalidInput);
}

#[tokio::test]
async fn the_observer_sees_each_request_with_its_status_and_code() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    let observed = Sandbox::builder().on_log(move |entry| log.lock().unwrap().push(entry.clone()));
    let api = Api::with(observed).await;
    let created = api.create_chat(&[ADA], "a secret").await;
    api.get("/v3/messages/none?q=1").await;
    let seen = seen.lock().unwrap().clone();
    let [LogEntry::Request(first), LogEntry::Request(second)] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!((first.method.as_str(), first.path.as_str()), ("POST", "/api/partner/v3/chats"));
    assert_eq!(
        (first.operation, second.operation),
        (Some(Operation::ChatsCreate), Some(Operation::MessagesRetrieve))
    );
    assert_eq!((first.status.as_u16(), first.code), (201, None));
    assert_eq!(first.trace_id.as_str(), created.trace_id());
    assert_eq!(second.path, "/api/partner/v3/messages/none");
    assert_eq!((second.status.as_u16(), second.code), (404, Some(ErrorCode::MESSAGE_NOT_FOUND)));
    assert!(!format!("{seen:?}").contains("a secret"));
}

#[tokio::test]
async fn a_transcript_says_who_said_what_and_how_far_it_got() {
    let api = Api::start().await;
    let (chat_id, message_id) = api.chat_with_ada().await;
    assert_eq!(api.sandbox.transcript(&chat_id), "+12025550100: Hello (pending)\n");
    api.wait_for_status(&message_id, "read").await;
    api.sandbox.person(ADA).says("Two\nlines").unwrap();
    assert_eq!(api.sandbox.transcript(&chat_id), "+12025550100: Hello (read)\n+12025550199: Two lines\n");
    assert_eq!(api.sandbox.transcript(&"none".into()), "");
}

#[tokio::test]
async fn a_transcript_shows_every_kind_of_part_edits_reactions_and_failures() {
    let api = Api::still().await;
    let (chat_id, hello) = api.chat_with_ada().await;
    let link = json!({ "type": "link", "value": "https://example.com" });
    let media = json!({ "type": "media", "url": "https://example.com/cup.jpg" });
    let clip = json!({ "type": "app_clip", "value": "https://example.com/clip" });
    let card = json!({ "type": "imessage_app", "layout": { "caption": "Pay" },
        "app": { "bundle_id": "com.example", "name": "Example", "team_id": "A1B2C3D4E5" } });
    let text = json!({ "type": "text", "value": "Look" });
    for parts in [json!([text, media]), json!([link]), json!([clip]), json!([card])] {
        assert_eq!(api.send_message(&chat_id, json!({ "parts": parts })).await.status, 202);
    }
    api.advance_secs(10).await;
    let edit =
        api.request(http::Method::PATCH, &format!("/v3/messages/{hello}"), r#"{"text":"Hello again"}"#);
    assert_eq!(api.send(edit).await.status, 200);
    let sticker = json!({ "operation": "add", "type": "sticker", "url": "https://example.com/cat.png" });
    api.post(&format!("/v3/messages/{hello}/reactions"), sticker).await;
    api.sandbox.person(ADA).reacts(&hello, Reaction::emoji("🔥")).unwrap();
    api.sandbox.person(ADA).unreachable(ErrorCode::DELIVERY_FAILED);
    api.send_message(&chat_id, text_message("Anybody?")).await;
    api.advance_secs(10).await;
    insta::assert_snapshot!(api.sandbox.transcript(&chat_id), @r"
    +12025550100: Hello again (edited) (read) [sticker by +12025550100] [🔥 by +12025550199]
    +12025550100: Look [cup.jpg] (read)
    +12025550100: https://example.com (read)
    +12025550100: [App Clip https://example.com/clip] (read)
    +12025550100: [card of Example] (read)
    +12025550100: Anybody? (failed)
    ");
}

#[tokio::test]
async fn shutdown_finishes_the_delivery_in_progress_and_drops_those_that_are_not_due() {
    let target = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let outcomes = Arc::new(Mutex::new(Vec::new()));
    let seen = outcomes.clone();
    let sandbox = Sandbox::builder().on_log(move |entry| {
        if let LogEntry::Delivery(delivery) = entry {
            seen.lock().unwrap().push(delivery.succeeded());
        }
    });
    let sandbox = sandbox.fault("webhook chat.created: delay 60m".parse().unwrap()).start().await.unwrap();
    sandbox.subscribe(format!("http://{}/", target.local_addr().unwrap())).unwrap();
    sandbox.person(ADA).says("hi").unwrap();
    let (mut delivery, _) = target.accept().await.unwrap();
    delivery.readable().await.unwrap();

    let address = sandbox.address();
    let shutdown = tokio::spawn(sandbox.shutdown());
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!shutdown.is_finished());
    delivery.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await.unwrap();
    tokio::time::timeout(Duration::from_secs(20), shutdown).await.unwrap().unwrap();
    assert_eq!(*outcomes.lock().unwrap(), [true]);
}
