//! What people hear, and that they hear nothing.

use std::time::Duration;

use http::Method;
use linq_sandbox::Sandbox;
use linq_types::{error::ErrorCode, messages::DeliveryStatus};
use serde_json::json;
use tokio::{join, time::timeout};

use super::{
    api::{ADA, Api, BEN, text_message},
    panics::panic_of,
    stage::{CLEO, DORA, text},
};

const SHORT: Duration = Duration::from_millis(20);
const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn each_message_is_heard_once_and_in_order_by_all_handles_of_a_person() {
    let api = Api::start().await;
    let (chat_id, _) = api.chat_with_ada().await;
    for text in ["one", "two", "three"] {
        api.send_message(&chat_id, text_message(text)).await;
    }
    api.create_chat(&[BEN], "to Ben").await;
    let ada = api.sandbox.person(ADA);
    let (clone, other) = (ada.clone(), api.sandbox.person(ADA));
    let first = ada.hears().await;
    assert_eq!((first.text().as_str(), &first.chat_id), ("Hello", &chat_id));
    assert_ne!(first.delivery_status, Some(DeliveryStatus::Pending));
    assert_eq!(clone.hears().await.text(), "one");
    assert_eq!(other.hears().await.text(), "two");
    assert_eq!(ada.hears().await.text(), "three");
    assert_eq!(api.sandbox.person(BEN).hears().await.text(), "to Ben");
    panic_of(clone.hears().within(SHORT)).await;
}

#[tokio::test]
async fn each_of_many_that_wait_hears_one_message() {
    let api = Api::start().await;
    let (chat_id, _) = api.chat_with_ada().await;
    let ada = api.sandbox.person(ADA);
    assert_eq!(ada.hears().await.text(), "Hello");
    let send = async {
        for number in 0..3 {
            api.send_message(&chat_id, text_message(&number.to_string())).await;
        }
    };
    let (a, b, c, ()) = join!(ada.hears(), ada.hears(), ada.hears(), send);
    let mut texts = [a, b, c].map(|message| message.text());
    texts.sort_unstable();
    assert_eq!(texts, ["0", "1", "2"]);
}

#[tokio::test]
async fn a_wait_that_is_dropped_hears_nothing() {
    let api = Api::still().await;
    let ada = api.sandbox.person(ADA);
    assert!(timeout(SHORT, ada.hears().into_future()).await.is_err());
    drop(ada.hears());
    api.chat_with_ada().await;
    api.advance_secs(1).await;
    assert_eq!(ada.hears().await.text(), "Hello");
}

#[tokio::test]
async fn those_who_are_in_a_group_when_a_message_is_sent_hear_it() {
    let api = Api::still().await;
    let created = api.create_chat(&[ADA, BEN, CLEO], "first").await;
    let chat_id = text(&created.body["chat"]["id"]).into();
    api.advance_secs(1).await;
    api.sandbox.person(BEN).adds(&chat_id, DORA).unwrap();
    api.sandbox.person(CLEO).leaves(&chat_id).unwrap();
    api.send_message(&chat_id, text_message("second")).await;
    api.advance_secs(1).await;
    for (person, heard) in [(ADA, &["first", "second"][..]), (CLEO, &["first"]), (DORA, &["second"])] {
        let person = api.sandbox.person(person);
        for text in heard {
            let message = person.hears().await;
            assert_eq!((message.text().as_str(), &message.chat_id), (*text, &chat_id), "{person:?}");
        }
        person.hears_nothing_for(SHORT).await;
    }
}

#[tokio::test]
async fn failed_and_deleted_messages_are_not_heard_and_late_ones_are() {
    let api = Api::still().await;
    let ada = api.sandbox.person(ADA).unreachable(ErrorCode::new(4001));
    let (chat_id, message_id) = api.chat_with_ada().await;
    api.advance_secs(1).await;
    ada.hears_nothing_for(MINUTE).await;
    ada.gets(&message_id).unwrap();
    assert_eq!(ada.hears().await.id, message_id);

    let ada = ada.unreachable(None);
    let deleted = api.send_message(&chat_id, text_message("deleted")).await;
    api.send_message(&chat_id, text_message("kept")).await;
    api.advance_secs(1).await;
    let path = format!("/v3/messages/{}", text(&deleted.body["message"]["id"]));
    assert_eq!(api.send(api.request(Method::DELETE, &path, "{}")).await.status, 204);
    assert_eq!(ada.hears().await.text(), "kept");
}

#[tokio::test]
async fn a_reset_forgets_what_was_said_and_heard() {
    let api = Api::still().await;
    let ada = api.sandbox.person(ADA);
    for _ in 0..2 {
        api.chat_with_ada().await;
        api.advance_secs(1).await;
        api.sandbox.reset();
        ada.hears_nothing_for(SHORT).await;
        api.chat_with_ada().await;
        api.advance_secs(1).await;
        assert_eq!(ada.hears().await.text(), "Hello");
    }
}

#[tokio::test]
async fn the_panic_of_a_timeout_shows_the_chats_and_what_failed() {
    let api = Api::start().await;
    let ada = api.sandbox.person(ADA).unreachable(ErrorCode::new(4001));
    let (chat_id, message_id) = api.chat_with_ada().await;
    api.sandbox.until(|sandbox| sandbox.transcript(&chat_id).contains("failed")).await;
    ada.says("Anybody?\u{1b}[2J").unwrap();
    api.get("/v3/chats/none").await;
    api.create_chat(&[BEN], "to Ben").await;
    let text = panic_of(ada.hears().within(SHORT)).await;
    let here = format!("{}:{}:", file!(), line!() - 1);
    assert!(text.starts_with(&here), "{text}");
    let (_, rest) = text.split_once(": ").unwrap();
    let expected = format!(
        "+12025550199 heard nothing within 20ms\n  chat {chat_id}:\n    \
         +12025550100: Hello (failed) (code 4001)\n    \
         +12025550199: Anybody?\\u001b[2J\n  \
         requests that failed:\n    GET /api/partner/v3/chats/none: 404, code 2001\n"
    );
    assert_eq!(rest, expected);
    ada.gets(&message_id).unwrap();
    assert_eq!(ada.hears().await.text(), "Hello");
}

#[tokio::test]
async fn with_manual_time_the_panic_of_a_timeout_says_what_is_pending() {
    let api = Api::still().await;
    let ada = api.sandbox.person(ADA);
    let text = panic_of(ada.hears().within(SHORT)).await;
    assert!(text.ends_with("within 20ms\n  no chats\n  the time stands still\n"), "{text}");
    api.chat_with_ada().await;
    api.create_chat(&[BEN], "to Ben").await;
    let text = panic_of(ada.hears().within(SHORT)).await;
    let hint = "(pending)\n  the time stands still; 1 message is pending: `advance` sends it\n";
    assert!(text.ends_with(hint), "{text}");
    api.advance_secs(1).await;
    assert_eq!(ada.hears().await.text(), "Hello");
}

#[tokio::test]
async fn hearing_nothing_fails_with_the_message_that_comes() {
    let api = Api::start().await;
    let ada = api.sandbox.person(ADA);
    let (text, (chat_id, _)) = join!(panic_of(ada.hears_nothing_for(MINUTE)), api.chat_with_ada());
    let expected = format!("{ADA} heard \"Hello\" in chat {chat_id}, but should hear nothing for 60s\n");
    assert!(text.contains(&expected) && text.contains("+12025550100: Hello"), "{text}");
    ada.hears_nothing_for(SHORT).await;
}

#[tokio::test]
async fn with_manual_time_hearing_nothing_advances_the_time() {
    let sandbox = Sandbox::builder().manual_time().start().await.unwrap();
    let before = sandbox.now().unix_seconds();
    sandbox.person(ADA).hears_nothing_for(MINUTE).await;
    assert_eq!(sandbox.now().unix_seconds() - before, 60);

    let api = Api::still().await;
    api.chat_with_ada().await;
    let text = panic_of(api.sandbox.person(ADA).hears_nothing_for(MINUTE)).await;
    assert!(text.contains("heard \"Hello\""), "{text}");
}

#[tokio::test]
async fn what_people_hear_can_be_waited_for_over_http() {
    let api = Api::start().await;
    let path = format!("/people/{ADA}/hears");
    let (heard, (chat_id, _)) = join!(api.control(Method::GET, &path, json!(null)), api.chat_with_ada());
    assert_eq!(heard.status, 200);
    assert_eq!(heard.body["parts"][0]["value"], "Hello");
    assert_eq!(heard.body["chat_id"], json!(chat_id));

    let late = api.control(Method::GET, &format!("{path}?timeout=0.02"), json!(null)).await;
    assert_eq!(late.refusal(), (504, 3005));
    assert_eq!(late.error_message(), "`+12025550199` heard nothing within 20ms");
    let transcript = text(&late.body["transcript"]);
    assert!(transcript.contains("+12025550100: Hello"), "{transcript}");
    for wrong in ["-1", "61", "NaN", "soon", ""] {
        let reply = api.control(Method::GET, &format!("{path}?timeout={wrong}"), json!(null)).await;
        assert_eq!(reply.refusal(), (400, 1005), "{wrong}");
    }
}
