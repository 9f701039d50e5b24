use linq_sandbox::Sandbox;
use linq_types::experiences::{Experience, ExperienceListResponse};
use serde_json::{Value, json};

use crate::it::{
    api::{ADA, text_message},
    stage::{Stage, message_id},
};

fn tickets() -> Value {
    json!({
        "experience": "tickets",
        "display_name": "Tickets",
        "actions": [{
            "name": "offer",
            "summary": "Offers a ticket",
            "fields": { "price": { "type": "cents", "required": true } },
        }],
    })
}

async fn stage() -> Stage {
    let experience: Experience = serde_json::from_value(tickets()).unwrap();
    Stage::with(Sandbox::builder().experience(experience)).await
}

#[tokio::test]
async fn experiences_are_listed_and_retrieved_by_name() {
    let stage = stage().await;
    let listed = stage.api.get("/v3/experiences").await;
    assert_eq!(listed.body, json!({ "experiences": [tickets()] }));
    serde_json::from_value::<ExperienceListResponse>(listed.body).unwrap();
    assert_eq!(stage.api.get("/v3/experiences/tickets").await.body, tickets());
    assert_eq!(stage.api.get("/v3/experiences/none").await.status, 404);
    assert_eq!(Stage::start().await.api.get("/v3/experiences").await.body, json!({ "experiences": [] }));
}

#[tokio::test]
async fn an_experience_is_run_by_a_message_and_becomes_a_card() {
    let stage = stage().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    let run = |name: &str, action: &str, params: Value| json!({ "experience": { "name": name, "action": action, "params": params } });
    let sent = stage.api.send_message(&chat_id, run("tickets", "offer", json!({ "price": 1200 }))).await;
    assert_eq!(sent.status, 202);
    let part = &sent.body["message"]["parts"][0];
    assert_eq!((&part["type"], &part["app"]["name"]), (&json!("imessage_app"), &json!("Tickets")));
    for (message, code) in [
        (run("none", "offer", json!({})), 1008),
        (run("tickets", "none", json!({})), 1008),
        (run("tickets", "offer", json!({})), 1001),
    ] {
        assert_eq!(stage.api.send_message(&chat_id, message).await.refusal(), (400, code));
    }
}

#[tokio::test]
async fn a_card_is_updated_once_it_is_delivered_and_only_a_card_of_yours() {
    let stage = stage().await;
    let (chat_id, words) = stage.chat(&[ADA]).await;
    let card = json!({ "parts": [{
        "type": "imessage_app", "layout": { "caption": "Pay now" },
        "app": { "bundle_id": "com.example", "name": "Example", "team_id": "A1B2C3D4E5" },
    }] });
    let id = message_id(&stage.api.send_message(&chat_id, card).await);
    let update = async |id, body| stage.api.post(&format!("/v3/messages/{id}/update"), body).await;
    let paid = json!({ "layout": { "caption": "Paid" }, "url": "https://example.com/paid" });
    assert_eq!(update(&id, paid.clone()).await.refusal(), (409, 2015));
    stage.api.advance_secs(1).await;
    let updated = update(&id, paid.clone()).await;
    assert_eq!((updated.status.as_u16(), &updated.body["chat_id"]), (202, &json!(chat_id)));
    let part = &stage.message(&id).await["parts"][0];
    assert_eq!(
        (&part["layout"], &part["url"]),
        (&json!({ "caption": "Paid" }), &json!("https://example.com/paid"))
    );
    assert_eq!(part["app"]["name"], "Example");
    assert_eq!(update(&id, json!({ "layout": {} })).await.refusal(), (400, 1008));
    assert_eq!(update(&words, paid.clone()).await.refusal(), (400, 1008));
    assert_eq!(update(&"none".into(), paid).await.refusal(), (404, 2002));
    stage.api.send_message(&chat_id, text_message("thanks")).await;
}
