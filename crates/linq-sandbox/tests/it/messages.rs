use linq_types::{
    Service,
    messages::{Message, MessageListResponse},
};
use serde_json::{Value, json};

use super::api::{ADA, Api, LINE, text_message};

#[tokio::test]
async fn a_message_goes_on_to_sent_delivered_and_read() {
    let api = Api::start().await;
    let (_, message_id) = api.chat_with_ada().await;
    let read = api.wait_for_status(&message_id, "read").await;
    let message: Message = serde_json::from_value(read).unwrap();
    assert_eq!(message.is_from_me, Some(true));
    #[expect(deprecated, reason = "the service still answers with them")]
    let flags = (message.is_delivered, message.is_read);
    assert_eq!(flags, (Some(true), Some(true)));
    let (sent, delivered, read) =
        (message.sent_at.unwrap(), message.delivered_at.unwrap(), message.read_at.unwrap());
    assert!(message.created_at < Some(sent) && sent < delivered && delivered < read);
}

#[tokio::test]
async fn a_message_that_insists_on_imessage_fails_on_sms_and_its_state_has_no_code() {
    let api = Api::start().await;
    api.sandbox.person(ADA).on(Service::Sms);
    let (chat_id, _) = api.chat_with_ada().await;
    let mut message = text_message("hi");
    message["preferred_service"] = "iMessage".into();
    let sent = api.send_message(&chat_id, message).await;
    let failed = api.wait_for_status(&sent.body["message"]["id"].as_str().unwrap().into(), "failed").await;
    assert_eq!(failed["sent_at"], Value::Null);
    assert!(failed.get("code").is_none() && failed.get("error").is_none());
}

#[tokio::test]
async fn the_service_asked_for_is_used_where_it_can_be() {
    let api = Api::frozen().await;
    let (chat_id, _) = api.chat_with_ada().await;
    for (reach, asked, service) in [
        (Service::IMessage, None, "iMessage"),
        (Service::IMessage, Some("RCS"), "RCS"),
        (Service::IMessage, Some("SMS"), "SMS"),
        (Service::Rcs, Some("SMS"), "RCS"),
        (Service::Sms, Some("RCS"), "SMS"),
    ] {
        api.sandbox.person(ADA).on(reach);
        let mut message = text_message("hi");
        message["preferred_service"] = asked.into();
        assert_eq!(api.send_message(&chat_id, message).await.body["message"]["service"], service);
    }
}

#[tokio::test]
async fn an_unknown_chat_is_404_with_2001_and_an_unknown_message_404_with_2002() {
    let api = Api::start().await;
    let send = api.send_message(&"none".into(), text_message("hi")).await;
    assert_eq!(send.refusal(), (404, 2001));
    assert_eq!(api.get("/v3/chats/none/messages").await.refusal(), (404, 2001));
    assert_eq!(api.get("/v3/messages/none").await.refusal(), (404, 2002));
}

#[tokio::test]
async fn a_key_also_holds_for_opening_a_chat_and_does_not_count_as_a_send() {
    let api = Api::frozen().await;
    let body = json!({
        "from": LINE, "to": [ADA],
        "message": { "parts": [{ "type": "text", "value": "hi" }], "idempotency_key": "k" },
    });
    let first = api.post("/v3/chats", body.clone()).await;
    for _ in 0..40 {
        let again = api.post("/v3/chats", body.clone()).await;
        assert_eq!((again.status, &again.body), (first.status, &first.body));
    }
}

#[tokio::test]
async fn media_at_an_address_is_hosted_anew_with_id_type_and_size() {
    let api = Api::frozen().await;
    let (chat_id, _) = api.chat_with_ada().await;
    let url = "https://example.com/pictures/cup.JPG?size=large";
    let sent = api.send_message(&chat_id, json!({ "parts": [{ "type": "media", "url": url }] })).await;
    let part = &sent.body["message"]["parts"][0];
    assert_ne!(part["url"], url);
    assert_eq!(part["filename"], "cup.JPG");
    assert_eq!(part["mime_type"], "image/jpeg");
    assert!(part["size_bytes"].as_u64().unwrap() > 0);
    assert!(!part["id"].as_str().unwrap().is_empty());
    let id = sent.body["message"]["id"].as_str().unwrap();
    assert_eq!(&api.get(&format!("/v3/messages/{id}")).await.body["parts"][0], part);
}

#[tokio::test]
async fn an_unknown_attachment_is_404_with_2003() {
    let api = Api::frozen().await;
    let (chat_id, _) = api.chat_with_ada().await;
    let message = json!({ "parts": [{ "type": "media", "attachment_id": "none" }] });
    assert_eq!(api.send_message(&chat_id, message).await.refusal(), (404, 2003));
}

#[tokio::test]
async fn the_messages_of_a_chat_come_in_pages_newest_first() {
    let api = Api::frozen().await;
    let (chat_id, _) = api.chat_with_ada().await;
    for number in 2..=5 {
        api.send_message(&chat_id, text_message(&number.to_string())).await;
    }
    let mut texts = Vec::new();
    let mut sizes = Vec::new();
    let mut query = "?limit=2".to_owned();
    loop {
        let page = api.get(&format!("/v3/chats/{chat_id}/messages{query}")).await;
        let page: MessageListResponse = serde_json::from_value(page.body).unwrap();
        let messages = page.messages;
        sizes.push(messages.len());
        for message in messages {
            texts.push(message.parts[0].as_text().unwrap().to_owned());
        }
        // A message that comes in meanwhile moves nothing.
        api.sandbox.person(ADA).says("meanwhile").unwrap();
        let Some(cursor) = page.next_cursor else { break };
        query = format!("?limit=2&cursor={cursor}");
    }
    assert_eq!(texts, ["5", "4", "3", "2", "Hello"]);
    assert_eq!(sizes, [2, 2, 1]);
    for query in ["?limit=0", "?limit=101", "?limit=many", "?cursor=none"] {
        let reply = api.get(&format!("/v3/chats/{chat_id}/messages{query}")).await;
        assert_eq!(reply.refusal(), (400, 1005), "{query}");
    }
}
