//! Waiting for conditions.

use std::time::Duration;

use http::Method;
use serde_json::json;
use tokio::join;

use super::{
    api::{ADA, Api},
    panics::panic_of,
};

const SHORT: Duration = Duration::from_millis(20);

#[tokio::test]
async fn a_condition_is_checked_at_once_even_without_any_time() {
    let api = Api::still().await;
    api.sandbox.until(|sandbox| sandbox.sent().is_empty()).within(Duration::ZERO).await;
}

#[tokio::test]
async fn all_that_wait_notice_a_change() {
    let api = Api::start().await;
    let sandbox = &api.sandbox;
    let (_, (), (), ()) = join!(
        async {
            tokio::task::yield_now().await;
            api.chat_with_ada().await
        },
        sandbox.until(|sandbox| sandbox.sent().len() == 1).into_future(),
        sandbox.until(|sandbox| sandbox.sent().iter().all(|message| message.read_at.is_some())).into_future(),
        sandbox.until(|sandbox| sandbox.sent().iter().any(|message| message.sent_at.is_some())).into_future(),
    );
}

#[tokio::test]
async fn a_change_by_the_time_alone_is_noticed() {
    let api = Api::still().await;
    let (chat_id, _) = api.chat_with_ada().await;
    api.post(&format!("/v3/chats/{chat_id}/typing"), json!({})).await;
    api.sandbox.until(|sandbox| sandbox.shows_typing(&chat_id)).await;
    let (_, ()) = join!(
        api.control(Method::POST, "/advance", json!({ "seconds": 3600 })),
        api.sandbox.until(|sandbox| !sandbox.shows_typing(&chat_id)).into_future(),
    );
}

#[tokio::test]
async fn the_panic_of_a_timeout_shows_all_chats_and_what_failed() {
    let api = Api::still().await;
    api.sandbox.subscribe("https://example.com/hook").unwrap();
    let (chat_id, _) = api.chat_with_ada().await;
    api.sandbox.person(ADA).says("Hi!").unwrap();
    api.get("/v3/nothing").await;
    api.advance_secs(0).await;
    let text = panic_of(api.sandbox.until(|_| false).within(SHORT)).await;
    let here = format!("{}:{}:", file!(), line!() - 1);
    assert!(text.starts_with(&here), "{text}");
    for part in [
        "the condition was not true within 20ms\n".to_owned(),
        format!("  chat {chat_id}:\n    +12025550100: Hello (pending)\n    +12025550199: Hi!\n"),
        "  requests that failed:\n    GET /api/partner/v3/nothing: 404, code 1005\n".to_owned(),
        "  webhooks that were given up:\n    chat.created ".to_owned(),
        "\n    message.received ".to_owned(),
        "to https://example.com/hook: the sandbox delivers to this machine only".to_owned(),
        "  the time stands still; 1 message is pending: `advance` sends it\n".to_owned(),
    ] {
        assert!(text.contains(&part), "{part} is missing in:\n{text}");
    }
}
