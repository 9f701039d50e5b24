//! What the views have: everything at first, and then what changed.

use std::time::Duration;

use http::Method;
use linq_types::{error::ErrorCode, polls::PollContent, reactions::Reaction};
use serde_json::{Value, json};

use super::{
    super::{
        api::{ADA, Api, BEN, LINE, text_message},
        stage::{CLEO, DORA},
    },
    stream::Stream,
};

#[tokio::test]
async fn the_first_view_has_everything() {
    let api = Api::still().await;
    let (chat_id, message_id) = api.chat_with_ada().await;
    api.sandbox.person(ADA).says("Hi!").unwrap();
    api.sandbox.inject_fault("*: 503 0".parse().unwrap()).unwrap();
    api.sandbox.subscribe("http://127.0.0.1:1/hook").unwrap();
    let mut stream = Stream::open(&api.sandbox, &format!("?chat={chat_id}")).await;
    let view = stream.view().await.unwrap();

    assert_eq!(view["whole"], true);
    assert_eq!(view["origin"], format!("http://{}", api.sandbox.address()));
    assert_eq!(view["stands_still"], true);
    assert!(view["now"].as_str().unwrap().ends_with('Z'));
    let line = json!({ "phone_number": LINE, "is_flagged": false, "reputation": "HEALTHY", "type": "iMessage", "fault": null });
    assert_eq!(view["lines"], json!([line]));
    let ada = json!({ "handle": ADA, "service": "iMessage", "has_rcs": false, "opted_out": false, "unreachable": null });
    assert_eq!(view["people"], json!([ada]));
    assert_eq!(view["faults"], json!(["*: 503 0"]));
    assert_eq!(view["subscriptions"][0]["target_url"], "http://127.0.0.1:1/hook");
    let chat = &view["chats"][0];
    assert_eq!(chat["id"], chat_id.as_str());
    assert_eq!((&chat["messages"], &chat["sent_by_line"]), (&json!(2), &json!(1)));
    assert_eq!((&chat["last"]["text"], &chat["last"]["from"]), (&json!("Hi!"), &json!(ADA)));
    let members = json!([
        { "handle": LINE, "is_me": true, "status": "active" },
        { "handle": ADA, "is_me": false, "status": "active" },
    ]);
    assert_eq!(chat["members"], members);
    let [sent, received] = view["messages"].as_array().unwrap().as_slice() else { panic!("{view:#}") };
    let shown = api.get(&format!("/v3/messages/{message_id}")).await.body;
    for (field, value) in shown.as_object().unwrap() {
        assert_eq!(sent[field], *value, "{field}");
    }
    assert!(sent["number"].as_u64() < received["number"].as_u64());
    assert_eq!((&sent["edits"], &sent["failure"], &sent["poll"]), (&json!(0), &json!(null), &json!(null)));
    let entries = view["log"]["entries"].as_array().unwrap();
    assert_eq!((&entries[0]["kind"], &entries[0]["operation"]), (&json!("request"), &json!("chats.create")));
    assert_eq!((&entries[0]["status"], &entries[0]["number"]), (&json!(201), &json!(1)));
    assert!(entries[0]["duration_ms"].is_number());
}

#[tokio::test]
async fn another_view_has_only_what_changed() {
    let api = Api::still().await;
    api.control(Method::POST, "/payment_providers/stripe/connect", json!(null)).await;
    let (chat_id, message_id) = api.chat_with_ada().await;
    let (sandbox, ada) = (&api.sandbox, api.sandbox.person(ADA));
    let mut stream = Stream::open(sandbox, &format!("?chat={chat_id}&log=false")).await;
    let whole = stream.view().await.unwrap();
    assert!(whole["log"].is_null());
    let fields = |view: &Value| {
        let fields =
            view.as_object().unwrap().keys().filter(|field| *field != "now" && *field != "stands_still");
        fields.cloned().collect::<Vec<_>>()
    };

    sandbox.advance(Duration::from_millis(60)).await;
    let view = stream.view().await.unwrap();
    assert_eq!(fields(&view), ["chats", "messages"]);
    assert_eq!(view["messages"][0]["delivery_status"], "sent");

    ada.reacts(&message_id, Reaction::LOVE).unwrap();
    let view = stream.view().await.unwrap();
    assert_eq!(fields(&view), ["chats", "messages"]);
    assert_eq!(view["messages"][0]["parts"][0]["reactions"][0]["type"], "love");

    sandbox.person(BEN).says("Elsewhere").unwrap();
    let view = stream.view().await.unwrap();
    assert_eq!(fields(&view), ["chats", "people"]);
    assert_eq!(
        (&view["chats"][0]["last"]["text"], &view["people"][0]["handle"]),
        (&json!("Elsewhere"), &json!(BEN))
    );

    sandbox.line(LINE).flag().unwrap();
    let view = stream.view().await.unwrap();
    assert_eq!((fields(&view), &view["lines"][0]["is_flagged"]), (vec!["lines".to_owned()], &json!(true)));
    sandbox.line(LINE).unflag().unwrap();
    stream.with("lines").await;

    sandbox.inject_fault("GET /v3/chats: ok, 503".parse().unwrap()).unwrap();
    let view = stream.view().await.unwrap();
    assert_eq!(
        (fields(&view), &view["faults"]),
        (vec!["faults".to_owned()], &json!(["GET /v3/chats: ok, 503"]))
    );
    api.get("/v3/chats").await;
    assert_eq!(stream.with("faults").await["faults"], json!(["GET /v3/chats: 503 x1"]));

    let asked = json!({ "amount": 500, "currency": "usd", "payer_handle": ADA, "from": LINE });
    let asked = api.post("/v3/payment_requests", asked).await.body;
    let view = stream.view().await.unwrap();
    assert_eq!(fields(&view), ["payment_requests"]);
    assert_eq!(view["payment_requests"][0]["payer_handle"], ADA);
    ada.pays(&asked["id"].as_str().unwrap().into()).unwrap();
    let view = stream.view().await.unwrap();
    assert_eq!(fields(&view), ["notes", "payment_requests"]);
    assert_eq!(view["payment_requests"][0]["status"], "succeeded");
    assert_eq!(view["notes"][0]["event_type"], "payment.succeeded");

    sandbox.subscribe("http://127.0.0.1:1/").unwrap();
    let view = stream.view().await.unwrap();
    assert_eq!(fields(&view), ["subscriptions"]);

    assert_eq!(api.delete(&format!("/v3/messages/{message_id}")).await.status, 204);
    let view = stream.view().await.unwrap();
    assert_eq!(
        (fields(&view), &view["removed_messages"]),
        (vec!["chats".to_owned(), "removed_messages".to_owned()], &json!([message_id]))
    );
    assert_eq!((&view["chats"][0]["messages"], &view["chats"][0]["sent_by_line"]), (&json!(0), &json!(0)));

    let before = view["now"].clone();
    sandbox.advance(Duration::from_secs(3_600)).await;
    assert_ne!(stream.view().await.unwrap()["now"], before);
}

#[tokio::test]
async fn typing_shows_until_it_ends_by_itself() {
    let api = Api::still().await;
    let (chat_id, _) = api.chat_with_ada().await;
    let mut stream = Stream::open(&api.sandbox, "").await;
    assert_eq!(stream.view().await.unwrap()["chats"][0]["shows_typing"], false);
    api.post(&format!("/v3/chats/{chat_id}/typing"), json!({})).await;
    assert_eq!(stream.with("chats").await["chats"][0]["shows_typing"], true);
    api.advance_secs(86).await;
    loop {
        if stream.with("chats").await["chats"][0]["shows_typing"] == false {
            break;
        }
    }
}

#[tokio::test]
async fn what_happens_between_messages_is_noted() {
    let api = Api::still().await;
    let card = json!({ "phone_number": LINE, "first_name": "Shop" });
    assert!(api.post("/v3/contact_card", card).await.status.is_success());
    let (direct, _) = api.chat_with_ada().await;
    let group =
        api.create_chat(&[ADA, BEN, CLEO], "All").await.body["chat"]["id"].as_str().unwrap().to_owned();
    let (ada, sandbox) = (api.sandbox.person(ADA), &api.sandbox);
    let chat_id = group.as_str().into();
    ada.renames(&chat_id, "Crew").unwrap();
    ada.adds(&chat_id, DORA).unwrap();
    sandbox.person(BEN).leaves(&chat_id).unwrap();
    sandbox.fail_next_update(&chat_id, ErrorCode::DELIVERY_FAILED).unwrap();
    api.put(&format!("/v3/chats/{group}"), json!({ "display_name": "Other" })).await;
    api.advance_secs(1).await;
    api.post(&format!("/v3/chats/{direct}/share_contact_card"), json!({})).await;
    ada.sends_contact_card("Ada", "Lovelace", None).unwrap();
    api.post(&format!("/v3/chats/{direct}/location/request"), json!({})).await;

    let kinds = |view: &Value| -> Vec<String> {
        let notes = view["notes"].as_array().unwrap().iter();
        notes.map(|note| note["event_type"].as_str().unwrap().to_owned()).collect()
    };
    let view = Stream::open(sandbox, &format!("?chat={group}")).await.view().await.unwrap();
    let expected = [
        "chat.group_name_updated",
        "participant.added",
        "participant.removed",
        "chat.group_name_update_failed",
    ];
    assert_eq!(kinds(&view), expected);
    assert_eq!(view["notes"][0]["data"]["new_value"], "Crew");
    assert_eq!(view["notes"][0]["after"], view["messages"][0]["number"]);
    let view = Stream::open(sandbox, &format!("?chat={direct}")).await.view().await.unwrap();
    assert_eq!(kinds(&view), ["contact_card.shared", "contact_card.received", "location.requested"]);
}

#[tokio::test]
async fn a_failed_message_and_a_poll_show_why_and_who() {
    let api = Api::still().await;
    let (chat_id, _) = api.chat_with_ada().await;
    let asked = api.sandbox.person(ADA).asks(&chat_id, PollContent::new(["Yes", "No"])).unwrap();
    api.sandbox.person(ADA).unreachable(ErrorCode::DELIVERY_FAILED);
    api.send_message(&chat_id, text_message("Hello?")).await;
    api.advance_secs(1).await;
    let view = Stream::open(&api.sandbox, &format!("?chat={chat_id}")).await.view().await.unwrap();
    let messages = view["messages"].as_array().unwrap();
    let poll = messages.iter().find(|message| message["id"] == asked.message_id.as_str()).unwrap();
    assert_eq!(poll["poll"]["options"][1]["text"], "No");
    assert_eq!((&poll["poll"]["total_voters"], &poll["poll"]["reactions"]), (&json!(0), &json!([])));
    assert_eq!(messages.last().unwrap()["failure"], 4001);
    assert_eq!(view["people"][0]["unreachable"], 4001);
}

#[tokio::test]
async fn after_a_reset_the_view_is_whole_again() {
    let api = Api::still().await;
    let (chat_id, _) = api.chat_with_ada().await;
    let mut stream = Stream::open(&api.sandbox, &format!("?chat={chat_id}")).await;
    assert!(stream.view().await.unwrap()["reset"].is_null());
    api.sandbox.reset();
    let view = stream.with("reset").await;
    assert_eq!((&view["reset"], &view["whole"]), (&json!(true), &json!(true)));
    assert!(view["chats"].is_null() && view["messages"].is_null() && view["lines"].is_array());
}

#[tokio::test]
async fn the_newest_are_in_a_whole_view_and_the_open_chat_always_is() {
    let api = Api::still().await;
    let old = api.sandbox.person(ADA).says("First").unwrap();
    for number in 0..600 {
        api.sandbox.person(format!("+1202556{number:04}")).says("Hi!").unwrap();
        api.sandbox.person(BEN).says(number.to_string()).unwrap();
    }
    let open = api.sandbox.person(BEN).says("Last").unwrap().chat_id;
    let view = Stream::open(&api.sandbox, &format!("?chat={}", old.chat_id)).await.view().await.unwrap();
    let chats = view["chats"].as_array().unwrap();
    assert_eq!((chats.len(), &chats[0]["id"]), (201, &json!(open)));
    assert_eq!(chats[200]["id"], old.chat_id.as_str());
    assert_eq!(view["people"].as_array().unwrap().len(), 500);
    let view = Stream::open(&api.sandbox, &format!("?chat={open}")).await.view().await.unwrap();
    let messages = view["messages"].as_array().unwrap();
    assert_eq!((messages.len(), &messages[499]["parts"][0]["value"]), (500, &json!("Last")));
}

#[tokio::test]
async fn text_is_escaped_so_that_it_ends_no_event() {
    let api = Api::still().await;
    let text = "<script>alert(1)</script>\n\ndata: \u{2028}\u{1b}[31m\u{202e}";
    let said = api.sandbox.person(ADA).says(text).unwrap();
    let mut stream = Stream::open(&api.sandbox, &format!("?chat={}", said.chat_id)).await;
    assert_eq!(stream.view().await.unwrap()["messages"][0]["parts"][0]["value"], text);
    let media = json!({ "message": { "parts": [{ "type": "media", "url": "https://example.com/a.png" }] } });
    api.control(Method::POST, &format!("/people/{ADA}/sends"), media).await;
    let view = stream.with("messages").await;
    assert_eq!(view["messages"][0]["parts"][0]["filename"], "a.png");
}
