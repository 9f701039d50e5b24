use linq_types::{
    Handle, Service,
    error::ErrorCode,
    messages::MessageContent,
    parts::{Effect, Part},
};
use serde_json::{Value, json};

use crate::it::{
    api::{ADA, BEN, LINE, text_message},
    stage::{CLEO, Stage, message_id},
};

#[tokio::test]
async fn rule_52_a_person_sends_whatever_a_message_can_hold() {
    let stage = Stage::start().await;
    let ada = stage.api.sandbox.person(ADA);
    let said =
        ada.sends([Part::text("look"), Part::media_url("https://example.com/a.jpg")].to_vec()).unwrap();
    let received = stage.event("message.received").await;
    assert_eq!(received["parts"][1]["filename"], "a.jpg");
    assert_eq!(received["chat"]["id"], said.chat_id.as_str());
    let confetti: Effect = serde_json::from_value(json!({ "type": "screen", "name": "confetti" })).unwrap();
    ada.sends(MessageContent::from("party").effect(confetti)).unwrap();
    assert_eq!(stage.event("message.received").await["effect"]["name"], "confetti");
    let reply = ada.replies(&said.message_id, "and this").unwrap();
    assert_eq!(reply.chat_id, said.chat_id);
    assert_eq!(stage.event("message.received").await["reply_to"]["message_id"], said.message_id.as_str());
    let refused = ada.sends(MessageContent::default()).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::MISSING_FIELD);
}

#[tokio::test]
async fn rule_52_a_person_opens_a_group_and_writes_in_it() {
    let stage = Stage::start().await;
    let ada = stage.api.sandbox.person(ADA);
    let said = ada.sends_among([BEN, CLEO], "Hi all").unwrap();
    let chat = stage.event("chat.created").await;
    assert_eq!((&chat["id"], &chat["is_group"]), (&json!(said.chat_id), &json!(true)));
    let ben = stage.api.sandbox.person(BEN);
    assert_eq!(ben.sends_among([CLEO, ADA], "Hi").unwrap().chat_id, said.chat_id);
    ben.sends_into(&said.chat_id, "Hi again").unwrap();
    let stranger = stage.api.sandbox.person("+12025550155");
    let refused = stranger.sends_into(&said.chat_id, "Hi").unwrap_err();
    assert_eq!(refused.code(), ErrorCode::CHAT_NOT_FOUND);
    let myself = ada.sends_among([LINE], "Hi").unwrap_err();
    assert_eq!(myself.code(), ErrorCode::INVALID_PARAMETER);
    let nobody = ada.clone().to_line("+12025550111").says("Hi").unwrap_err();
    assert_eq!(nobody.code(), ErrorCode::FOREIGN_PHONE_NUMBER);
}

#[tokio::test]
async fn rule_52_a_person_types_and_stops() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    let ada = stage.api.sandbox.person(ADA);
    ada.types(&chat_id).unwrap();
    let started = stage.event("chat.typing_indicator.started").await;
    assert_eq!((&started["chat_id"], &started["actor_handle"]["handle"]), (&json!(chat_id), &json!(ADA)));
    ada.stops_typing(&chat_id).unwrap();
    assert_eq!(stage.event("chat.typing_indicator.stopped").await["actor_handle"]["handle"], ADA);
    let ben = stage.api.sandbox.person(BEN);
    assert_eq!(ben.types(&chat_id).unwrap_err().code(), ErrorCode::CHAT_NOT_FOUND);
}

#[tokio::test]
async fn rule_52_a_person_gets_and_reads_a_message_before_its_time_and_no_step_comes_twice() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    let ada = stage.api.sandbox.person(ADA);
    let before = stage.events().await.len();
    let id = message_id(&stage.api.send_message(&chat_id, text_message("hi")).await);
    ada.reads(&id).unwrap();
    assert_eq!(stage.message(&id).await["delivery_status"], "read");
    stage.api.advance_secs(60).await;
    ada.reads(&id).unwrap();
    let id = message_id(&stage.api.send_message(&chat_id, text_message("hi")).await);
    ada.gets(&id).unwrap();
    assert_eq!(stage.message(&id).await["delivery_status"], "delivered");
    stage.api.advance_secs(60).await;
    let events = stage.events().await;
    let types: Vec<_> = events[before..].iter().map(|(event_type, _)| event_type.as_str()).collect();
    let steps = ["message.sent", "message.delivered", "message.read"];
    assert_eq!(types, [steps, steps].concat());

    let theirs = ada.says("Hi!").unwrap().message_id;
    assert_eq!(ada.reads(&theirs).unwrap_err().code(), ErrorCode::INVALID_PARAMETER);
    let sms = stage.api.sandbox.person(BEN).on(Service::Sms);
    let (_, id) = stage.chat(&[BEN]).await;
    assert_eq!(sms.reads(&id).unwrap_err().code(), ErrorCode::SERVICE_NOT_SUPPORTED);
}

#[tokio::test]
async fn rule_52_people_join_and_leave_groups() {
    let stage = Stage::start().await;
    let group = stage.group().await;
    let ada = stage.api.sandbox.person(ADA);
    let dora = Handle::from("+12025550196");
    ada.adds(&group, dora.clone()).unwrap();
    assert_eq!(stage.event("participant.added").await["handle"], dora.as_str());
    ada.leaves(&group).unwrap();
    assert_eq!(stage.event("participant.removed").await["handle"], ADA);
    assert_eq!(ada.leaves(&group).unwrap_err().code(), ErrorCode::CHAT_NOT_FOUND);
    let refused = ada.sends_into(&group, "Hi").unwrap_err();
    assert_eq!(refused.code(), ErrorCode::CHAT_NOT_FOUND);
}

#[tokio::test]
async fn rule_52_a_person_edits_what_they_said() {
    let stage = Stage::start().await;
    let ada = stage.api.sandbox.person(ADA);
    let said = ada.says("Helo").unwrap();
    ada.edits(&said.message_id, "Hello").unwrap();
    let edited = stage.event("message.edited").await;
    assert_eq!((&edited["direction"], &edited["part"]["text"]), (&json!("inbound"), &json!("Hello")));
    let (_, mine) = stage.chat(&[ADA]).await;
    assert_eq!(ada.edits(&mine, "x").unwrap_err().code(), ErrorCode::INVALID_PARAMETER);
    assert_eq!(stage.message(&said.message_id).await["parts"][0]["value"], "Hello");
    assert_eq!(stage.message(&said.message_id).await["delivered_at"], Value::Null);
}
