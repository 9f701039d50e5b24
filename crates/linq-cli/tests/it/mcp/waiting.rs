//! `wait_for_reply`.

use linq_sandbox::Sandbox;
use serde_json::{Value, json};

use super::{
    OTHER, PERSON,
    session::{Session, command},
};
use crate::it::running::pause;

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
        pause();
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
async fn nothing_is_lost_after_a_wait_that_was_in_vain() {
    let sandbox = Sandbox::start().await.unwrap();
    let chat = sandbox.person(OTHER).says("Before").unwrap().chat_id;
    let mut session = Session::start(&sandbox, &[]);
    // The one has a chat, the other has none yet.
    for (target, value, person) in [("chat_id", chat.as_str(), OTHER), ("handle", PERSON, PERSON)] {
        assert_eq!(texts(&session.ok("wait_for_reply", &wait(target, value, 0))), [] as [&str; 0]);
        sandbox.person(person).says("After").unwrap();
        assert_eq!(texts(&session.ok("wait_for_reply", &wait(target, value, 300))), ["After"]);
    }
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

/// Returns the methods of the requests about subscriptions that succeeded.
fn subscription_requests(sandbox: &Sandbox) -> Vec<String> {
    let requests = sandbox.requests();
    let requests = requests
        .iter()
        .filter(|request| request.path.contains("/webhook-subscriptions") && request.status.is_success());
    requests.map(|request| request.method.to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_subscribes_to_the_relay_once_and_the_end_deletes_the_subscription() {
    let sandbox = Sandbox::start().await.unwrap();
    let person = sandbox.person(PERSON);
    let chat = person.says("Before").unwrap().chat_id;
    let mut session = Session::start(&sandbox, &[]);
    session.ok("wait_for_reply", &wait("chat_id", chat.as_str(), 0));
    assert!(subscription_requests(&sandbox).is_empty());
    for text in ["One", "Two"] {
        let call = json!({"name": "wait_for_reply", "arguments": wait("chat_id", chat.as_str(), 300)});
        let id = session.send("tools/call", &call);
        while subscription_requests(&sandbox).is_empty() {
            pause();
        }
        person.says(text).unwrap();
        assert_eq!(texts(&session.response(id)["result"]["structuredContent"]), [text]);
    }
    session.close_input();
    let (status, _, errors) = session.end();
    assert_eq!((status.code(), errors.contains("warning")), (Some(0), false), "{errors}");
    assert_eq!(subscription_requests(&sandbox), ["POST", "DELETE"]);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_signal_during_a_wait_deletes_the_subscription() {
    let sandbox = Sandbox::start().await.unwrap();
    let chat = sandbox.person(PERSON).says("Before").unwrap().chat_id;
    let mut session = Session::start(&sandbox, &[]);
    let call = json!({"name": "wait_for_reply", "arguments": wait("chat_id", chat.as_str(), 300)});
    session.send("tools/call", &call);
    while subscription_requests(&sandbox).is_empty() {
        pause();
    }
    crate::it::running::kill("-TERM", session.id());
    assert_eq!(session.end().0.code(), Some(0));
    assert_eq!(subscription_requests(&sandbox), ["POST", "DELETE"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_relay_replies_are_found_and_the_problem_is_said() {
    let sandbox = Sandbox::start().await.unwrap();
    let person = sandbox.person(PERSON);
    let chat = person.says("Before").unwrap().chat_id;
    let mut server = command(&sandbox, &[]);
    server.env("LINQ_RELAY_WS_URL", "ws://127.0.0.1:9/relay");
    let mut session = Session::of(server);
    session.initialize(&json!({}));
    let waited = session.ok("wait_for_reply", &wait("chat_id", chat.as_str(), 4));
    assert_eq!(waited["data"]["replied"], false);
    let problem = waited["data"]["relay_problem"].as_str().unwrap_or_else(|| panic!("{waited}"));
    assert!(problem.starts_with("cannot connect to the relay"), "{problem}");
    person.says("After").unwrap();
    assert_eq!(texts(&session.ok("wait_for_reply", &wait("chat_id", chat.as_str(), 300))), ["After"]);
}
