use linq_sandbox::{Assumptions, Sandbox};
use linq_types::{ChatId, Service, error::ErrorCode};
use serde_json::{Value, json};

use crate::it::{
    api::{ADA, BEN, LINE, Reply},
    stage::{CLEO, DORA, Stage},
};

async fn join(stage: &Stage, chat_id: &ChatId, handle: &str) -> Reply {
    stage.api.post(&format!("/v3/chats/{chat_id}/participants"), json!({ "handle": handle })).await
}

async fn remove(stage: &Stage, chat_id: &ChatId, handle: &str) -> Reply {
    stage.api.delete_with(&format!("/v3/chats/{chat_id}/participants"), json!({ "handle": handle })).await
}

async fn leave(stage: &Stage, chat_id: &ChatId) -> Reply {
    stage.api.post(&format!("/v3/chats/{chat_id}/leave"), json!({})).await
}

async fn statuses(stage: &Stage, chat_id: &ChatId) -> Vec<(String, String)> {
    let chat = stage.api.get(&format!("/v3/chats/{chat_id}")).await.body;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let handles = chat["handles"].as_array().unwrap().iter();
    handles.map(|one| (text(&one["handle"]), text(&one["status"]))).collect()
}

#[tokio::test]
async fn rule_35_joining_removing_and_leaving_are_202_and_told() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA, BEN]).await;
    let joined = join(&stage, &chat_id, CLEO).await;
    assert_eq!((joined.status.as_u16(), &joined.body["status"]), (202, &json!("accepted")));
    let added = stage.body("participant.added").await;
    assert_eq!(added["trace_id"], joined.trace_id());
    assert_eq!(
        (&added["data"]["handle"], &added["data"]["participant"]["status"]),
        (&json!(CLEO), &json!("active"))
    );

    assert_eq!(remove(&stage, &chat_id, ADA).await.status, 202);
    let removed = stage.event("participant.removed").await;
    assert_eq!((&removed["handle"], &removed["participant"]["status"]), (&json!(ADA), &json!("removed")));
    assert_eq!(removed["removed_at"], removed["participant"]["left_at"]);
    join(&stage, &chat_id, DORA).await;
    stage.api.sandbox.person(DORA).leaves(&chat_id).unwrap();
    assert_eq!(stage.event("participant.removed").await["participant"]["status"], "left");
    assert_eq!(join(&stage, &chat_id, DORA).await.status, 202, "back again");
    assert_eq!(leave(&stage, &chat_id).await.status, 202);
    assert_eq!(stage.event("participant.removed").await["participant"]["is_me"], true);
    let expected = [(LINE, "left"), (ADA, "removed"), (BEN, "active"), (CLEO, "active"), (DORA, "active")];
    assert_eq!(statuses(&stage, &chat_id).await, expected.map(|(who, how)| (who.to_owned(), how.to_owned())));
}

#[tokio::test]
async fn rule_35_three_must_be_there_to_join_and_to_remain_and_four_to_leave() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA, BEN]).await;
    assert_eq!(remove(&stage, &chat_id, ADA).await.refusal(), (409, 2015));
    assert_eq!(leave(&stage, &chat_id).await.refusal(), (409, 2015));
    assert_eq!(join(&stage, &chat_id, ADA).await.refusal(), (409, 2015), "there already");
    assert_eq!(join(&stage, &chat_id, LINE).await.refusal(), (409, 2015));
    assert_eq!(join(&stage, &chat_id, "12").await.refusal(), (400, 1002));
    assert_eq!(join(&stage, &chat_id, CLEO).await.status, 202);
    assert_eq!(remove(&stage, &chat_id, DORA).await.refusal(), (400, 1005));
    assert_eq!(remove(&stage, &chat_id, LINE).await.refusal(), (400, 1005));
    assert_eq!(stage.count("participant.removed").await, 0);
}

#[tokio::test]
async fn rule_35_a_direct_chat_has_no_participants_to_change_with_a_code_of_choice() {
    for (rules, code) in [
        (Assumptions::default(), 2015),
        (Assumptions::default().direct_chat_participants_code(ErrorCode::GROUP_NOT_SUPPORTED), 2016),
    ] {
        let stage = Stage::with(Sandbox::builder().assumptions(rules)).await;
        let (chat_id, _) = stage.chat(&[ADA]).await;
        assert_eq!(join(&stage, &chat_id, BEN).await.refusal(), (409, code));
        assert_eq!(remove(&stage, &chat_id, ADA).await.refusal(), (409, code));
        assert_eq!(leave(&stage, &chat_id).await.refusal(), (409, code));
    }
}

#[tokio::test]
async fn rule_35_only_imessage_groups_change_and_only_by_people_on_imessage() {
    let stage = Stage::start().await;
    let group = stage.group().await;
    stage.api.sandbox.person(DORA).on(Service::Sms);
    assert_eq!(join(&stage, &group, DORA).await.refusal(), (409, 2017));
    let (mms, _) = stage.chat(&[ADA, BEN, DORA]).await;
    assert_eq!(leave(&stage, &mms).await.refusal(), (409, 2017));
    let named = json!({ "display_name": "Crew" });
    assert_eq!(stage.api.put(&format!("/v3/chats/{mms}"), named).await.refusal(), (409, 2017));
}

#[tokio::test]
async fn rule_36_a_name_and_an_icon_are_202_pending_and_told_when_they_are_made() {
    let stage = Stage::start().await;
    let group = stage.group().await;
    let path = format!("/v3/chats/{group}");
    let icon = "https://example.com/crew.png";
    let asked = stage.api.put(&path, json!({ "display_name": "Crew", "group_chat_icon": icon })).await;
    assert_eq!(
        (asked.status.as_u16(), &asked.body),
        (202, &json!({ "chat_id": group, "status": "pending" }))
    );
    assert_eq!(stage.count("chat.group_name_updated").await, 0);
    stage.api.advance_secs(1).await;
    let named = stage.body("chat.group_name_updated").await;
    assert_eq!(named["trace_id"], asked.trace_id());
    assert_eq!((&named["data"]["old_value"], &named["data"]["new_value"]), (&Value::Null, &json!("Crew")));
    assert_eq!(named["data"]["changed_by_handle"]["handle"], LINE);
    let chat = stage.api.get(&path).await.body;
    assert_eq!(chat["display_name"], "Crew");
    let pictured = stage.event("chat.group_icon_updated").await;
    assert_eq!(pictured["new_value"], chat["group_chat_icon"]);
    assert_ne!(chat["group_chat_icon"], icon);

    stage.api.sandbox.person(ADA).renames(&group, "Team").unwrap();
    let named = stage.event("chat.group_name_updated").await;
    assert_eq!((&named["old_value"], &named["changed_by_handle"]["handle"]), (&json!("Crew"), &json!(ADA)));
}

#[tokio::test]
async fn rule_36_a_change_that_fails_is_told_with_its_code_and_direct_chats_are_409_with_1006() {
    let stage = Stage::start().await;
    let group = stage.group().await;
    let path = format!("/v3/chats/{group}");
    for (change, failed) in [
        (json!({ "display_name": "Crew" }), "chat.group_name_update_failed"),
        (json!({ "group_chat_icon": "https://example.com/a.png" }), "chat.group_icon_update_failed"),
    ] {
        stage.api.sandbox.fail_next_update(&group, ErrorCode::DELIVERY_FAILED).unwrap();
        assert_eq!(stage.api.put(&path, change).await.status, 202);
        stage.api.advance_secs(1).await;
        let event = stage.event(failed).await;
        assert_eq!((&event["chat_id"], &event["error_code"]), (&json!(group), &json!(4001)));
    }
    assert_eq!(stage.api.get(&path).await.body["group_chat_icon"], Value::Null);
    let (direct, _) = stage.chat(&[ADA]).await;
    let named = json!({ "display_name": "Ada" });
    assert_eq!(stage.api.put(&format!("/v3/chats/{direct}"), named).await.refusal(), (409, 1006));
    for (change, code) in [
        (json!({}), 1001),
        (json!({ "display_name": "" }), 1005),
        (json!({ "group_chat_icon": "http://example.com/a.png" }), 1005),
    ] {
        assert_eq!(stage.api.put(&path, change).await.refusal(), (400, code));
    }
}

#[tokio::test]
async fn rule_37_a_name_takes_the_group_out_of_reuse() {
    let stage = Stage::start().await;
    let people = [ADA, BEN];
    let (first, _) = stage.chat(&people).await;
    assert_eq!(stage.chat(&people).await.0, first);
    stage.api.put(&format!("/v3/chats/{first}"), json!({ "display_name": "Crew" })).await;
    stage.api.advance_secs(1).await;
    assert_ne!(stage.chat(&people).await.0, first);
}
