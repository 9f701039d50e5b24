use linq_types::{Service, error::ErrorCode};
use serde_json::{Value, json};

use crate::it::{
    api::{ADA, LINE},
    stage::Stage,
};

#[tokio::test]
async fn a_background_is_202_and_told_when_it_is_there_or_gone_or_failed() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    let path = format!("/v3/chats/{chat_id}/background");
    for background in [
        json!({ "type": "color", "variant": "mango" }),
        json!({ "type": "color", "shades": ["#F2C4E1", "#f5a623"] }),
        json!({ "type": "dynamic", "style": "sky", "variant": "dusk" }),
        json!({ "type": "photo", "image_url": "https://example.com/beach.jpg" }),
    ] {
        let set = stage.api.post(&path, background.clone()).await;
        assert_eq!((set.status.as_u16(), &set.body), (202, &Value::Null));
        stage.api.advance_secs(1).await;
        let event = stage.body("chat.background_updated").await;
        assert_eq!(event["trace_id"], set.trace_id());
        assert_eq!(
            (&event["data"]["background"], &event["data"]["chat"]["id"]),
            (&background, &json!(chat_id))
        );
        assert_eq!(event["data"]["actor_handle"]["handle"], LINE);
    }
    assert_eq!(stage.api.delete(&path).await.status, 202);
    stage.api.advance_secs(1).await;
    assert_eq!(stage.event("chat.background_updated").await.get("background"), None);

    stage.api.sandbox.fail_next_update(&chat_id, ErrorCode::DOWNLOAD_FAILED).unwrap();
    stage.api.delete(&path).await;
    stage.api.advance_secs(1).await;
    assert_eq!(stage.event("chat.background_update_failed").await["error_code"], 5002);
}

#[tokio::test]
async fn a_background_that_there_is_not_is_refused() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    let path = format!("/v3/chats/{chat_id}/background");
    for (background, code) in [
        (json!({}), 1001),
        (json!({ "type": "plaid" }), 1005),
        (json!({ "type": "color" }), 1001),
        (json!({ "type": "color", "shades": ["#F2C4E1"] }), 1005),
        (json!({ "type": "color", "shades": ["red", "#F2C4E1"] }), 1005),
        (json!({ "type": "dynamic", "variant": "dusk" }), 1001),
        (json!({ "type": "dynamic", "style": "water", "variant": "dusk" }), 1005),
        (json!({ "type": "dynamic", "style": "glitter", "variant": "dusk" }), 1005),
        (json!({ "type": "photo" }), 1001),
        (json!({ "type": "photo", "image_url": "http://example.com/a.jpg" }), 5007),
        (json!({ "type": "photo", "image_url": "https://example.com/a.gif" }), 5006),
    ] {
        assert_eq!(stage.api.post(&path, background.clone()).await.refusal(), (400, code), "{background}");
    }
    let said = stage.api.sandbox.person("+12025550177").on(Service::Sms).says("Hi!").unwrap();
    let sms = format!("/v3/chats/{}/background", said.chat_id);
    assert_eq!(stage.api.delete(&sms).await.refusal(), (409, 2017));
}
