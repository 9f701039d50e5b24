//! Sends happen after their confirmation, and once.

use linq_sandbox::Sandbox;
use serde_json::{Value, json};

use super::{PERSON, session::Session};

fn send(chat: &str, value: &str) -> Value {
    let message = json!({"parts": [{"type": "text", "value": value}], "idempotency_key": "always the same"});
    json!({"path_params": {"chat_id": chat}, "body": {"message": message}})
}

/// Returns a sandbox, and a chat with the person.
async fn sandbox() -> (Sandbox, String) {
    let sandbox = Sandbox::start().await.unwrap();
    let said = sandbox.person(PERSON).says("Hello?").unwrap();
    (sandbox, said.chat_id.to_string())
}

const OPTIONS: [&str; 2] = ["--allow-send-to", PERSON];

#[tokio::test(flavor = "multi_thread")]
async fn a_send_returns_what_it_would_send_and_its_confirmation_sends_it_once() {
    let (sandbox, chat) = sandbox().await;
    let mut session = Session::start(&sandbox, &OPTIONS);
    let prepared = session.ok("chats_messages_send", &send(&chat, "On my way"));
    assert_eq!(prepared["sent"], false);
    assert_eq!(prepared["recipients"], json!([PERSON]));
    assert_eq!(prepared["parameters"], send(&chat, "On my way"));
    assert!(sandbox.sent().is_empty());

    let confirmation = json!({"confirmation_id": prepared["confirmation_id"]});
    let sent = session.ok("confirm_send", &confirmation);
    assert_eq!(sent["data"]["message"]["parts"][0]["value"], "On my way");
    assert_eq!(session.error("confirm_send", &confirmation)["kind"], "UnknownConfirmation");
    assert_eq!(sandbox.sent().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_send_has_a_key_of_its_own_whatever_key_the_caller_gives() {
    let (sandbox, chat) = sandbox().await;
    let mut session = Session::start(&sandbox, &["--allow-send-to", "*", "--no-confirm"]);
    for value in ["One", "Two", "Two"] {
        let sent = session.ok("chats_messages_send", &send(&chat, value));
        assert_eq!(sent["data"]["message"]["parts"][0]["value"], value);
    }
    assert_eq!(sandbox.sent().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_whose_response_is_lost_can_be_confirmed_again_and_happens_once() {
    let (sandbox, chat) = sandbox().await;
    sandbox.inject_fault("chats.messages.send: lost-ack x3".parse().unwrap()).unwrap();
    let mut session = Session::start(&sandbox, &OPTIONS);
    let id = session.ok("chats_messages_send", &send(&chat, "Once"))["confirmation_id"].clone();
    let error = session.error("confirm_send", &json!({"confirmation_id": id}));
    assert_eq!((&error["confirmation_id"], &error["maybe_sent"]), (&id, &json!(true)), "{error}");
    session.ok("confirm_send", &json!({"confirmation_id": id}));
    assert_eq!(sandbox.sent().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_can_ask_the_user_does_so_and_the_answer_decides() {
    let (sandbox, chat) = sandbox().await;
    for (answer, sends) in [("accept", true), ("decline", false), ("cancel", false)] {
        let before = sandbox.sent().len();
        let mut session = Session::with_capabilities(&sandbox, &OPTIONS, &json!({"elicitation": {}}));
        session.answer = answer;
        let (result, is_error) = session.call("chats_messages_send", &send(&chat, "Hi\u{202e}\u{1b}[2J"));
        assert_eq!(is_error, !sends, "{answer}: {result}");
        assert_eq!(sandbox.sent().len() - before, usize::from(sends), "{answer}");
        let [question] = &session.questions[..] else { panic!("{:?}", session.questions) };
        assert!(question.starts_with("Send to +12025550199?\n"), "{question}");
        assert!(question.contains("Hi\\u202e\\u001b[2J"), "{question}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_the_newest_protocol_repeats_the_call_with_the_answer() {
    let (sandbox, chat) = sandbox().await;
    let mut session = Session::spawn(&sandbox, &OPTIONS);
    let mut call = |arguments: Value, more: Value| {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {"elicitation": {"form": {}}},
        });
        let mut params = json!({"name": "chats_messages_send", "arguments": arguments, "_meta": meta});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        session.request("tools/call", &params)["result"].clone()
    };
    let answered = |asked: &Value, action: &str| json!({"requestState": asked["requestState"], "inputResponses": {"confirm": {"action": action}}});
    let mut refused = Vec::new();
    let asked = call(send(&chat, "Yes"), json!({}));
    assert_eq!(asked["resultType"], "input_required", "{asked}");
    assert!(asked["inputRequests"]["confirm"]["params"]["message"].as_str().unwrap().contains("Yes"));
    refused.push(call(send(&chat, "Something else"), answered(&asked, "accept")));
    // A wrong attempt uses the confirmation up.
    refused.push(call(send(&chat, "Yes"), answered(&asked, "accept")));
    let asked = call(send(&chat, "No"), json!({}));
    refused.push(call(send(&chat, "No"), answered(&asked, "decline")));
    refused.push(call(send(&chat, "Yes"), answered(&json!({"requestState": "invented"}), "accept")));
    let asked = call(send(&chat, "No"), json!({}));
    refused.push(call(send(&chat, "No"), json!({"requestState": asked["requestState"]})));
    assert!(refused.iter().all(|result| result["isError"] == true), "{refused:?}");
    assert!(sandbox.sent().is_empty());

    let asked = call(send(&chat, "Yes"), json!({}));
    let sent = call(send(&chat, "Yes"), answered(&asked, "accept"));
    assert_eq!(sent["structuredContent"]["data"]["message"]["parts"][0]["value"], "Yes", "{sent}");
    assert_eq!(sandbox.sent().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_long_to_be_read_cannot_be_confirmed() {
    let (sandbox, chat) = sandbox().await;
    let mut session = Session::start(&sandbox, &OPTIONS);
    let error = session.error("chats_messages_send", &send(&chat, &"x".repeat(20_000)));
    assert!(error["message"].as_str().unwrap().contains("too long to be confirmed"), "{error}");
}
