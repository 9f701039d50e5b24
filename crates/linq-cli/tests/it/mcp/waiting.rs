//! `wait_for_reply`.

use linq_sandbox::Sandbox;
use serde_json::{Value, json};

use super::{OTHER, PERSON, session::Session};

fn texts(waited: &Value) -> Vec<&str> {
    assert_eq!(waited["untrusted"], true);
    let messages = waited["data"]["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    messages.iter().map(|message| message["parts"][0]["value"].as_str().unwrap()).collect()
}

fn wait(target: &str, value: &str, seconds: u64) -> Value {
    json!({ target: value, "timeout_seconds": seconds })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_ends_the_wait_in_its_chat_and_that_for_its_writer() {
    let sandbox = Sandbox::start().await.unwrap();
    let chat = sandbox.person(PERSON).says("Before").unwrap().chat_id;
    for (target, value) in [("chat_id", chat.as_str()), ("handle", PERSON)] {
        let mut session = Session::start(&sandbox, &[]);
        assert_eq!(session.ok("wait_for_reply", &wait(target, value, 0))["data"]["replied"], false);
        let call = json!({"name": "wait_for_reply", "arguments": wait(target, value, 300)});
        let id = session.send("tools/call", &call);
        sandbox.person(OTHER).says("Elsewhere").unwrap();
        let before = sandbox.requests().len();
        // The wait has begun when it has asked for the messages.
        while sandbox.requests().len() == before {
            crate::it::running::pause();
        }
        sandbox.person(PERSON).says("After").unwrap();
        let waited = session.response(id)["result"]["structuredContent"].clone();
        assert_eq!(texts(&waited), ["After"]);
        assert_eq!(waited["data"]["chat_id"], chat.as_str());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_message_of_somebody_new_ends_the_wait_for_them() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut session = Session::start(&sandbox, &[]);
    let call = json!({"name": "wait_for_reply", "arguments": wait("handle", PERSON, 300)});
    let id = session.send("tools/call", &call);
    while sandbox.requests().is_empty() {
        crate::it::running::pause();
    }
    sandbox.person(PERSON).says("Hello, I am new").unwrap();
    assert_eq!(texts(&session.response(id)["result"]["structuredContent"]), ["Hello, I am new"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_between_a_send_and_the_wait_or_between_two_waits() {
    let sandbox = Sandbox::start().await.unwrap();
    let person = sandbox.person(PERSON);
    let said = person.says("Question").unwrap();
    let chat = said.chat_id.as_str();
    let mut session = Session::start(&sandbox, &["--allow-send-to", PERSON, "--no-confirm"]);
    let send = json!({
        "path_params": {"chat_id": chat},
        "body": {"message": {"parts": [{"type": "text", "value": "Answer"}]}},
    });
    session.ok("chats_messages_send", &send);
    person.says("One").unwrap();
    person.says("Two").unwrap();
    assert_eq!(texts(&session.ok("wait_for_reply", &wait("chat_id", chat, 300))), ["One", "Two"]);
    person.says("Three").unwrap();
    session.ok("chats_messages_send", &send);
    person.says("Four").unwrap();
    assert_eq!(texts(&session.ok("wait_for_reply", &wait("handle", PERSON, 300))), ["Three", "Four"]);
    assert_eq!(texts(&session.ok("wait_for_reply", &wait("chat_id", chat, 0))), [] as [&str; 0]);

    let since = json!({"chat_id": chat, "since": said.message_id, "timeout_seconds": 0});
    assert_eq!(texts(&session.ok("wait_for_reply", &since)), ["One", "Two", "Three", "Four"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_replies_are_returned_in_pieces() {
    let sandbox = Sandbox::start().await.unwrap();
    let person = sandbox.person(PERSON);
    let chat = person.says("0").unwrap().chat_id;
    let mut session = Session::start(&sandbox, &[]);
    session.ok("wait_for_reply", &wait("chat_id", chat.as_str(), 0));
    let since = sandbox.messages(&chat)[0].id.clone();
    let written: Vec<_> = (1..=60).map(|number| number.to_string()).collect();
    for text in &written {
        person.says(text).unwrap();
    }
    let mut arguments = json!({"chat_id": chat, "since": since, "timeout_seconds": 0});
    let mut all = Vec::new();
    loop {
        let waited = session.ok("wait_for_reply", &arguments);
        all.extend(texts(&waited).into_iter().map(str::to_owned));
        arguments = wait("chat_id", chat.as_str(), 0);
        if waited["data"]["has_more"] != true {
            break;
        }
    }
    assert_eq!(all, written);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_another_chat_is_no_start() {
    let sandbox = Sandbox::start().await.unwrap();
    let chat = sandbox.person(PERSON).says("Here").unwrap().chat_id;
    let elsewhere = sandbox.person(OTHER).says("There").unwrap().message_id;
    let mut session = Session::start(&sandbox, &[]);
    let error = session.error("wait_for_reply", &json!({"chat_id": chat, "since": elsewhere}));
    assert!(error["message"].as_str().unwrap().contains("not in this chat"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_wait_ends_and_the_next_call_is_answered() {
    let sandbox = Sandbox::start().await.unwrap();
    let chat = sandbox.person(PERSON).says("Before").unwrap().chat_id;
    let mut session = Session::start(&sandbox, &[]);
    let call = json!({"name": "wait_for_reply", "arguments": wait("chat_id", chat.as_str(), 300)});
    let id = session.send("tools/call", &call);
    let cancelled =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": id}});
    session.write(&cancelled.to_string());
    session.ok("chats_list_chats", &json!({}));
    // Nothing waits any more, so the end of the input ends the server at once.
    session.close_input();
    let (status, output, _) = session.end();
    assert_eq!((status.code(), output), (Some(0), String::new()));
}
