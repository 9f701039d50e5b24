use linq_types::{messages::Message, reactions::Reaction};
use serde_json::{Value, json};

use super::{
    api::{ADA, Api, LINE},
    receiver::Receiver,
};

#[tokio::test]
async fn a_reaction_is_202_accepted_and_then_reaction_added_with_the_same_trace_id() {
    let api = Api::start().await;
    let receiver = Receiver::start().await;
    let (chat_id, message_id) = api.chat_with_ada().await;
    api.wait_for_status(&message_id, "sent").await;
    api.subscribe(&receiver, "", json!({ "subscribed_events": ["reaction.added", "reaction.removed"] }))
        .await;
    let path = format!("/v3/messages/{message_id}/reactions");

    let added = api.post(&path, json!({ "operation": "add", "type": "love" })).await;
    assert_eq!(added.status, 202);
    assert_eq!(added.body["status"], "accepted");
    assert_eq!(added.body["trace_id"], added.trace_id());
    let event = receiver.wait_for_event("reaction.added").await.body;
    assert_eq!(event["trace_id"], added.trace_id());
    let data = &event["data"];
    assert_eq!(data["chat_id"], chat_id.as_str());
    assert_eq!(data["message_id"], message_id.as_str());
    assert_eq!((&data["is_from_me"], &data["reaction_type"]), (&json!(true), &json!("love")));
    assert_eq!((&data["from"], &data["part_index"]), (&json!(LINE), &json!(0)));

    let stored: Message =
        serde_json::from_value(api.get(&format!("/v3/messages/{message_id}")).await.body).unwrap();
    let part = serde_json::to_value(&stored.parts[0]).unwrap();
    assert_eq!(part["reactions"][0]["type"], "love");
    assert_eq!(part["reactions"][0]["is_me"], true);

    let removed = api.post(&path, json!({ "operation": "remove", "type": "love" })).await;
    assert_eq!(removed.status, 202);
    assert_eq!(receiver.wait_for_event("reaction.removed").await.body["trace_id"], removed.trace_id());
    assert_eq!(
        api.get(&format!("/v3/messages/{message_id}")).await.body["parts"][0]["reactions"],
        Value::Null
    );
}

#[tokio::test]
async fn a_second_tapback_of_one_person_takes_the_place_of_the_first() {
    let api = Api::start().await;
    let ada = api.sandbox.person(ADA);
    let said = ada.says("Hello").unwrap();
    ada.reacts(&said.message_id, Reaction::LIKE).unwrap();
    let path = format!("/v3/messages/{}/reactions", said.message_id);
    for kind in ["love", "laugh"] {
        assert_eq!(api.post(&path, json!({ "operation": "add", "type": kind })).await.status, 202);
    }
    assert_eq!(
        api.sandbox.transcript(&said.chat_id),
        "+12025550199: Hello [like by +12025550199] [laugh by +12025550100]\n"
    );
}

#[tokio::test]
async fn a_sticker_cannot_be_removed_and_a_custom_reaction_needs_its_emoji() {
    let api = Api::start().await;
    let said = api.sandbox.person(ADA).says("Hello").unwrap();
    let path = format!("/v3/messages/{}/reactions", said.message_id);
    let sticker = "https://example.com/cat.png";
    for (reaction, refusal) in [
        (json!({ "operation": "remove", "type": "sticker", "url": sticker }), (400, 1005)),
        (json!({ "operation": "add", "type": "sticker" }), (400, 1005)),
        (json!({ "operation": "add", "type": "sticker", "url": sticker, "emoji": "🐈" }), (400, 1005)),
        (json!({ "operation": "add", "type": "sticker", "attachment_id": "none" }), (404, 2003)),
        (json!({ "operation": "add", "type": "custom" }), (400, 1001)),
        (json!({ "operation": "add" }), (400, 1001)),
        (json!({ "operation": "swap", "type": "love" }), (400, 1005)),
        (json!({ "operation": "add", "type": "shrug" }), (400, 1005)),
        (json!({ "operation": "add", "type": "love", "part_index": 1 }), (400, 1005)),
    ] {
        assert_eq!(api.post(&path, reaction.clone()).await.refusal(), refusal, "{reaction}");
    }
    for reaction in [
        json!({ "operation": "add", "type": "sticker", "url": sticker }),
        json!({ "operation": "add", "type": "custom", "custom_emoji": "🔥" }),
        json!({ "operation": "remove", "type": "like" }),
    ] {
        assert_eq!(api.post(&path, reaction.clone()).await.status, 202, "{reaction}");
    }
    let transcript = api.sandbox.transcript(&said.chat_id);
    assert_eq!(transcript, "+12025550199: Hello [sticker by +12025550100] [🔥 by +12025550100]\n");
}

#[tokio::test]
async fn a_reaction_on_an_unknown_message_is_404_with_2002() {
    let api = Api::start().await;
    let reply = api.post("/v3/messages/none/reactions", json!({ "operation": "add", "type": "love" })).await;
    assert_eq!(reply.refusal(), (404, 2002));
}
