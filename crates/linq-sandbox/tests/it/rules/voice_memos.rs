use linq_types::chats::VoiceMemoSendResponse;
use serde_json::json;

use crate::it::{api::ADA, stage::Stage};

#[tokio::test]
async fn a_voice_memo_is_202_accepted_and_goes_the_way_of_a_message() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    let path = format!("/v3/chats/{chat_id}/voicememo");
    let sent = stage.api.post(&path, json!({ "voice_memo_url": "https://example.com/hello.m4a" })).await;
    assert_eq!(sent.status, 202);
    let memo = serde_json::from_value::<VoiceMemoSendResponse>(sent.body).unwrap().voice_memo;
    assert_eq!(memo.status.as_deref(), Some("accepted"));
    assert_eq!(memo.voice_memo.unwrap().filename.as_deref(), Some("hello.m4a"));
    assert_eq!(memo.to, [ADA]);
    stage.api.advance_secs(1).await;
    assert_eq!(stage.event("message.read").await["id"], memo.id.as_str());
    assert_eq!(stage.message(&memo.id).await["parts"][0]["type"], "media");
}

#[tokio::test]
async fn a_voice_memo_is_one_sound_file() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    let path = format!("/v3/chats/{chat_id}/voicememo");
    let url = "https://example.com/hello.m4a";
    for (memo, refusal) in [
        (json!({}), (400, 1005)),
        (json!({ "voice_memo_url": url, "attachment_id": "a" }), (400, 1005)),
        (json!({ "voice_memo_url": "http://example.com/hello.m4a" }), (400, 1005)),
        (json!({ "voice_memo_url": "https://example.com/hello.jpg" }), (400, 5004)),
        (json!({ "attachment_id": "none" }), (404, 2003)),
    ] {
        assert_eq!(stage.api.post(&path, memo.clone()).await.refusal(), refusal, "{memo}");
    }
}
