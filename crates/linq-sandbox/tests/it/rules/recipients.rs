//! Rules 9, 22 and 23: whom a line may write to.

use std::time::Duration;

use linq_sandbox::{Assumptions, Sandbox};
use linq_types::{blocked_handles::BlockedHandleListResponse, error::ErrorCode, reactions::Reaction};
use serde_json::{Value, json};

use crate::it::{
    api::{ADA, Api, BEN, LINE, text_message},
    receiver::Receiver,
    stage::{CLEO, Stage},
};

const CAL: &str = "+12025550197";

#[tokio::test]
async fn rule_9_in_the_sandbox_tier_every_recipient_must_have_written_first() {
    let api = Api::with(Sandbox::builder().sandbox_tier()).await;
    assert_eq!(api.create_chat(&[ADA], "Hi").await.refusal(), (403, 2008));
    let said = api.sandbox.person(ADA).says("Hello?").unwrap();
    assert_eq!(api.create_chat(&[ADA], "Hi").await.status, 201);
    assert_eq!(api.send_message(&said.chat_id, text_message("Hi")).await.status, 202);
    assert_eq!(api.create_chat(&[ADA, BEN], "Hi both").await.refusal(), (403, 2008), "the whole call fails");
    api.sandbox.person(BEN).says("Hello?").unwrap();
    assert_eq!(api.create_chat(&[ADA, BEN], "Hi both").await.status, 201);
}

#[tokio::test]
async fn rule_9_the_sandbox_tier_sends_100_messages_a_day() {
    let api = Api::with(Sandbox::builder().sandbox_tier()).await;
    let mut chats = Vec::new();
    for person in [ADA, BEN, CAL, "+12025550196"] {
        chats.push(api.sandbox.person(person).says("Hello?").unwrap().chat_id);
    }
    for (at, chat_id) in chats.iter().cycle().take(100).enumerate() {
        assert_eq!(api.send_message(chat_id, text_message("Hi")).await.status, 202, "{at}");
    }
    let refused = api.send_message(&chats[0], text_message("Hi")).await;
    assert_eq!(refused.refusal(), (429, 1007));
    let wait = refused.body["error"]["retry_after"].as_u64().unwrap();
    assert!((1..=24 * 60 * 60).contains(&wait), "{wait}");
    api.sandbox.advance(Duration::from_secs(wait)).await;
    assert_eq!(api.send_message(&chats[0], text_message("Hi")).await.status, 202);
}

#[tokio::test]
async fn rule_22_keywords_opt_out_as_the_whole_message_only() {
    let api = Api::start().await;
    let ada = api.sandbox.person(ADA);
    for (text, opts_out) in [
        ("STOP", true),
        ("UNSUBSCRIBE", true),
        ("OPTOUT", true),
        ("CANCEL", true),
        ("END", true),
        ("QUIT", true),
        ("Opt out", true),
        ("opt-OUT", true),
        ("stop", false),
        ("STOP it", false),
        ("please opt out", false),
        ("START", false),
    ] {
        let said = ada.says(text).unwrap();
        let sent = api.send_message(&said.chat_id, text_message("Hi")).await;
        assert_eq!(sent.status == 403, opts_out, "{text}: {sent:?}");
    }
}

#[tokio::test]
async fn rule_23_blocked_person_is_refused_and_unheard_in_direct_chats_only() {
    let api = Api::start().await;
    let receiver = Receiver::start().await;
    let (chat_id, message_id) = api.chat_with_ada().await;
    let blocked = api.post("/v3/blocked_handles", json!({ "handle": ADA, "reason": "Spam" })).await;
    assert_eq!((blocked.status.as_u16(), &blocked.body["blocked_handle"]["handle"]), (201, &json!(ADA)));
    assert_eq!(api.send_message(&chat_id, text_message("Hi")).await.refusal(), (403, 2026));
    assert_eq!(api.create_chat(&[ADA], "Hi").await.refusal(), (403, 2026));
    let group = api.create_chat(&[ADA, BEN], "Hi both").await;
    assert_eq!(group.status, 201);
    let group = group.body["chat"]["id"].as_str().unwrap().into();

    api.subscribe(&receiver, "", json!({ "subscribed_events": ["message.received"] })).await;
    let before = api.sandbox.transcript(&chat_id);
    let error = api.sandbox.person(ADA).says("Hello?").unwrap_err();
    assert_eq!(error.code(), ErrorCode::HANDLE_BLOCKED);
    assert_eq!(api.sandbox.transcript(&chat_id), before);
    let typing = api.sandbox.person(ADA).types(&chat_id).unwrap_err();
    assert_eq!(typing.code(), ErrorCode::HANDLE_BLOCKED);
    let reacting = api.sandbox.person(ADA).reacts(&message_id, Reaction::LOVE).unwrap_err();
    assert_eq!(reacting.code(), ErrorCode::HANDLE_BLOCKED);
    api.sandbox.person(ADA).types(&group).unwrap();
    api.sandbox.person(BEN).says("Hello?").unwrap();
    let heard = receiver.wait_for(1).await;
    assert_eq!(heard[0].body["data"]["sender_handle"]["handle"], BEN);

    let listed = api.get("/v3/blocked_handles").await;
    let listed: BlockedHandleListResponse = serde_json::from_value(listed.body).unwrap();
    assert_eq!(listed.blocked_handles[0].reason.as_deref(), Some("Spam"));
    let unblocked = api.delete_with("/v3/blocked_handles", json!({ "handle": ADA })).await;
    assert_eq!((unblocked.status.as_u16(), unblocked.body), (204, Value::Null));
    assert_eq!(api.send_message(&chat_id, text_message("Hi")).await.status, 202);
}

#[tokio::test]
async fn blocking_takes_short_codes_and_twice_is_once() {
    let api = Api::start().await;
    for (body, status) in [
        (json!({ "handle": "24365" }), 201),
        (json!({ "handle": "24365", "reason": "Advertising", "colour": 7 }), 201),
        (json!({ "handle": "" }), 400),
        (json!({ "handle": 7 }), 400),
        (json!({}), 400),
    ] {
        assert_eq!(api.post("/v3/blocked_handles", body.clone()).await.status, status, "{body}");
    }
    let listed = api.get("/v3/blocked_handles").await.body;
    assert_eq!(listed["blocked_handles"].as_array().unwrap().len(), 1);
    assert_eq!(listed["blocked_handles"][0]["reason"], "Advertising");
    let stranger = api.delete_with("/v3/blocked_handles", json!({ "handle": ADA })).await;
    assert_eq!(stranger.status, 404);
}

#[tokio::test]
async fn a_flagged_line_may_not_send() {
    let api = Api::start().await;
    let (chat_id, _) = api.chat_with_ada().await;
    let line = api.sandbox.line(LINE);
    line.flag().unwrap();
    assert_eq!(api.send_message(&chat_id, text_message("Hi")).await.refusal(), (403, 2027));
    assert_eq!(api.create_chat(&[BEN], "Hi").await.refusal(), (403, 2027));
    line.unflag().unwrap();
    assert_eq!(api.send_message(&chat_id, text_message("Hi")).await.status, 202);
    assert_eq!(api.sandbox.line(ADA).flag().unwrap_err().code(), ErrorCode::FOREIGN_PHONE_NUMBER);
}

#[tokio::test]
async fn a_line_opens_only_so_many_chats_a_day_by_choice() {
    let starts_at = "2026-09-01T10:00:00Z".parse().unwrap();
    let rules = Assumptions::default().new_chats_per_day(Some(2));
    let sandbox =
        Sandbox::builder().assumptions(rules).phone_number("+12025550100").phone_number("+12025550101");
    let stage = Stage::with(sandbox.starts_at(starts_at)).await;
    stage.chat(&[ADA]).await;
    stage.chat(&[BEN]).await;
    assert_eq!(
        stage.api.create_chat(&[ADA], "Hello again").await.status,
        201,
        "a chat that exists is not new"
    );
    let refused = stage.api.create_chat(&[CLEO], "Hello").await;
    assert_eq!(refused.refusal(), (429, 1007));
    let seconds = refused.body["error"]["retry_after"].as_u64().unwrap();
    assert!((13 * 3_600..=14 * 3_600).contains(&seconds), "until midnight: {seconds}");

    let from_another = json!({"from": "+12025550101", "to": [CLEO], "message": text_message("Hello")});
    assert_eq!(
        stage.api.post("/v3/chats", from_another).await.status,
        201,
        "each line has a limit of its own"
    );
    stage.api.advance_secs(seconds).await;
    assert_eq!(stage.api.create_chat(&[CLEO], "Hello").await.status, 201);
}
