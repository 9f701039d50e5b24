use linq_sandbox::{Assumptions, Sandbox};
use linq_types::Service;
use serde_json::{Value, json};

use crate::it::{
    api::{ADA, BEN, text_message},
    stage::{CLEO, Stage},
};

#[tokio::test]
async fn rule_38_typing_is_204_and_shows_until_it_stops_or_a_message_is_sent_or_time_is_over() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    let path = format!("/v3/chats/{chat_id}/typing");
    let shows = || stage.api.sandbox.shows_typing(&chat_id);
    assert!(!shows());
    assert_eq!(stage.api.post(&path, json!({})).await.status, 204);
    assert!(shows());
    assert_eq!(stage.api.delete(&path).await.status, 204);
    assert!(!shows());
    stage.api.post(&path, json!({})).await;
    stage.api.send_message(&chat_id, text_message("hi")).await;
    assert!(!shows());
    stage.api.post(&path, json!({})).await;
    stage.api.advance_secs(84).await;
    assert!(shows());
    stage.api.advance_secs(1).await;
    assert!(!shows());
}

#[tokio::test]
async fn rule_38_typing_and_reading_do_nothing_on_sms_and_typing_in_groups_is_403_by_choice() {
    for (refused, status) in [(false, 204), (true, 403)] {
        let rules = Assumptions::default().reject_group_typing(refused);
        let stage = Stage::with(Sandbox::builder().assumptions(rules)).await;
        let (group, _) = stage.chat(&[ADA, BEN]).await;
        let typed = stage.api.post(&format!("/v3/chats/{group}/typing"), json!({})).await;
        assert_eq!(typed.status, status);
        assert_eq!(stage.api.sandbox.shows_typing(&group), !refused);
        let said = stage.api.sandbox.person(ADA).sends_into(&group, "Hi!").unwrap();
        assert_eq!(stage.api.post(&format!("/v3/chats/{group}/read"), json!({})).await.status, 204);
        assert_eq!(stage.message(&said.message_id).await["read_at"], Value::Null);

        let said = stage.api.sandbox.person(CLEO).on(Service::Sms).says("Hi!").unwrap();
        let path = |rest: &str| format!("/v3/chats/{}/{rest}", said.chat_id);
        for rest in ["typing", "read"] {
            assert_eq!(stage.api.post(&path(rest), json!({})).await.status, 204);
        }
        assert!(!stage.api.sandbox.shows_typing(&said.chat_id));
        assert_eq!(stage.message(&said.message_id).await["read_at"], Value::Null);
    }
}

#[tokio::test]
async fn rule_38_reading_marks_what_the_person_wrote() {
    let stage = Stage::start().await;
    let said = stage.api.sandbox.person(ADA).says("Hi!").unwrap();
    assert_eq!(stage.message(&said.message_id).await["is_read"], false);
    assert_eq!(stage.api.post(&format!("/v3/chats/{}/read", said.chat_id), json!({})).await.status, 204);
    let read = stage.message(&said.message_id).await;
    assert_eq!((&read["is_read"], read["read_at"].is_string()), (&json!(true), true));
    stage.api.advance_secs(5).await;
    stage.api.post(&format!("/v3/chats/{}/read", said.chat_id), json!({})).await;
    assert_eq!(stage.message(&said.message_id).await["read_at"], read["read_at"]);
}
