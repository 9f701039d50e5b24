use http::Method;
use linq_sandbox::{Sandbox, WebhookQuery, WebhookStatus};
use linq_types::events::EventType;
use serde_json::{Value, json};

use super::{
    api::{ADA, Api, BEN, LINE, Reply, text_message},
    receiver::Receiver,
    stage::text,
};

#[tokio::test]
async fn time_is_read_and_advanced() {
    let api = Api::still().await;
    let (_, message_id) = api.chat_with_ada().await;
    let before = api.control(Method::GET, "/time", json!(null)).await.body;
    assert_eq!(api.control(Method::GET, "/time", json!(null)).await.body, before);
    let after = api.control(Method::POST, "/advance", json!({ "seconds": 0.075 })).await.body;
    assert_ne!(after, before);
    let message = api.get(&format!("/v3/messages/{message_id}")).await.body;
    assert_eq!(message["delivery_status"], "sent");
    for seconds in [json!(-1), json!(1e300), json!("1"), Value::Null] {
        let reply = api.control(Method::POST, "/advance", json!({ "seconds": seconds })).await;
        assert_eq!(reply.status, 400, "{seconds}");
    }
}

#[tokio::test]
async fn faults_are_added_listed_and_cleared() {
    let api = Api::still().await;
    let faults = json!({ "faults": ["POST /v3/chats: 503 x2", "webhook: duplicate 0.5"] });
    let added = api.control(Method::POST, "/faults", faults).await;
    assert_eq!(added.body, json!({ "faults": ["POST /v3/chats: 503, 503", "webhook: duplicate 0.5"] }));
    assert_eq!(api.create_chat(&[ADA], "hi").await.refusal(), (503, 4004));
    let left = api.control(Method::GET, "/faults", json!(null)).await;
    assert_eq!(left.body["faults"][0], "POST /v3/chats: 503 x1");
    assert_eq!(api.control(Method::DELETE, "/faults", json!(null)).await.status, 204);
    assert_eq!(api.create_chat(&[ADA], "hi").await.status, 201);
    let wrong = api.control(Method::POST, "/faults", json!({ "faults": ["*: earthquake"] })).await;
    assert_eq!(wrong.refusal(), (400, 1005));
    assert!(wrong.error_message().contains("earthquake"));
}

#[tokio::test]
async fn the_delivery_log_tells_attempts_status_and_the_next_attempt_by_subscription_and_event() {
    let api = Api::still().await;
    let (failing, working) = (Receiver::answering(vec![Some(500); 50]).await, Receiver::start().await);
    let failing_id = api.subscribe(&failing, "", json!({})).await;
    let working_id = api.subscribe(&working, "", json!({})).await;
    api.sandbox.person(ADA).says("Hi!").unwrap();
    api.advance_secs(10).await;

    let all = api.control(Method::GET, "/webhooks", json!(null)).await.body;
    assert_eq!(all["webhooks"].as_array().unwrap().len(), 4);
    let path = format!("/webhooks?subscription_id={failing_id}&event_type=message.received");
    let found = api.control(Method::GET, &path, json!(null)).await.body;
    let [webhook] = found["webhooks"].as_array().unwrap().as_slice() else { panic!("{found:#}") };
    assert_eq!((&webhook["status"], &webhook["subscription_id"]), (&json!("waiting"), &json!(failing_id)));
    let attempts = webhook["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 3);
    assert_eq!((&attempts[2]["attempt"], &attempts[2]["status"]), (&json!(3), &json!(500)));
    assert!(webhook["next_attempt"].is_string());

    let event_id = webhook["event_id"].as_str().unwrap();
    let of_event = api.sandbox.webhooks(&WebhookQuery::default().event_id(event_id));
    let statuses: Vec<_> = of_event.iter().map(|one| (one.subscription_id.clone(), one.status)).collect();
    assert_eq!(
        statuses,
        [(failing_id.clone(), WebhookStatus::Waiting), (working_id, WebhookStatus::Delivered)]
    );
    api.advance_secs(3_600).await;
    let query = WebhookQuery::default().subscription_id(failing_id).event_type(EventType::ChatCreated);
    let given_up = api.sandbox.webhooks(&query).remove(0);
    assert_eq!((given_up.status, given_up.next_attempt), (WebhookStatus::Failed, None));
}

#[tokio::test]
async fn a_webhook_that_waits_for_its_first_attempt_is_in_the_log() {
    let builder = Sandbox::builder().manual_time().fault("webhook: delay 60s".parse().unwrap());
    let api = Api::with(builder).await;
    let receiver = Receiver::start().await;
    api.subscribe(&receiver, "", json!({ "subscribed_events": ["message.received"] })).await;
    api.sandbox.person(ADA).says("Hi!").unwrap();
    api.advance_secs(0).await;
    let webhook = api.sandbox.webhooks(&WebhookQuery::default()).remove(0);
    assert_eq!((webhook.status, webhook.attempts.len()), (WebhookStatus::Waiting, 0));
    assert_eq!(webhook.next_attempt.unwrap().unix_seconds() - api.sandbox.now().unix_seconds(), 60);
}

#[tokio::test]
async fn what_was_sent_and_what_a_chat_holds_can_be_read() {
    let api = Api::still().await;
    let (chat_id, _) = api.chat_with_ada().await;
    api.create_chat(&[BEN], "To Ben").await;
    api.sandbox.person(ADA).says("Hi!").unwrap();
    api.send_message(&chat_id, text_message("Bye")).await;
    let texts = |messages: &[linq_types::messages::Message]| -> Vec<String> {
        let parts = messages.iter().flat_map(|message| message.parts.clone());
        parts.map(|part| part.as_text().unwrap().to_owned()).collect()
    };
    assert_eq!(texts(&api.sandbox.sent()), ["Hello", "To Ben", "Bye"]);
    assert_eq!(texts(&api.sandbox.messages(&chat_id)), ["Hello", "Hi!", "Bye"]);
    assert!(api.sandbox.messages(&"none".into()).is_empty());

    let sent = api.control(Method::GET, "/messages", json!(null)).await.body;
    assert_eq!(sent["messages"][1]["parts"][0]["value"], "To Ben");
    let path = format!("/chats/{chat_id}/messages");
    let messages = api.control(Method::GET, &path, json!(null)).await.body;
    assert_eq!(messages["messages"].as_array().unwrap().len(), 3);
    let path = format!("/chats/{chat_id}/transcript");
    let transcript = api.control(Method::GET, &path, json!(null)).await.body;
    assert_eq!(transcript["transcript"], api.sandbox.transcript(&chat_id));
    assert_eq!(api.control(Method::GET, "/chats/none/transcript", json!(null)).await.refusal(), (404, 2001));
}

#[tokio::test]
async fn a_reset_begins_anew_with_the_first_ids() {
    let api = Api::still().await;
    let receiver = Receiver::start().await;
    let lines = api.get("/v3/phone_numbers").await.body;
    let first = api.create_chat(&[ADA], "hi").await;
    api.subscribe(&receiver, "", json!({ "subscribed_events": ["message.received"] })).await;
    api.sandbox.inject_fault("*: 503".parse().unwrap()).unwrap();

    let kept = api.control(Method::POST, "/reset", json!({ "keep_subscriptions": true })).await;
    assert_eq!(kept.status, 204);
    assert!(api.sandbox.sent().is_empty() && api.sandbox.deliveries().is_empty());
    api.sandbox.person(ADA).says("Still there?").unwrap();
    api.advance_secs(0).await;
    assert_eq!(receiver.received().len(), 1);

    api.sandbox.reset();
    assert_eq!(api.get("/v3/phone_numbers").await.body, lines);
    let again = api.create_chat(&[ADA], "hi").await;
    assert_eq!(again.body["chat"]["id"], first.body["chat"]["id"]);
    assert_eq!(again.trace_id(), first.trace_id());
    api.sandbox.person(ADA).says("Gone?").unwrap();
    api.advance_secs(60).await;
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn the_index_lists_what_there_is_and_the_rest_is_404() {
    let api = Api::still().await;
    let index = api.control(Method::GET, "/", json!(null)).await.body;
    assert!(index["endpoints"].as_array().unwrap().contains(&json!("POST /sandbox/advance")));
    for (method, path) in [(Method::POST, "/nothing"), (Method::GET, "/advance"), (Method::GET, "/chats/x")] {
        assert_eq!(api.control(method, path, json!({})).await.status, 404, "{path}");
    }
}

/// The names of the methods in a source that begin so.
fn methods<'a>(source: &'a str, beginning: &str) -> Vec<&'a str> {
    let lines = source.lines().filter_map(|line| line.trim_start().strip_prefix(beginning));
    lines.filter_map(|rest| rest.split(['(', '<']).next()).collect()
}

#[tokio::test]
async fn whatever_people_and_lines_do_in_rust_they_do_over_http() {
    let index = Api::still().await.control(Method::GET, "/", json!(null)).await.body;
    let person = include_str!("../../src/person.rs");
    let mut by_people = methods(person, "pub fn ");
    assert!(by_people.len() > 20, "{by_people:?}");
    by_people.retain(|name| !["handle", "payment_code", "to_line", "with_rcs", "without_rcs"].contains(name));
    by_people.push("has_rcs");
    by_people.sort_unstable();
    let endpoints: Vec<_> = index["endpoints"].as_array().unwrap().iter().map(text).collect();
    let actions = |base: &str| -> Vec<&str> {
        let mut actions: Vec<_> =
            endpoints.iter().filter_map(|endpoint| endpoint.strip_prefix(base)).collect();
        actions.sort_unstable();
        actions
    };
    assert_eq!(actions("POST /sandbox/people/{handle}/"), by_people);

    let mut of_lines = methods(include_str!("../../src/line.rs"), "pub fn ");
    of_lines.retain(|name| *name != "phone_number");
    of_lines.sort_unstable();
    assert_eq!(actions("POST /sandbox/lines/{phone_number}/"), of_lines);
}

#[tokio::test]
async fn every_action_of_people_can_be_done_over_http() {
    let api = Api::still().await;
    let act = async |who: &str, action: &str, body: Value| -> Value {
        let reply = api.control(Method::POST, &format!("/people/{who}/{action}"), body).await;
        assert_eq!(reply.status, 200, "{action}: {reply:?}");
        reply.body
    };
    let others = [BEN, "+12025550197", "+12025550196"];
    let message = text_message("Hi!");
    let said = act(ADA, "says", json!({ "text": "Hello?", "to": LINE })).await;
    act(ADA, "sends", json!({ "message": message })).await;
    let (direct, said) = (said["chat_id"].clone(), said["message_id"].clone());
    let in_group = act(ADA, "sends_among", json!({ "others": others, "message": message })).await;
    let group = in_group["chat_id"].clone();
    let in_group = json!({ "chat_id": group });
    act(BEN, "sends_into", json!({ "chat_id": group, "message": message })).await;
    act(ADA, "replies", json!({ "message_id": said, "message": message })).await;
    act(ADA, "reacts", json!({ "message_id": said, "operation": "add", "type": "love" })).await;
    act(ADA, "edits", json!({ "message_id": said, "text": "Hello!" })).await;
    let sent = api.send_message(&text(&direct).into(), message.clone()).await;
    let sent = json!({ "message_id": sent.body["message"]["id"] });
    act(ADA, "gets", sent.clone()).await;
    act(ADA, "reads", sent.clone()).await;
    act(ADA, "types", in_group.clone()).await;
    act(ADA, "stops_typing", in_group.clone()).await;
    act(BEN, "adds", json!({ "chat_id": group, "handle": "+12025550195" })).await;
    act(BEN, "leaves", in_group.clone()).await;
    act(ADA, "renames", json!({ "chat_id": group, "name": "Crew" })).await;
    let poll = json!({ "options": [{ "text": "Yes" }, { "text": "No" }] });
    let asked = act(ADA, "asks", json!({ "chat_id": group, "poll": poll })).await["message_id"].clone();
    act(ADA, "adds_options", json!({ "message_id": asked, "options": [{ "text": "Maybe" }] })).await;
    let poll = api.get(&format!("/v3/messages/{}/poll", text(&asked))).await.body;
    let vote = json!({ "message_id": asked, "option_id": poll["poll"]["options"][2]["option_id"] });
    act(ADA, "votes", vote.clone()).await;
    act(ADA, "takes_vote_back", vote).await;
    let here = json!({ "chat_id": direct, "latitude": 37.8, "longitude": -122.3, "locality": "Oakland", "seconds": 60 });
    act(ADA, "shares_location", here).await;
    act(ADA, "stops_sharing_location", json!({ "chat_id": direct })).await;
    act(ADA, "sends_contact_card", json!({ "first_name": "Ada", "last_name": "Lovelace" })).await;
    act(BEN, "opts_out", json!({})).await;
    assert_eq!(api.create_chat(&[BEN], "Hi").await.refusal(), (403, 2024));
    act(ADA, "on", json!({ "service": "RCS" })).await;
    act(ADA, "has_rcs", json!({ "has_rcs": true })).await;
    act(ADA, "unreachable", json!({ "code": 4001 })).await;
    let failing = api.send_message(&text(&direct).into(), message).await.body["message"]["id"].clone();
    api.advance_secs(60).await;
    let failed = api.get(&format!("/v3/messages/{}", text(&failing))).await;
    assert_eq!(failed.body["delivery_status"], "failed");
    assert_eq!(
        api.get(&format!("/v3/messages/{}", text(&sent["message_id"]))).await.body["delivery_status"],
        "read"
    );

    let connected = api.control(Method::POST, "/payment_providers/stripe/connect", json!(null)).await;
    assert_eq!(connected.status, 204);
    let request = api.post("/v3/payment_requests", json!({ "price_id": "price_1" })).await.body;
    act(ADA, "pays", json!({ "payment_request_id": request["id"] })).await;
    let payment = json!({ "handle": ADA, "amount_cents": 1, "currency": "usd", "description": "d",
        "merchant": { "name": "n", "url": "u" } });
    let payment = api.post("/v3/payments", payment).await.body;
    let handle = "/v3/payments/handles/%2B12025550199";
    let begun = api.post(&format!("{handle}/connect"), json!({})).await.body;
    let code = api.control(Method::GET, &format!("/people/{ADA}/payment_code"), json!(null)).await.body;
    let proof = json!({ "connect_id": begun["connect_id"], "code": code["payment_code"] });
    assert_eq!(api.post(&format!("{handle}/verify"), proof).await.status, 200);
    act(ADA, "approves", json!({ "payment_id": payment["id"] })).await;
}

#[tokio::test]
async fn every_action_of_lines_can_be_done_over_http() {
    let api = Api::still().await;
    let act = async |action: &str, body: Value| -> Reply {
        api.control(Method::POST, &format!("/lines/{LINE}/{action}"), body).await
    };
    let (chat_id, _) = api.chat_with_ada().await;
    for (action, body, sends) in [
        ("flag", json!(null), 403),
        ("unflag", json!({}), 202),
        ("set_reputation", json!({ "reputation": "CRITICAL" }), 403),
        ("set_reputation", json!({ "reputation": "HEALTHY" }), 202),
        ("set_type", json!({ "type": "RCS" }), 202),
        ("set_fault", json!({ "fault": "no_rcs_account" }), 202),
    ] {
        assert_eq!(act(action, body).await.status, 200, "{action}");
        assert_eq!(api.send_message(&chat_id, text_message("Hi")).await.status, sends, "{action}");
    }
    let checked = api.post("/v3/capability/check_rcs", json!({ "address": ADA, "from": LINE })).await;
    assert_eq!(checked.refusal(), (503, 4009));
    for (action, body, refusal) in [
        ("set_fault", json!({ "fault": "rain" }), (400, 1005)),
        ("set_type", json!({ "type": "fax" }), (400, 1005)),
        ("set_reputation", json!({ "reputation": "fine" }), (400, 1005)),
        ("set_type", json!({}), (400, 1001)),
        ("paint", json!({}), (404, 1005)),
    ] {
        assert_eq!(act(action, body.clone()).await.refusal(), refusal, "{action} {body}");
    }
    let foreign = api.control(Method::POST, &format!("/lines/{ADA}/flag"), json!({})).await;
    assert_eq!(foreign.refusal(), (403, 2006));
}

#[tokio::test]
async fn how_a_chat_looks_and_fails_is_steered_over_http() {
    let api = Api::still().await;
    let (chat_id, message_id) = api.chat_with_ada().await;
    let typing = format!("/chats/{chat_id}/typing");
    let shows_typing =
        async || api.control(Method::GET, &typing, json!(null)).await.body["shows_typing"].clone();
    assert_eq!(shows_typing().await, false);
    api.post(&format!("/v3/chats/{chat_id}/typing"), json!({})).await;
    assert_eq!(shows_typing().await, true);

    let receiver = Receiver::start().await;
    api.subscribe(&receiver, "", json!({ "subscribed_events": ["chat.background_update_failed"] })).await;
    let path = format!("/chats/{chat_id}/fail_next_update");
    assert_eq!(api.control(Method::POST, &path, json!({ "code": 4001 })).await.status, 204);
    let mango = json!({ "type": "color", "variant": "mango" });
    api.post(&format!("/v3/chats/{chat_id}/background"), mango).await;
    api.advance_secs(10).await;
    assert_eq!(receiver.received()[0].body["data"]["error_code"], 4001);
    let unknown = format!("/chats/{message_id}/fail_next_update");
    assert_eq!(api.control(Method::POST, &unknown, json!({ "code": 4001 })).await.refusal(), (404, 2001));
}

/// The rows of the table of actions in `docs/sandbox.md`, from what the index says.
fn rows(actions: &Value) -> String {
    let list = |action: &Value, key: &str| -> Vec<String> {
        action[key].as_array().unwrap().iter().map(|item| text(item).to_owned()).collect()
    };
    let quoted = |names: Vec<String>| -> String {
        let quote = |name: String| if name.contains(' ') { name } else { format!("`{name}`") };
        names.into_iter().map(quote).collect::<Vec<_>>().join(", ")
    };
    let row = |action: &Value| {
        let mut body = quoted(list(action, "required"));
        let optional = quoted(list(action, "optional"));
        if !optional.is_empty() {
            body.push_str(if body.is_empty() { "optional: " } else { "; optional: " });
            body.push_str(&optional);
        }
        format!("| {} | {body} | {} |\n", quoted(list(action, "names")), text(&action["does"]))
    };
    actions.as_array().unwrap().iter().map(row).collect()
}

/// With `UPDATE_DOCS=1` the table is written instead.
#[tokio::test]
async fn the_documentation_lists_every_action_of_people() {
    let index = Api::still().await.control(Method::GET, "/", json!(null)).await.body;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/sandbox.md");
    let docs = std::fs::read_to_string(path).unwrap();
    let (before, rest) =
        docs.split_once("| Action | Body | What the person does |\n|---|---|---|\n").unwrap();
    let (table, after) = rest.split_once("\n\n").unwrap();
    let rows = rows(&index["people"]);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let heading = "| Action | Body | What the person does |\n|---|---|---|\n";
        std::fs::write(path, format!("{before}{heading}{rows}\n{after}")).unwrap();
    } else {
        assert_eq!(format!("{table}\n"), rows, "write the table with UPDATE_DOCS=1");
    }
}
