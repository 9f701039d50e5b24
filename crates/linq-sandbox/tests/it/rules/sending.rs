use std::time::Duration;

use linq_sandbox::{Assumptions, Sandbox};
use linq_types::{
    Service,
    error::ErrorCode,
    messages::{MessageCreateResponse, MessageSendResponse},
};
use serde_json::{Value, json};

use crate::it::{
    api::{ADA, Api, BEN, LINE, Reply, text_message},
    stage::{Stage, message_id, text},
};

const OTHER_LINE: &str = "+12025550101";

fn keyed(words: &str) -> Value {
    let mut message = text_message(words);
    message["idempotency_key"] = "k".into();
    message
}

#[tokio::test]
async fn rule_13_a_send_is_202_pending_with_sent_at_null() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    let sent = stage.api.send_message(&chat_id, text_message("hi")).await;
    assert_eq!(sent.status, 202);
    assert_eq!(sent.body["message"]["delivery_status"], "pending");
    assert_eq!(sent.body["message"].get("sent_at"), Some(&Value::Null));
    assert_eq!(sent.body["chat_id"], chat_id.as_str());
    assert_eq!(sent.body["message"]["parts"][0]["reactions"], Value::Null);
    assert_eq!(sent.body["message"]["from_handle"]["handle"], LINE);
    serde_json::from_value::<MessageSendResponse>(sent.body).unwrap();
}

#[tokio::test]
async fn rule_14_each_step_is_one_webhook_with_the_trace_id_of_the_request() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    let sent = stage.api.send_message(&chat_id, text_message("hi")).await;
    let before = stage.events().await.len();
    stage.api.advance_secs(1).await;
    let events = stage.events().await;
    let types: Vec<_> = events[before..].iter().map(|(event_type, _)| event_type.as_str()).collect();
    assert_eq!(types, ["message.sent", "message.delivered", "message.read"]);
    for event_type in types {
        assert_eq!(stage.body(event_type).await["trace_id"], sent.trace_id());
    }
}

#[tokio::test]
async fn rule_15_sms_stops_at_sent() {
    let stage = Stage::start().await;
    stage.api.sandbox.person(ADA).on(Service::Sms);
    let (_, message_id) = stage.chat(&[ADA]).await;
    stage.api.advance_secs(3_600).await;
    let message = stage.message(&message_id).await;
    assert_eq!((&message["delivery_status"], &message["service"]), (&json!("sent"), &json!("SMS")));
    assert_eq!((stage.count("message.delivered").await, stage.count("message.read").await), (0, 0));
}

#[tokio::test]
async fn rule_16_a_message_fails_with_a_code_and_may_be_delivered_late_all_the_same() {
    let stage = Stage::start().await;
    let ada = stage.api.sandbox.person(ADA).unreachable(ErrorCode::new(4006));
    let (_, message_id) = stage.chat(&[ADA]).await;
    let failed = stage.event("message.failed").await;
    assert_eq!((&failed["code"], &failed["message_id"]), (&json!(4006), &json!(message_id)));
    assert_eq!(stage.count("message.sent").await, 0);
    ada.gets(&message_id).unwrap();
    assert_eq!(stage.event("message.delivered").await["id"], message_id.as_str());
    assert_eq!(stage.message(&message_id).await["delivery_status"], "delivered");
}

#[tokio::test]
async fn rule_17_a_failed_message_shows_its_state_but_never_the_code() {
    let stage = Stage::start().await;
    stage.api.sandbox.person(ADA).unreachable(ErrorCode::new(4006));
    let (_, message_id) = stage.chat(&[ADA]).await;
    let message = stage.message(&message_id).await;
    assert_eq!(message["delivery_status"], "failed");
    assert!(!message.to_string().contains("4006"), "{message}");
}

#[tokio::test]
async fn rule_18_the_31st_message_to_one_person_in_a_minute_is_429_with_both_hints() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    for _ in 2..=30 {
        assert_eq!(stage.api.send_message(&chat_id, text_message("hi")).await.status, 202);
    }
    let limited = stage.api.send_message(&chat_id, text_message("hi")).await;
    assert_eq!(limited.refusal(), (429, 1007));
    assert_eq!(limited.headers["retry-after"], "59");
    assert_eq!(limited.body["error"]["retry_after"], 59);
    assert_eq!(stage.api.create_chat(&[BEN], "hi").await.status, 201);
    assert_eq!(stage.api.create_chat(&[BEN, ADA], "hi").await.refusal(), (429, 1007));
    stage.api.advance_secs(59).await;
    assert_eq!(stage.api.send_message(&chat_id, text_message("hi")).await.status, 202);
}

#[tokio::test]
async fn rule_19_a_key_gives_the_first_answer_the_failed_message_or_404_for_a_deleted_one() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    let first = stage.api.send_message(&chat_id, keyed("Once")).await;
    stage.api.advance_secs(1).await;
    let events = stage.events().await.len();
    let again = stage.api.send_message(&chat_id, keyed("Once")).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_ne!(first.trace_id(), again.trace_id());
    let elsewhere = json!({ "from": LINE, "to": [BEN], "message": keyed("Once") });
    let elsewhere = stage.api.post("/v3/chats", elsewhere).await;
    assert_eq!((elsewhere.status, &elsewhere.body), (first.status, &first.body));
    let listed = stage.api.get(&format!("/v3/chats/{chat_id}/messages")).await;
    assert_eq!(listed.body["messages"].as_array().unwrap().len(), 2);
    assert_eq!(stage.events().await.len(), events);
    stage.api.delete(&format!("/v3/messages/{}", message_id(&first))).await;
    assert_eq!(stage.api.send_message(&chat_id, keyed("Once")).await.refusal(), (404, 2002));

    stage.api.sandbox.person(ADA).unreachable(ErrorCode::DELIVERY_FAILED);
    let mut failing = keyed("Fails");
    failing["idempotency_key"] = "f".into();
    let first = stage.api.send_message(&chat_id, failing.clone()).await;
    stage.api.advance_secs(1).await;
    let again = stage.api.send_message(&chat_id, failing).await;
    assert_eq!(again.status, 202);
    assert_eq!(message_id(&again), message_id(&first));
    assert_eq!(again.body["message"]["delivery_status"], "failed");
}

#[tokio::test]
async fn rule_20_a_key_with_another_body_gives_the_first_answer_or_409_by_choice() {
    for refused in [false, true] {
        let rules = Assumptions::default().reject_changed_replays(refused);
        let stage = Stage::with(Sandbox::builder().assumptions(rules)).await;
        let (chat_id, _) = stage.chat(&[ADA]).await;
        let first = stage.api.send_message(&chat_id, keyed("one")).await;
        let changed = stage.api.send_message(&chat_id, keyed("two")).await;
        if refused {
            assert_eq!(changed.refusal(), (409, 2015));
            assert_eq!(stage.api.send_message(&chat_id, keyed("one")).await.body, first.body);
        } else {
            assert_eq!(changed.body, first.body);
        }
    }
}

#[tokio::test]
async fn rule_21_a_key_counts_everywhere_and_for_ever_unless_chosen_otherwise() {
    let sent_twice = async |rules: Assumptions| {
        let stage = Stage::with(Sandbox::builder().assumptions(rules)).await;
        let (ada, _) = stage.chat(&[ADA]).await;
        let (ben, _) = stage.chat(&[BEN]).await;
        let first = message_id(&stage.api.send_message(&ada, keyed("hi")).await);
        let elsewhere = message_id(&stage.api.send_message(&ben, keyed("hi")).await);
        stage.api.advance_secs(3_600).await;
        let later = message_id(&stage.api.send_message(&ada, keyed("hi")).await);
        (first != elsewhere, first != later)
    };
    assert_eq!(sent_twice(Assumptions::default()).await, (false, false));
    assert_eq!(sent_twice(Assumptions::default().idempotency_keys_per_path(true)).await, (true, false));
    assert_eq!(
        sent_twice(Assumptions::default().idempotency_key_ttl(Some(Duration::from_secs(3_600)))).await,
        (false, true)
    );
}

#[tokio::test]
async fn rule_22_opted_out_recipient_is_refused_unless_overridden() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    let ada = stage.api.sandbox.person(ADA);
    ada.opts_out().unwrap();
    assert_eq!(stage.api.send_message(&chat_id, text_message("hi")).await.refusal(), (403, 2024));
    let overridden = json!({ "message": text_message("receipt"), "override_optout": true });
    assert_eq!(stage.api.post(&format!("/v3/chats/{chat_id}/messages"), overridden).await.status, 202);
    let memo = json!({ "voice_memo_url": "https://example.com/a.m4a" });
    assert_eq!(stage.api.post(&format!("/v3/chats/{chat_id}/voicememo"), memo).await.refusal(), (403, 2024));
    let (group, _) = stage.chat(&[ADA, BEN]).await;
    ada.sends_into(&group, "groups do not count").unwrap();
    assert_eq!(stage.api.send_message(&chat_id, text_message("hi")).await.refusal(), (403, 2024));
    ada.says("go on").unwrap();
    assert_eq!(stage.api.send_message(&chat_id, text_message("hi")).await.status, 202);
    stage.api.sandbox.person(BEN).sends_into(&group, "STOP").unwrap();
    assert_eq!(stage.api.create_chat(&[BEN], "hi").await.status, 201);
}

#[tokio::test]
async fn rule_24_nothing_can_be_done_in_a_chat_left_nor_in_one_that_is_not_there() {
    let stage = Stage::start().await;
    let group = stage.group().await;
    let sent = message_id(&stage.api.send_message(&group, text_message("hi")).await);
    assert_eq!(stage.api.post(&format!("/v3/chats/{group}/leave"), json!({})).await.status, 202);
    let love = json!({ "operation": "add", "type": "love" });
    assert_eq!(stage.api.post(&format!("/v3/messages/{sent}/reactions"), love).await.refusal(), (409, 2013));
    assert_eq!(
        stage.api.patch(&format!("/v3/messages/{sent}"), json!({ "text": "x" })).await.refusal(),
        (409, 2013)
    );
    for (chat_id, refusal) in [(group.as_str(), (409, 2013)), ("none", (404, 2001))] {
        let path = |rest: &str| format!("/v3/chats/{chat_id}/{rest}");
        let posts = [
            ("messages", json!({ "message": text_message("hi") })),
            ("participants", json!({ "handle": "+12025550190" })),
            ("leave", json!({})),
            ("typing", json!({})),
            ("read", json!({})),
            ("share_contact_card", json!({})),
            ("voicememo", json!({ "voice_memo_url": "https://example.com/a.m4a" })),
            ("polls", json!({ "poll": { "options": [{ "text": "a" }, { "text": "b" }] } })),
            ("background", json!({ "type": "color", "variant": "mango" })),
            ("location/request", json!({})),
        ];
        for (rest, body) in posts {
            assert_eq!(stage.api.post(&path(rest), body).await.refusal(), refusal, "{rest}");
        }
        for rest in ["typing", "background"] {
            assert_eq!(stage.api.delete(&path(rest)).await.refusal(), refusal, "{rest}");
        }
        let named = json!({ "display_name": "Crew" });
        assert_eq!(stage.api.put(&format!("/v3/chats/{chat_id}"), named).await.refusal(), refusal);
    }
    assert_eq!(stage.api.get(&format!("/v3/chats/{group}")).await.status, 200);
}

async fn send_to(api: &Api, to: &[&str], rest: Value) -> Reply {
    let mut body = json!({ "to": to, "message": text_message("see https://example.com") });
    body.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    api.post("/v3/messages", body).await
}

#[tokio::test]
async fn rule_25_the_api_picks_the_newest_chat_or_a_new_one_or_fails_over_from_a_flagged_line() {
    let stage = Stage::with(Sandbox::builder().phone_number(LINE).phone_number(OTHER_LINE)).await;
    let api = &stage.api;
    let first = send_to(api, &[ADA], json!({})).await;
    assert_eq!(first.status, 202, "a link may come first here: {first:?}");
    assert_eq!(
        first.body["from_selection"],
        json!({ "reason": "new_best_number", "reused_existing_chat": false })
    );
    assert_eq!((&first.body["created_new_chat"], &first.body["from"]), (&json!(true), &json!(LINE)));
    serde_json::from_value::<MessageCreateResponse>(first.body.clone()).unwrap();
    let other = send_to(api, &[BEN], json!({})).await;
    assert_eq!(other.body["from"], OTHER_LINE, "the line with the fewest chats");
    api.advance_secs(1).await;

    let again = send_to(api, &[ADA], json!({})).await;
    assert_eq!(
        again.body["from_selection"],
        json!({ "reason": "reused_active_chat", "reused_existing_chat": true })
    );
    assert_eq!(again.body["chat_id"], first.body["chat_id"]);

    let continuation = json!({ "continuation_message": { "text": "It is us, from a new number" } });
    let ignored = send_to(api, &[ADA], continuation.clone()).await;
    assert_eq!(ignored.body["message"]["parts"][0]["value"], "see https://example.com");
    api.sandbox.line(LINE).flag().unwrap();
    let failover = send_to(api, &[ADA], continuation).await;
    assert_eq!(failover.body["from_selection"]["reason"], "failover_flagged");
    assert_eq!(failover.body["previous_chat_id"], first.body["chat_id"]);
    assert_eq!(failover.body["from"], OTHER_LINE);
    assert_eq!(failover.body["message"]["parts"][0]["value"], "It is us, from a new number");

    api.sandbox.line(OTHER_LINE).flag().unwrap();
    assert_eq!(send_to(api, &[ADA], json!({})).await.refusal(), (409, 2015));
    let chat_id = text(&first.body["chat_id"]).into();
    assert_eq!(api.send_message(&chat_id, text_message("hi")).await.refusal(), (403, 2027));
}

#[tokio::test]
async fn rule_25_lines_can_be_excluded_but_not_all_and_not_foreign_ones() {
    let api = Api::with(Sandbox::builder().phone_number(LINE).phone_number(OTHER_LINE)).await;
    let sent = send_to(&api, &[ADA], json!({ "exclude_from": [LINE] })).await;
    assert_eq!(sent.body["from"], OTHER_LINE);
    for excluded in [json!([LINE, OTHER_LINE]), json!(["+12025550111"])] {
        assert_eq!(send_to(&api, &[ADA], json!({ "exclude_from": excluded })).await.refusal(), (400, 1005));
    }
    assert_eq!(send_to(&api, &[ADA], json!({ "exclude_from": ["x"] })).await.refusal(), (400, 1002));
    assert_eq!(send_to(&api, &[LINE], json!({})).await.refusal(), (400, 1005));
}

#[tokio::test]
async fn rule_25_its_key_is_a_header() {
    let api = Api::start().await;
    let body = json!({ "to": [ADA], "message": text_message("Once") }).to_string();
    let send = async || {
        let mut request = api.request(http::Method::POST, "/v3/messages", body.clone());
        request.headers_mut().insert("idempotency-key", "k".parse().unwrap());
        api.send(request).await
    };
    let first = send().await;
    assert_eq!(first.status, 202);
    assert_eq!(send().await.body, first.body);
}

#[tokio::test]
async fn rule_19_an_empty_key_is_rejected_in_the_body_and_in_the_header() {
    let api = Api::frozen().await;
    api.sandbox.connect_payment_provider("stripe");
    let (chat_id, _) = api.chat_with_ada().await;
    let with_key = |key: &str| {
        let mut message = text_message("Once");
        message["idempotency_key"] = key.into();
        message
    };
    let poll = |key: &str| json!({ "poll": { "options": [{ "text": "a" }, { "text": "b" }], "idempotency_key": key } });
    let chats = "/v3/chats".to_owned();
    let in_chat = |what: &str| format!("/v3/chats/{chat_id}/{what}");
    for key in ["", " ", "\u{a0}\t"] {
        for (path, body) in [
            (chats.clone(), json!({ "from": LINE, "to": [ADA], "message": with_key(key) })),
            (in_chat("messages"), json!({ "message": with_key(key) })),
            ("/v3/messages".to_owned(), json!({ "to": [ADA], "message": with_key(key) })),
            (in_chat("polls"), poll(key)),
        ] {
            let refused = api.post(&path, body).await;
            assert_eq!(refused.refusal(), (400, 1005), "{path} {key:?}");
            assert!(refused.error_message().contains("idempotency_key"), "{refused:?}");
        }
    }
    let send = async |path: &str, body: Value, header: &[u8]| {
        let mut request = api.request(http::Method::POST, path, body.to_string());
        request.headers_mut().insert("idempotency-key", http::HeaderValue::from_bytes(header).unwrap());
        api.send(request).await
    };
    let message = json!({ "to": [ADA], "message": text_message("Once") });
    let payment = json!({ "handle": ADA, "amount_cents": 1, "currency": "usd" });
    let payment_request = json!({ "amount": 1, "currency": "usd" });
    for (path, body) in
        [("/v3/messages", message), ("/v3/payments", payment), ("/v3/payment_requests", payment_request)]
    {
        for header in [&b""[..], b"  ", b"\xff"] {
            let refused = send(path, body.clone(), header).await;
            assert_eq!(refused.refusal(), (400, 1005), "{path} {header:?}");
            assert!(refused.error_message().contains("Idempotency-Key"), "{refused:?}");
        }
        assert!(send(path, body, "clé".as_bytes()).await.status.is_success());
    }
}

#[tokio::test]
async fn rule_19_an_empty_header_does_not_replace_the_key_of_the_body() {
    let api = Api::frozen().await;
    let send = async |header: Option<&str>, key: Option<&str>| {
        let mut message = text_message("Once");
        message["idempotency_key"] = key.into();
        let body = json!({ "to": [ADA], "message": message }).to_string();
        let mut request = api.request(http::Method::POST, "/v3/messages", body);
        if let Some(header) = header {
            request.headers_mut().insert("idempotency-key", header.parse().unwrap());
        }
        api.send(request).await
    };
    let first = send(None, Some("k")).await;
    assert_eq!(first.status, 202);
    for (header, key) in [(Some(""), Some("k")), (Some("k"), None), (Some("k"), Some("other"))] {
        assert_eq!(send(header, key).await.body, first.body, "{header:?} {key:?}");
    }
    for (header, key) in [(Some(""), None), (Some(""), Some("")), (None, Some("")), (Some("new"), Some(""))] {
        assert_eq!(send(header, key).await.refusal(), (400, 1005), "{header:?} {key:?}");
    }
    let [one, other] = [send(None, None).await, send(None, None).await];
    assert_ne!(message_id(&one), message_id(&other));
}

#[tokio::test]
async fn rule_26_a_range_lies_within_the_text_and_cuts_no_surrogate_pair() {
    let stage = Stage::start().await;
    let group = stage.group().await;
    let value = "Hi 🎉 ok 👩‍👧";
    let length = value.encode_utf16().count();
    let sticker = |range: &Value| json!({ "inline_stickers": [{ "range": range, "url": "https://example.com/a.png" }] });
    let fields: [&dyn Fn(&Value) -> Value; 4] = [
        &|range| json!({ "text_decorations": [{ "range": range, "style": "bold" }] }),
        &|range| json!({ "text_decorations": [{ "range": [0, 1], "style": "italic" }, { "range": range, "animation": "shake" }] }),
        &sticker,
        &|range| json!({ "mention": ADA, "mention_range": range }),
    ];
    let send = async |field: &dyn Fn(&Value) -> Value, range: Value| {
        let mut part = json!({ "type": "text", "value": value });
        part.as_object_mut().unwrap().extend(field(&range).as_object().unwrap().clone());
        // The number of messages in a minute is limited.
        stage.api.advance_secs(60).await;
        stage.api.send_message(&group, json!({ "parts": [part] })).await
    };
    let cuts = |at: usize| {
        char::decode_utf16(value.encode_utf16().skip(at)).next().is_some_and(|unit| unit.is_err())
    };
    for field in fields {
        for start in 1..=length + 1 {
            for end in [start.saturating_sub(1), start, start + 1, start + 2] {
                let holds = start < end && end <= length && !cuts(start) && !cuts(end);
                let sent = send(field, json!([start, end])).await;
                match holds {
                    true => assert_eq!(sent.status, 202, "[{start}, {end}]: {sent:?}"),
                    false => assert_eq!(sent.refusal(), (400, 1004), "[{start}, {end}]: {sent:?}"),
                }
            }
        }
        for range in [
            json!([1]),
            json!([1, 2, 3]),
            json!([-1, 2]),
            json!([1.5, 2]),
            json!(["1", 2]),
            json!([1, u64::MAX]),
            json!({}),
            json!("1-2"),
        ] {
            assert_eq!(send(field, range.clone()).await.status, 400, "{range}");
        }
    }
}

#[tokio::test]
async fn rule_26_parts_keep_to_their_limits() {
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
                json!([{ "range": [0, 4], "style": "bold" }, { "range": [2, 5], "animation": "shake" }]),
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
        decorated(json!([{ "range": [0, 7], "style": "bold" }, { "range": [2, 5], "style": "italic" }])),
    ];
    for parts in taken {
        let reply = api.send_message(&chat_id, json!({ "parts": parts })).await;
        assert_eq!(reply.status, 202, "{parts}: {reply:?}");
    }
}

#[tokio::test]
async fn rule_26_the_rest_of_a_message_keeps_to_its_limits() {
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
async fn rule_28_a_reply_names_a_part_of_a_message_of_the_chat_or_it_is_400() {
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
