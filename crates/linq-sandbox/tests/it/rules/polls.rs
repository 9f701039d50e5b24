use linq_types::{
    ChatId, MessageId, Service,
    error::ErrorCode,
    polls::{PollContent, PollResponse},
    reactions::Reaction,
};
use serde_json::{Value, json};

use crate::it::{
    api::{ADA, BEN, LINE, Reply, text_message},
    stage::{Stage, text},
};

async fn ask(stage: &Stage, chat_id: &ChatId, poll: Value) -> Reply {
    stage.api.post(&format!("/v3/chats/{chat_id}/polls"), json!({ "poll": poll })).await
}

fn at_six_or_seven() -> Value {
    json!({ "options": [{ "text": "At six" }, { "text": "At seven" }] })
}

/// A poll that has been sent, and its options.
async fn poll(stage: &Stage) -> (ChatId, MessageId, Vec<String>) {
    let (chat_id, _) = stage.chat(&[ADA, BEN]).await;
    let asked = ask(stage, &chat_id, at_six_or_seven()).await;
    stage.api.advance_secs(1).await;
    let envelope: PollResponse = serde_json::from_value(asked.body).unwrap();
    let options = envelope.poll.options.iter().map(|option| option.option_id.to_string()).collect();
    (chat_id, envelope.message_id, options)
}

async fn vote(stage: &Stage, id: &MessageId, operation: &str, option_id: &str) -> Reply {
    let vote = json!({ "operation": operation, "option_id": option_id });
    stage.api.post(&format!("/v3/messages/{id}/poll/votes"), vote).await
}

#[tokio::test]
async fn a_poll_goes_the_way_of_a_message_with_events_of_its_own() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    let before = stage.events().await.len();
    let asked = ask(&stage, &chat_id, at_six_or_seven()).await;
    assert_eq!(asked.status, 202);
    stage.api.advance_secs(1).await;
    let events = stage.events().await;
    let types: Vec<_> = events[before..].iter().map(|(event_type, _)| event_type.as_str()).collect();
    assert_eq!(types, ["poll.sent", "poll.delivered", "poll.read"]);
    let read = stage.body("poll.read").await;
    assert_eq!(read["trace_id"], asked.trace_id());
    assert_eq!(
        (&read["data"]["message_id"], &read["data"]["direction"]),
        (&asked.body["message_id"], &json!("outbound"))
    );
    let id = text(&asked.body["message_id"]).into();
    let message = stage.message(&id).await;
    assert_eq!((&message["parts"], &message["delivery_status"]), (&json!([]), &json!("read")));
    assert!(stage.api.sandbox.transcript(&chat_id).ends_with(": [poll: At six / At seven] (read)\n"));
}

#[tokio::test]
async fn a_poll_has_two_options_is_on_imessage_and_counts_once_a_key() {
    let stage = Stage::start().await;
    let (chat_id, message_id) = stage.chat(&[ADA]).await;
    for poll in
        [json!({ "options": [{ "text": "one" }] }), json!({ "options": [{ "text": "" }, { "text": "b" }] })]
    {
        assert_eq!(ask(&stage, &chat_id, poll).await.refusal(), (400, 1004));
    }
    let mut keyed = at_six_or_seven();
    keyed["idempotency_key"] = "k".into();
    let first = ask(&stage, &chat_id, keyed.clone()).await;
    assert_eq!(ask(&stage, &chat_id, keyed).await.body, first.body);
    assert_eq!(stage.api.get(&format!("/v3/messages/{message_id}/poll")).await.refusal(), (404, 2002));
    stage.api.sandbox.person(ADA).on(Service::Sms);
    stage.api.send_message(&chat_id, text_message("hi")).await;
    assert_eq!(ask(&stage, &chat_id, at_six_or_seven()).await.refusal(), (409, 2017));
}

#[tokio::test]
async fn a_poll_that_cannot_be_sent_fails_with_its_code() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    stage.api.sandbox.person(ADA).unreachable(ErrorCode::new(4006));
    ask(&stage, &chat_id, at_six_or_seven()).await;
    stage.api.advance_secs(1).await;
    let failed = stage.event("poll.failed").await;
    assert_eq!(failed["error"]["code"], 4006);
    assert_eq!(failed["poll"]["options"][0]["text"], "At six");
}

#[tokio::test]
async fn votes_of_both_sides_are_counted_and_told_once() {
    let stage = Stage::start().await;
    let (_, id, options) = poll(&stage).await;
    let ada = stage.api.sandbox.person(ADA);
    ada.votes(&id, options[0].as_str()).unwrap();
    ada.votes(&id, options[0].as_str()).unwrap();
    ada.votes(&id, options[1].as_str()).unwrap();
    let voted = stage.event("poll.vote.added").await;
    assert_eq!((&voted["option_id"], &voted["direction"]), (&json!(options[1]), &json!("inbound")));
    assert_eq!(voted["sender_handle"]["handle"], ADA);

    let mine = vote(&stage, &id, "add", &options[0]).await;
    assert_eq!(mine.status, 200);
    let envelope: PollResponse = serde_json::from_value(mine.body).unwrap();
    let voters: Vec<_> = envelope.poll.options.iter().map(|option| option.voters.len()).collect();
    assert_eq!((envelope.poll.total_voters, voters), (Some(2), vec![2, 1]));
    assert_eq!(stage.count("poll.vote.added").await, 3);
    assert_eq!(stage.event("poll.vote.added").await["sender_handle"]["handle"], LINE);

    ada.takes_vote_back(&id, options[1].as_str()).unwrap();
    assert_eq!(vote(&stage, &id, "remove", &options[1]).await.status, 200);
    assert_eq!(stage.count("poll.vote.removed").await, 1);
    assert_eq!(vote(&stage, &id, "add", "none").await.refusal(), (400, 1005));
    assert_eq!(vote(&stage, &id, "toggle", &options[0]).await.refusal(), (400, 1005));
}

#[tokio::test]
async fn options_are_added_by_both_sides_and_told() {
    let stage = Stage::start().await;
    let (_, id, _) = poll(&stage).await;
    let added = json!({ "options": [{ "text": "At eight" }] });
    let added = stage.api.post(&format!("/v3/messages/{id}/poll/options"), added).await;
    assert_eq!(added.status, 200);
    let event = stage.body("poll.updated").await;
    assert_eq!(event["trace_id"], added.trace_id());
    assert_eq!(event["data"]["added_options"][0]["text"], "At eight");
    stage.api.sandbox.person(BEN).adds_options(&id, ["Never"]).unwrap();
    let poll = stage.api.get(&format!("/v3/messages/{id}/poll")).await;
    let poll: PollResponse = serde_json::from_value(poll.body).unwrap();
    let texts: Vec<_> = poll.poll.options.iter().map(|option| option.text.as_deref().unwrap()).collect();
    assert_eq!(texts, ["At six", "At seven", "At eight", "Never"]);
    assert_eq!(poll.poll.options[3].creator_handle.as_ref().unwrap().handle.as_str(), BEN);
    let path = format!("/v3/messages/{id}/poll/options");
    assert_eq!(stage.api.post(&path, json!({ "options": [] })).await.refusal(), (400, 1004));
}

#[tokio::test]
async fn a_poll_of_a_person_is_received_and_reactions_on_a_poll_have_an_event_of_their_own() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA, BEN]).await;
    let ada = stage.api.sandbox.person(ADA);
    let asked = ada.asks(&chat_id, PollContent::new(["Yes", "No"])).unwrap();
    let received = stage.event("poll.received").await;
    assert_eq!(
        (&received["message_id"], &received["direction"]),
        (&json!(asked.message_id), &json!("inbound"))
    );
    ada.reacts(&asked.message_id, Reaction::LOVE).unwrap();
    assert_eq!(stage.event("poll.reaction.added").await["message_id"], asked.message_id.as_str());
    ada.reacts(&asked.message_id, Reaction::LOVE.remove()).unwrap();
    assert_eq!((stage.count("reaction.added").await, stage.count("reaction.removed").await), (0, 0));
}
