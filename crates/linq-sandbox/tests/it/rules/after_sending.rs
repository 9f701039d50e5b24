use linq_sandbox::{Assumptions, Sandbox};
use linq_types::{
    MessageId, Service,
    error::ErrorCode,
    messages::{Message, MessageThreadResponse},
    page::Page as _,
    reactions::Reaction,
};
use serde_json::{Value, json};

use crate::it::{
    api::{ADA, Reply, text_message},
    receiver::Receiver,
    stage::{Stage, message_id, text},
};

async fn react(stage: &Stage, id: &MessageId, body: Value) -> Reply {
    stage.api.post(&format!("/v3/messages/{id}/reactions"), body).await
}

async fn edit(stage: &Stage, id: &MessageId, body: Value) -> Reply {
    stage.api.patch(&format!("/v3/messages/{id}"), body).await
}

#[tokio::test]
async fn rule_29_a_reaction_is_accepted_and_told_but_not_before_the_message_is_sent() {
    let love = json!({ "operation": "add", "type": "love" });
    for taken in [false, true] {
        let rules = Assumptions::default().accept_early_reactions(taken);
        let stage = Stage::with(Sandbox::builder().assumptions(rules)).await;
        let (chat_id, message) = stage.chat(&[ADA]).await;
        let pending = message_id(&stage.api.send_message(&chat_id, text_message("hi")).await);
        let early = react(&stage, &pending, love.clone()).await;
        if taken {
            assert_eq!(early.status, 202);
        } else {
            assert_eq!(early.refusal(), (500, 3006));
        }
        let accepted = react(&stage, &message, love.clone()).await;
        assert_eq!((accepted.status.as_u16(), &accepted.body["status"]), (202, &json!("accepted")));
        assert_eq!(stage.event("reaction.added").await["message_id"], message.as_str());
        react(&stage, &message, json!({ "operation": "remove", "type": "love" })).await;
        assert_eq!(stage.event("reaction.removed").await["message_id"], message.as_str());
    }
}

#[tokio::test]
async fn rule_30_a_sticker_stays_but_can_be_moved_and_an_emoji_must_be_named() {
    let stage = Stage::start().await;
    let (_, id) = stage.chat(&[ADA]).await;
    assert_eq!(
        react(&stage, &id, json!({ "operation": "add", "type": "custom" })).await.refusal(),
        (400, 1001)
    );
    let sticker = json!({ "operation": "add", "type": "sticker", "url": "https://example.com/cat.png" });
    assert_eq!(react(&stage, &id, sticker).await.status, 202);
    let removed = json!({ "operation": "remove", "type": "sticker", "url": "https://example.com/cat.png" });
    assert_eq!(react(&stage, &id, removed).await.refusal(), (400, 1005));

    let reaction = stage.message(&id).await["parts"][0]["reactions"][0].clone();
    let placement = json!({ "placement": { "x": 0.5, "y": 0.25, "rotation": 10, "scale": 1 } });
    let path = |reaction: &str| format!("/v3/messages/{id}/reactions/{reaction}");
    let moved = stage.api.patch(&path(text(&reaction["id"])), placement.clone()).await;
    assert_eq!((moved.status.as_u16(), &moved.body["success"]), (202, &json!(true)));
    assert_eq!(stage.api.patch(&path("none"), placement.clone()).await.status, 404);
    stage.api.sandbox.person(ADA).reacts(&id, Reaction::LOVE).unwrap();
    let love = stage.message(&id).await["parts"][0]["reactions"][1]["id"].clone();
    assert_eq!(stage.api.patch(&path(text(&love)), placement).await.refusal(), (400, 1005));
}

#[tokio::test]
async fn rule_31_an_edit_answers_with_the_message_and_is_told_in_the_newest_format_only() {
    let stage = Stage::start().await;
    let older = Receiver::start().await;
    let events = json!({ "subscribed_events": ["message.edited", "message.received"] });
    stage.api.subscribe(&older, "?version=2025-01-01", events).await;
    let (_, id) = stage.chat(&[ADA]).await;
    let edited = edit(&stage, &id, json!({ "text": "Hello!" })).await;
    assert_eq!(edited.status, 200);
    assert_eq!(edited.body["parts"][0]["value"], "Hello!");
    serde_json::from_value::<Message>(edited.body.clone()).unwrap();
    let event = stage.body("message.edited").await;
    assert_eq!(event["trace_id"], edited.trace_id());
    assert_eq!(event["data"]["part"], json!({ "index": 0, "text": "Hello!" }));
    assert_eq!((&event["data"]["id"], &event["data"]["direction"]), (&json!(id), &json!("outbound")));

    stage.api.sandbox.person(ADA).says("Hi!").unwrap();
    stage.api.advance_secs(1).await;
    let heard: Vec<_> = older.received().iter().map(|one| one.event_type().to_owned()).collect();
    assert_eq!(heard, ["message.received"]);
}

#[tokio::test]
async fn rule_31_the_sixth_edit_and_one_after_15_minutes_are_refused_with_a_code_of_choice() {
    for (rules, code) in [
        (Assumptions::default(), 2015),
        (Assumptions::default().edit_rejection_code(ErrorCode::SERVICE_NOT_SUPPORTED), 2017),
    ] {
        let stage = Stage::with(Sandbox::builder().assumptions(rules)).await;
        let (chat_id, id) = stage.chat(&[ADA]).await;
        for number in 1..=5 {
            assert_eq!(edit(&stage, &id, json!({ "text": number.to_string() })).await.status, 200);
        }
        assert_eq!(edit(&stage, &id, json!({ "text": "6" })).await.refusal(), (409, code));
        let late = message_id(&stage.api.send_message(&chat_id, text_message("hi")).await);
        assert_eq!(edit(&stage, &late, json!({ "text": "too early" })).await.refusal(), (409, code));
        stage.api.advance_secs(15 * 60).await;
        assert_eq!(edit(&stage, &late, json!({ "text": "in time" })).await.status, 200);
        stage.api.advance_secs(1).await;
        assert_eq!(edit(&stage, &late, json!({ "text": "too late" })).await.refusal(), (409, code));
    }
}

#[tokio::test]
async fn rule_31_only_your_own_words_on_imessage_can_be_edited() {
    let stage = Stage::start().await;
    let (chat_id, id) = stage.chat(&[ADA]).await;
    let theirs = stage.api.sandbox.person(ADA).says("Hi!").unwrap().message_id;
    assert_eq!(edit(&stage, &theirs, json!({ "text": "x" })).await.refusal(), (400, 1005));
    assert_eq!(edit(&stage, &id, json!({ "text": "x", "part_index": 1 })).await.refusal(), (400, 1005));
    assert_eq!(edit(&stage, &id, json!({ "text": "" })).await.refusal(), (400, 1005));
    assert_eq!(edit(&stage, &"none".into(), json!({ "text": "x" })).await.refusal(), (404, 2002));
    let media = json!({ "parts": [{ "type": "media", "url": "https://example.com/a.jpg" }] });
    let media = message_id(&stage.api.send_message(&chat_id, media).await);
    stage.api.sandbox.person(ADA).on(Service::Sms);
    let sms = message_id(&stage.api.send_message(&chat_id, text_message("hi")).await);
    stage.api.advance_secs(1).await;
    assert_eq!(edit(&stage, &media, json!({ "text": "x" })).await.refusal(), (400, 1005));
    assert_eq!(edit(&stage, &sms, json!({ "text": "x" })).await.refusal(), (409, 2017));
}

#[tokio::test]
async fn rule_32_an_edit_of_the_wrong_shape_is_500_with_3006() {
    let stage = Stage::start().await;
    let (_, id) = stage.chat(&[ADA]).await;
    let parts = json!([{ "type": "text", "value": "x" }]);
    for body in
        [json!({ "parts": parts }), json!({ "message": { "parts": parts } }), json!({ "text": 1 }), json!([])]
    {
        assert_eq!(edit(&stage, &id, body.clone()).await.refusal(), (500, 3006), "{body}");
    }
    let request = stage.api.request(http::Method::PATCH, &format!("/v3/messages/{id}"), "{");
    assert_eq!(stage.api.send(request).await.refusal(), (400, 1003));
    assert_eq!(stage.message(&id).await["parts"][0]["value"], "Hello");
}

#[tokio::test]
async fn rule_33_a_deleted_message_is_gone_without_an_event() {
    let stage = Stage::start().await;
    let (chat_id, id) = stage.chat(&[ADA]).await;
    let pending = message_id(&stage.api.send_message(&chat_id, text_message("hi")).await);
    let before = stage.events().await.len();
    for id in [&id, &pending] {
        assert_eq!(stage.api.delete(&format!("/v3/messages/{id}")).await.status, 204);
        assert_eq!(stage.api.get(&format!("/v3/messages/{id}")).await.refusal(), (404, 2002));
        assert_eq!(stage.api.delete(&format!("/v3/messages/{id}")).await.refusal(), (404, 2002));
    }
    let list = stage.api.get(&format!("/v3/chats/{chat_id}/messages")).await;
    assert_eq!(list.body, json!({ "messages": [], "next_cursor": null }));
    stage.api.advance_secs(60).await;
    assert_eq!(stage.events().await.len(), before);
}

#[tokio::test]
async fn rule_34_a_thread_is_its_first_message_and_the_replies_oldest_first() {
    let stage = Stage::start().await;
    let (chat_id, first) = stage.chat(&[ADA]).await;
    let ada = stage.api.sandbox.person(ADA);
    let second = ada.replies(&first, "two").unwrap().message_id;
    let alone = ada.says("something else").unwrap().message_id;
    let mut reply = text_message("three");
    reply["reply_to"] = json!({ "message_id": second });
    let third = message_id(&stage.api.send_message(&chat_id, reply).await);

    let thread = async |id: &MessageId, query: &str| {
        let page = stage.api.get(&format!("/v3/messages/{id}/thread{query}")).await;
        let (messages, cursor) =
            serde_json::from_value::<MessageThreadResponse>(page.body).unwrap().into_parts(None);
        (messages.into_iter().map(|message| message.id).collect::<Vec<_>>(), cursor)
    };
    let all = vec![first.clone(), second.clone(), third.clone()];
    for id in &all {
        assert_eq!(thread(id, "").await, (all.clone(), None));
    }
    assert_eq!(thread(&alone, "").await, (vec![alone.clone()], None));
    let (page, cursor) = thread(&first, "?limit=2").await;
    assert_eq!(page, all[..2]);
    assert_eq!(
        thread(&first, &format!("?limit=2&cursor={}", cursor.unwrap())).await,
        (vec![third.clone()], None)
    );
    let backwards: Vec<_> = all.iter().rev().cloned().collect();
    assert_eq!(thread(&first, "?order=desc").await.0, backwards);

    stage.api.delete(&format!("/v3/messages/{first}")).await;
    assert_eq!(thread(&third, "").await.0, all[1..]);
    let refused = stage.api.get(&format!("/v3/messages/{third}/thread?order=up")).await;
    assert_eq!(refused.refusal(), (400, 1005));
    assert_eq!(stage.api.get("/v3/messages/none/thread").await.refusal(), (404, 2002));
}
