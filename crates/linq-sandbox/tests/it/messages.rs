use linq_sandbox::{Rules, Sandbox};
use linq_types::{
    Service,
    messages::{Message, MessageListResponse, MessageSendResponse},
};
use serde_json::{Value, json};

use super::api::{ADA, Api, BEN, LINE, text_message};

#[tokio::test]
async fn a_send_is_202_pending_with_sent_at_null() {
    let api = Api::frozen().await;
    let (chat_id, _) = api.chat_with_ada().await;
    let sent = api.send_message(&chat_id, text_message("On my way")).await;
    assert_eq!(sent.status, 202);
    assert_eq!(sent.body["chat_id"], chat_id.as_str());
    let message = &sent.body["message"];
    assert_eq!(message["delivery_status"], "pending");
    assert_eq!(message.get("sent_at"), Some(&Value::Null));
    assert_eq!(message["parts"][0]["reactions"], Value::Null);
    assert_eq!(message["from_handle"]["handle"], LINE);
    serde_json::from_value::<MessageSendResponse>(sent.body).unwrap();
}

#[tokio::test]
async fn a_message_goes_on_to_sent_delivered_and_read() {
    let api = Api::start().await;
    let (_, message_id) = api.chat_with_ada().await;
    let read = api.wait_for_status(&message_id, "read").await;
    let message: Message = serde_json::from_value(read).unwrap();
    assert!(message.is_from_me);
    #[expect(deprecated, reason = "the service still answers with them")]
    let flags = (message.is_delivered, message.is_read);
    assert_eq!(flags, (true, true));
    let (sent, delivered, read) =
        (message.sent_at.unwrap(), message.delivered_at.unwrap(), message.read_at.unwrap());
    assert!(message.created_at < sent && sent < delivered && delivered < read);
}

#[tokio::test]
async fn sms_stops_at_sent() {
    let api = Api::start().await;
    api.sandbox.person(ADA).on(Service::Sms);
    let (_, message_id) = api.chat_with_ada().await;
    let sent = api.wait_for_status(&message_id, "sent").await;
    assert_eq!(sent["service"], "SMS");
    tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    assert_eq!(api.get(&format!("/v3/messages/{message_id}")).await.body["delivery_status"], "sent");
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
async fn the_31st_message_to_one_person_within_a_minute_is_429_with_both_hints() {
    let api = Api::frozen().await;
    let (chat_id, _) = api.chat_with_ada().await;
    for number in 2..=30 {
        assert_eq!(api.send_message(&chat_id, text_message("hi")).await.status, 202, "{number}");
    }
    let limited = api.send_message(&chat_id, text_message("hi")).await;
    assert_eq!(limited.refusal(), (429, 1007));
    let hint = limited.body["error"]["retry_after"].as_u64().unwrap();
    assert!((1..=60).contains(&hint), "{hint}");
    assert_eq!(limited.headers["retry-after"], hint.to_string().as_str());
    assert_eq!(api.create_chat(&[BEN], "hi").await.status, 201);
    assert_eq!(api.create_chat(&[BEN, ADA], "hi").await.refusal(), (429, 1007));
}

#[tokio::test]
async fn the_same_idempotency_key_gives_the_first_answer_and_sends_nothing() {
    let api = Api::start().await;
    let (chat_id, message_id) = api.chat_with_ada().await;
    let mut message = text_message("Once");
    message["idempotency_key"] = "key-1".into();
    let first = api.send_message(&chat_id, message.clone()).await;
    api.wait_for_status(&first.body["message"]["id"].as_str().unwrap().into(), "sent").await;
    let again = api.send_message(&chat_id, message.clone()).await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_ne!(first.trace_id(), again.trace_id());

    let elsewhere = api.post("/v3/chats", json!({ "from": LINE, "to": [BEN], "message": message })).await;
    assert_eq!((elsewhere.status, &elsewhere.body), (first.status, &first.body), "keys count account-wide");
    let listed = api.get(&format!("/v3/chats/{chat_id}/messages")).await;
    assert_eq!(listed.body["messages"].as_array().unwrap().len(), 2);
    assert_eq!(listed.body["messages"][1]["id"], message_id.as_str());
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
async fn a_key_with_another_body_gives_the_first_answer_or_409_by_choice() {
    for refused in [false, true] {
        let api = Api::with(Sandbox::builder().rules(Rules::default().refuse_changed_replays(refused))).await;
        let (chat_id, _) = api.chat_with_ada().await;
        let keyed = |text: &str| {
            let mut message = text_message(text);
            message["idempotency_key"] = "k".into();
            message
        };
        let first = api.send_message(&chat_id, keyed("one")).await;
        let changed = api.send_message(&chat_id, keyed("two")).await;
        if refused {
            assert_eq!(changed.refusal(), (409, 2015));
            assert_eq!(api.send_message(&chat_id, keyed("one")).await.body, first.body);
        } else {
            assert_eq!(changed.body, first.body);
        }
    }
}

#[tokio::test]
async fn the_key_of_a_failed_message_gives_the_failed_message() {
    let api = Api::start().await;
    api.sandbox.person(ADA).on(Service::Sms);
    let (chat_id, _) = api.chat_with_ada().await;
    let mut message = text_message("hi");
    message["preferred_service"] = "iMessage".into();
    message["idempotency_key"] = "k".into();
    let first = api.send_message(&chat_id, message.clone()).await;
    let id = first.body["message"]["id"].as_str().unwrap().into();
    api.wait_for_status(&id, "failed").await;
    let again = api.send_message(&chat_id, message).await;
    assert_eq!(again.status, 202);
    assert_eq!(again.body["message"]["id"], id.as_str());
    assert_eq!(again.body["message"]["delivery_status"], "failed");
}

#[tokio::test]
async fn parts_keep_to_their_limits() {
    let api = Api::frozen().await;
    let (chat_id, _) = api.chat_with_ada().await;
    let text = |value: &str| json!({ "type": "text", "value": value });
    let media = json!({ "type": "media", "url": "https://example.com/a.jpg" });
    let link = |value: &str| json!({ "type": "link", "value": value });
    let alternating = |count: usize| -> Vec<Value> {
        (0..count).map(|at| if at % 2 == 0 { text("hi") } else { link("https://example.com") }).collect()
    };
    let decorated =
        |decorations: Value| json!([{ "type": "text", "value": "Meet 🎉", "text_decorations": decorations }]);
    let card = json!({ "type": "imessage_app", "layout": {},
        "app": { "bundle_id": "com.example", "name": "Example", "team_id": "A1B2C3D4E5" } });
    let refused = [
        (json!([]), 1004),
        (json!(alternating(101)), 1004),
        (json!(vec![media.clone(); 41]), 1004),
        (json!([text("")]), 1004),
        (json!([text(&"é".repeat(10_001))]), 1004),
        (json!([text("a"), text("b")]), 1004),
        (json!([text("a"), link("https://example.com")]), 1004),
        (json!([card, media]), 1004),
        (json!([{ "type": "app_clip", "value": "https://example.com" }, media]), 1004),
        (json!([link(&format!("https://example.com/{}", "a".repeat(2_048)))]), 1004),
        (json!([link("not an address")]), 1004),
        (json!([{ "type": "media" }]), 1004),
        (json!([{ "type": "media", "url": "https://example.com/a", "attachment_id": "x" }]), 1004),
        (json!([{ "type": "media", "url": "http://example.com/a.jpg" }]), 1005),
        (json!([{ "type": "hologram" }]), 1004),
        (decorated(json!([{ "range": [0, 8], "style": "bold" }])), 1004),
        (decorated(json!([{ "range": [3, 3], "style": "bold" }])), 1004),
        (decorated(json!([{ "range": [0, 4] }])), 1004),
        (decorated(json!([{ "range": [0, 4], "style": "bold", "animation": "shake" }])), 1004),
        (
            decorated(
                json!([{ "range": [0, 4], "style": "bold" }, { "range": [2, 6], "animation": "shake" }]),
            ),
            1004,
        ),
    ];
    for (parts, code) in refused {
        let reply = api.send_message(&chat_id, json!({ "parts": parts })).await;
        assert_eq!(reply.refusal(), (400, code), "{parts}: {reply:?}");
    }
    let taken = [
        json!([text(&"é".repeat(10_000))]),
        json!(vec![media.clone(); 40]),
        json!([text("a"), media, text("b")]),
        json!([card]),
        decorated(json!([{ "range": [0, 7], "style": "bold" }, { "range": [2, 6], "style": "italic" }])),
    ];
    for parts in taken {
        let reply = api.send_message(&chat_id, json!({ "parts": parts })).await;
        assert_eq!(reply.status, 202, "{parts}: {reply:?}");
    }
}

#[tokio::test]
async fn the_rest_of_a_message_keeps_to_its_limits() {
    let api = Api::frozen().await;
    let (chat_id, _) = api.chat_with_ada().await;
    let parts = json!([{ "type": "text", "value": "hi" }]);
    for (message, refusal) in [
        (json!({ "parts": parts, "idempotency_key": "k".repeat(256) }), (400, 1005)),
        (json!({ "parts": parts, "preferred_service": "pigeon" }), (400, 1005)),
        (json!({ "parts": parts, "effect": { "type": "table", "name": "slam" } }), (400, 1005)),
        (json!({ "parts": parts, "experience": { "name": "a", "action": "b" } }), (400, 1004)),
        (json!({ "experience": { "name": "a", "action": "b" } }), (403, 2011)),
        (json!({ "parts": parts, "reply_to": {} }), (400, 1001)),
        (json!({ "parts": [{ "type": "text", "value": "hi", "mention": ADA }] }), (409, 2023)),
    ] {
        assert_eq!(api.send_message(&chat_id, message.clone()).await.refusal(), refusal, "{message}");
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
async fn a_reply_names_a_part_of_a_message_of_the_chat_or_it_is_400() {
    let api = Api::frozen().await;
    let (chat_id, message_id) = api.chat_with_ada().await;
    let other = api.create_chat(&[BEN], "Hello").await;
    let replying =
        |reply_to: Value| json!({ "parts": [{ "type": "text", "value": "hi" }], "reply_to": reply_to });
    for reply_to in [
        json!({ "message_id": "none" }),
        json!({ "message_id": other.body["chat"]["message"]["id"] }),
        json!({ "message_id": message_id, "part_index": 1 }),
    ] {
        let reply = api.send_message(&chat_id, replying(reply_to)).await;
        assert_eq!(reply.refusal(), (400, 1005));
    }
    let reply_to = json!({ "message_id": message_id, "part_index": 0 });
    let sent = api.send_message(&chat_id, replying(reply_to.clone())).await;
    assert_eq!(sent.body["message"]["reply_to"], reply_to);
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
        api.sandbox.person(ADA).says("meanwhile").await.unwrap();
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
