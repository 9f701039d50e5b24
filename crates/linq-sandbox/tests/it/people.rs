use linq_sandbox::Sandbox;
use linq_types::{Service, error::ErrorCode, events::EventData, messages::Message, reactions::Reaction};
use serde_json::json;

use super::{
    api::{ADA, Api, BEN, LINE, text_message},
    receiver::Receiver,
};

#[tokio::test]
async fn a_text_from_a_person_creates_the_chat_and_is_received() {
    let api = Api::start().await;
    let receiver = Receiver::start().await;
    api.subscribe(&receiver, "", json!({})).await;
    let said = api.sandbox.person(ADA).says("Hello?").unwrap();
    let created = receiver.wait_for_event("chat.created").await;
    assert_eq!(created.body["data"]["id"], said.chat_id.as_str());
    let received = receiver.wait_for_event("message.received").await;
    assert_eq!(created.body["trace_id"], received.body["trace_id"]);

    let event = received.event();
    let EventData::MessageReceived(message) = event.data else { panic!("{event:?}") };
    assert_eq!(message.id, said.message_id);
    assert_eq!(message.chat.id, said.chat_id);
    assert_eq!(message.sender().unwrap().as_str(), ADA);
    assert_eq!(message.chat.owner_handle.as_ref().unwrap().handle.as_str(), LINE);
    assert_eq!((message.text().as_str(), message.is_from_me()), ("Hello?", false));
    assert_eq!(message.idempotency_key, None);

    let stored = api.get(&format!("/v3/messages/{}", said.message_id)).await.body;
    let stored: Message = serde_json::from_value(stored).unwrap();
    assert_eq!(stored.delivery_status.unwrap().as_str(), "received");
    assert_eq!(stored.is_from_me, Some(false));
}

#[tokio::test]
async fn a_person_writes_in_the_chat_there_is() {
    let api = Api::start().await;
    let (chat_id, _) = api.chat_with_ada().await;
    assert_eq!(api.sandbox.person(ADA).says("Hi!").unwrap().chat_id, chat_id);
    assert_ne!(api.sandbox.person(BEN).says("Hi!").unwrap().chat_id, chat_id);
}

#[tokio::test]
async fn a_person_reacts_to_either_side_of_a_chat_they_are_in() {
    let api = Api::start().await;
    let receiver = Receiver::start().await;
    let (chat_id, mine) = api.chat_with_ada().await;
    api.wait_for_status(&mine, "read").await;
    api.subscribe(&receiver, "", json!({ "subscribed_events": ["reaction.added", "reaction.removed"] }))
        .await;
    let ada = api.sandbox.person(ADA);
    let theirs = ada.says("Hi!").unwrap().message_id;
    ada.reacts(&mine, Reaction::LOVE).unwrap();
    ada.reacts(&theirs, Reaction::emoji("🔥")).unwrap();
    let event = receiver.wait_for(2).await.remove(0);
    let event = event.event();
    let EventData::ReactionAdded(reaction) = event.data else { panic!("{event:?}") };
    assert_eq!(reaction.is_from_me, Some(false));
    assert_eq!(
        api.sandbox.transcript(&chat_id),
        "+12025550100: Hello (read) [love by +12025550199]\n+12025550199: Hi! [🔥 by +12025550199]\n"
    );
    ada.reacts(&mine, Reaction::LOVE.remove()).unwrap();
    receiver.wait_for_event("reaction.removed").await;
}

#[tokio::test]
async fn what_a_person_cannot_do_is_an_error() {
    let api = Api::frozen().await;
    let (_, message_id) = api.chat_with_ada().await;
    let code = |result: Result<(), linq_sandbox::ApiError>| result.unwrap_err().code();
    let ada = api.sandbox.person(ADA);
    assert_eq!(code(ada.reacts(&"none".into(), Reaction::LOVE)), ErrorCode::MESSAGE_NOT_FOUND);
    assert_eq!(code(ada.reacts(&message_id, Reaction::LOVE)), ErrorCode::OPERATION_FAILED);
    let ben = api.sandbox.person(BEN);
    assert_eq!(code(ben.reacts(&message_id, Reaction::LOVE)), ErrorCode::MESSAGE_NOT_FOUND);
    let myself = api.sandbox.person(LINE);
    assert_eq!(code(myself.reacts(&message_id, Reaction::LOVE)), ErrorCode::MESSAGE_NOT_FOUND);
    assert_eq!(myself.says("hi").unwrap_err().code(), ErrorCode::INVALID_PARAMETER);
}

#[tokio::test]
async fn a_person_on_sms_makes_an_sms_chat() {
    let api = Api::start().await;
    let said = api.sandbox.person(ADA).on(Service::Sms).says("Hi!").unwrap();
    let message = api.get(&format!("/v3/messages/{}", said.message_id)).await.body;
    assert_eq!(message["service"], "SMS");
    assert_eq!(message["from_handle"]["service"], "SMS");
}

#[tokio::test]
async fn an_opt_out_keyword_makes_every_direct_send_403_with_2024_until_another_word() {
    let api = Api::with(Sandbox::builder().phone_number(LINE).phone_number("+12025550101")).await;
    let (chat_id, _) = api.chat_with_ada().await;
    let ada = api.sandbox.person(ADA);
    for keyword in
        ["STOP", "UNSUBSCRIBE", "OPTOUT", "CANCEL", "END", "QUIT", "opt out", "Opt-Out", "optout", "OPT OUT"]
    {
        ada.says(keyword).unwrap();
        assert_eq!(api.send_message(&chat_id, text_message("hi")).await.refusal(), (403, 2024), "{keyword}");
        ada.says("sorry, go on").unwrap();
        assert_eq!(api.send_message(&chat_id, text_message("hi")).await.status, 202, "{keyword}");
    }
    for no_keyword in ["stop", "STOP!", "please STOP", "Quit", ""] {
        ada.says(no_keyword).unwrap();
        assert_eq!(api.send_message(&chat_id, text_message("hi")).await.status, 202, "{no_keyword}");
    }

    ada.says("STOP").unwrap();
    let other_line = json!({ "from": "+12025550101", "to": [ADA], "message": text_message("hi") });
    assert_eq!(api.post("/v3/chats", other_line).await.refusal(), (403, 2024));
    assert_eq!(api.create_chat(&[ADA, BEN], "groups are exempt").await.status, 201);
    let path = format!("/v3/chats/{chat_id}/messages");
    let overridden = json!({ "message": text_message("receipt"), "override_optout": true });
    assert_eq!(api.post(&path, overridden).await.status, 202);
    assert_eq!(api.send_message(&chat_id, text_message("hi")).await.refusal(), (403, 2024));
    let chat = json!({ "from": LINE, "to": [ADA], "message": text_message("hi"), "override_optout": true });
    assert_eq!(api.post("/v3/chats", chat).await.body["chat"]["health_status"]["status"], "OPTED_OUT");
}
