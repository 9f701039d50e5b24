use http::Method;
use linq_types::{events::EventType, reactions::Reaction};
use serde_json::{Value, json};

use crate::it::{
    api::{ADA, Api, BEN, LINE, text_message},
    receiver::Receiver,
};

#[tokio::test]
async fn rule_52_what_a_person_does_comes_in_and_makes_a_chat_where_there_was_none() {
    let receiver = Receiver::start().await;
    let api = Api::still().await;
    api.subscribe(&receiver, "", json!({})).await;
    let ada = api.sandbox.person(ADA);
    let said = ada.says("Hello?").unwrap();
    ada.reacts(&said.message_id, Reaction::LOVE).unwrap();
    let again = ada.says("Anybody?").unwrap();
    assert_eq!(said.chat_id, again.chat_id);
    api.advance_secs(0).await;
    let received = receiver.received();
    let types: Vec<_> = received.iter().map(|one| one.event_type()).collect();
    assert_eq!(types, ["chat.created", "message.received", "reaction.added", "message.received"]);
    assert_eq!(received[1].body["data"]["chat"]["id"], said.chat_id.as_str());
    assert_eq!(received[2].body["data"]["from"], ADA);
}

#[tokio::test]
async fn rule_52_people_act_by_the_control_endpoints_too() {
    let api = Api::still().await;
    let path = |action: &str| format!("/people/{ADA}/{action}");
    let said = api.control(Method::POST, &path("says"), json!({ "text": "Hello?", "to": LINE })).await;
    assert_eq!(said.status, 200, "{said:?}");
    let reaction = json!({ "message_id": said.body["message_id"], "operation": "add", "type": "like" });
    assert_eq!(api.control(Method::POST, &path("reacts"), reaction).await.body, json!({}));
    assert_eq!(api.control(Method::POST, &path("on"), json!({ "service": "SMS" })).await.body, json!({}));
    let later = api.control(Method::POST, &path("says"), json!({ "text": "Anybody?" })).await;
    let message = api.get(&format!("/v3/messages/{}", later.body["message_id"].as_str().unwrap())).await;
    assert_eq!(message.body["service"], "SMS");
    let chat_id = said.body["chat_id"].as_str().unwrap().into();
    assert_eq!(
        api.sandbox.transcript(&chat_id),
        "+12025550199: Hello? [like by +12025550199]\n+12025550199: Anybody?\n"
    );
    for (action, body, refusal) in [
        ("flies", json!({}), (404, 1005)),
        ("says", json!({}), (400, 1001)),
        ("says", json!({ "text": "hi", "to": "+12025550177" }), (403, 2006)),
        ("reacts", json!({ "message_id": "none", "operation": "add", "type": "like" }), (404, 2002)),
        ("on", json!({ "service": "pigeon" }), (400, 1005)),
        ("pays", json!({ "payment_request_id": "none" }), (404, 2021)),
        ("approves", json!({}), (400, 1001)),
    ] {
        let reply = api.control(Method::POST, &path(action), body.clone()).await;
        assert_eq!(reply.refusal(), refusal, "{action} {body}");
    }
    let nobody = api.control(Method::POST, "/people/somebody/says", json!({ "text": "hi" })).await;
    assert_eq!(nobody.refusal(), (400, 1002));
}

#[tokio::test]
async fn rule_53_one_event_is_told_in_both_formats() {
    let (older, newer) = (Receiver::start().await, Receiver::start().await);
    let api = Api::still().await;
    api.subscribe(&older, "?version=2025-01-01", json!({})).await;
    api.subscribe(&newer, "?version=2026-02-03", json!({})).await;
    let said = api.sandbox.person(ADA).says("Hi!").unwrap();
    api.advance_secs(0).await;
    let (old, new) = (older.received()[1].body.clone(), newer.received()[1].body.clone());
    assert_eq!(
        (&old["webhook_version"], &new["webhook_version"]),
        (&json!("2025-01-01"), &json!("2026-02-03"))
    );
    for field in ["event_id", "event_type", "trace_id", "created_at", "partner_id"] {
        assert_eq!(old[field], new[field]);
    }
    assert_eq!(old["data"]["message"]["id"], said.message_id.as_str());
    assert_eq!(new["data"]["id"], said.message_id.as_str());
    assert_eq!(old["data"]["message"]["parts"], new["data"]["parts"]);
}

#[tokio::test]
async fn rule_52_what_people_do_in_chats_and_to_messages_has_its_control_endpoint() {
    let receiver = Receiver::start().await;
    let api = Api::still().await;
    let act = async |person: &str, action: &str, body: Value| {
        let reply = api.control(Method::POST, &format!("/people/{person}/{action}"), body.clone()).await;
        assert_eq!(reply.status, 200, "{action} {body}: {reply:?}");
        api.advance_secs(1).await;
        reply.body
    };
    let group = api.create_chat(&[ADA, BEN, "+12025550197", "+12025550196"], "All together").await;
    let chat_id = group.body["chat"]["id"].clone();
    let mine = group.body["chat"]["message"]["id"].clone();
    let events = EventType::KNOWN.iter().map(EventType::as_str).collect::<Vec<_>>();
    api.subscribe(&receiver, "", json!({ "subscribed_events": events })).await;
    let in_chat = json!({ "chat_id": chat_id });

    act(ADA, "reads", json!({ "message_id": mine })).await;
    let message = text_message("I cannot come");
    let sent = act(ADA, "sends_into", json!({ "chat_id": chat_id, "message": message })).await;
    act(ADA, "edits", json!({ "message_id": sent["message_id"], "text": "I can come" })).await;
    act(BEN, "reacts", json!({ "message_id": sent["message_id"], "operation": "add", "type": "love" })).await;
    act(BEN, "types", in_chat.clone()).await;
    act(BEN, "stops_typing", in_chat.clone()).await;
    let options = json!([{ "text": "Six" }, { "text": "Seven" }]);
    let poll = act(BEN, "asks", json!({ "chat_id": chat_id, "poll": { "options": options } })).await;
    let path = format!("/v3/messages/{}/poll", poll["message_id"].as_str().unwrap());
    let option_id = api.get(&path).await.body["poll"]["options"][0]["option_id"].clone();
    let vote = json!({ "message_id": poll["message_id"], "option_id": option_id });
    act(ADA, "votes", vote.clone()).await;
    act(ADA, "takes_vote_back", vote).await;
    let eight = json!([{ "text": "Eight" }]);
    act(ADA, "adds_options", json!({ "message_id": poll["message_id"], "options": eight })).await;
    let place = json!({ "chat_id": chat_id, "latitude": 52.5, "longitude": 13.4, "seconds": 3600 });
    act(ADA, "shares_location", place).await;
    act(ADA, "stops_sharing_location", in_chat.clone()).await;
    act(BEN, "renames", json!({ "chat_id": chat_id, "name": "Dinner" })).await;
    act(BEN, "adds", json!({ "chat_id": chat_id, "handle": "+12025550195" })).await;
    act(BEN, "leaves", in_chat).await;
    let card = json!({ "first_name": "Ada", "last_name": "Lovelace", "to": LINE });
    act(ADA, "sends_contact_card", card).await;
    act(ADA, "has_rcs", json!({ "has_rcs": true })).await;
    act(ADA, "opts_out", json!({})).await;

    let received = receiver.received();
    let types: Vec<_> = received.iter().map(|one| one.event_type()).collect();
    for event_type in [
        "message.received",
        "message.edited",
        "reaction.added",
        "chat.typing_indicator.started",
        "chat.typing_indicator.stopped",
        "poll.received",
        "poll.vote.added",
        "poll.vote.removed",
        "poll.updated",
        "location.sharing.started",
        "location.sharing.stopped",
        "chat.group_name_updated",
        "participant.added",
        "participant.removed",
        "contact_card.received",
    ] {
        assert!(types.contains(&event_type), "{event_type}: {types:?}");
    }
    let transcript = api.sandbox.transcript(&chat_id.as_str().unwrap().into());
    insta::assert_snapshot!(transcript, @r"
    +12025550100: All together (read)
    +12025550199: I can come (edited) [love by +12025550198]
    +12025550198: [poll: Six / Seven / Eight]
    ");
    assert_eq!(api.create_chat(&[ADA], "hi").await.refusal(), (403, 2024));
}
