//! What is refused.

use std::time::Duration;

use linq::types::Operation;
use linq_sandbox::Sandbox;
use serde_json::{Value, json};

use super::{OTHER, PERSON, session::Session};

/// What exists in the sandbox.
struct Ids {
    line: String,
    /// A chat with the person.
    chat: String,
    message: String,
    /// A chat with both people.
    group: String,
}

async fn sandbox() -> (Sandbox, Ids) {
    let sandbox = Sandbox::builder().manual_time().start().await.unwrap();
    let said = sandbox.person(PERSON).says("Hello?").unwrap();
    let group = sandbox.person(PERSON).sends_among([OTHER], "Hello, all").unwrap();
    sandbox.advance(Duration::from_secs(10)).await;
    let ids = Ids {
        line: sandbox.phone_number().to_string(),
        chat: said.chat_id.to_string(),
        message: said.message_id.to_string(),
        group: group.chat_id.to_string(),
    };
    (sandbox, ids)
}

fn tools(session: &mut Session) -> Vec<Value> {
    session.request("tools/list", &json!({}))["result"]["tools"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_options_the_tools_are_the_operations_that_read() {
    let (sandbox, _) = sandbox().await;
    let tools = tools(&mut Session::start(&sandbox, &[]));
    let names: Vec<_> = tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect();
    let reads = Operation::ALL.iter().filter(|operation| operation.method().is_safe());
    let reads = reads.map(|operation| operation.id().replace('.', "_"));
    let mut expected: Vec<_> = reads.filter(|name| name != "payments_credentials").collect();
    expected.push("wait_for_reply".to_owned());
    assert_eq!(names, expected);
    for tool in &tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tools_that_change_something_say_so() {
    let (sandbox, _) = sandbox().await;
    let tools = tools(&mut Session::start(&sandbox, &["--allow", "*", "--allow-send-to", "*"]));
    assert_eq!(tools.len(), Operation::ALL.len() - 1 + 2);
    for (name, read_only, idempotent) in [
        ("chats_messages_send", false, true),
        ("messages_add_reaction", false, false),
        ("webhook_subscriptions_delete", false, true),
        ("confirm_send", false, true),
        ("chats_retrieve", true, true),
    ] {
        let tool = tools.iter().find(|tool| tool["name"] == name).unwrap();
        let hints = &tool["annotations"];
        assert_eq!(
            (&hints["readOnlyHint"], &hints["idempotentHint"]),
            (&json!(read_only), &json!(idempotent)),
            "{name}"
        );
        assert_eq!(hints["destructiveHint"], !read_only, "{name}");
    }
}

/// The options, the tool, its arguments, and what the reason contains.
type Row = (&'static [&'static str], &'static str, fn(&Ids) -> Value, &'static str);

const ROWS: &[Row] = &[
    (&[], "chats_messages_send", |ids| send(&ids.chat), "`--allow-send-to HANDLE`"),
    (&["--allow", "messages.*"], "chats_messages_send", |ids| send(&ids.chat), "`--allow-send-to HANDLE`"),
    (&["--allow", "chats.*"], "chats_messages_send", |ids| send(&ids.chat), "none are allowed"),
    (
        &["--allow-send-to", OTHER],
        "chats_messages_send",
        |ids| send(&ids.chat),
        "+12025550199 is not an allowed",
    ),
    (
        &["--no-confirm", "--allow-send-to", OTHER],
        "chats_messages_send",
        |ids| send(&ids.chat),
        "+12025550199 is not an allowed",
    ),
    (
        &["--allow-send-to", PERSON],
        "chats_messages_send",
        |ids| send(&ids.group),
        "+12025550198 is not an allowed",
    ),
    (
        &["--allow-send-to", PERSON],
        "chats_create",
        |ids| json!({"body": {"from": ids.line, "to": [PERSON, OTHER], "message": text()}}),
        "+12025550198 is not an allowed",
    ),
    (
        &["--no-confirm", "--allow-send-to", PERSON],
        "messages_create",
        |_| json!({"body": {"to": [OTHER], "message": text()}}),
        "+12025550198 is not an allowed",
    ),
    (
        &["--allow-send-to", "*"],
        "messages_add_reaction",
        |ids| reaction(&ids.message),
        "`--allow messages.add_reaction`",
    ),
    (&["--allow", "messages.*"], "messages_add_reaction", |ids| reaction(&ids.message), "none are allowed"),
    (
        &["--allow", "messages.*", "--allow-send-to", OTHER],
        "messages_add_reaction",
        |ids| reaction(&ids.message),
        "+12025550199 is not an allowed",
    ),
    (
        &["--no-confirm", "--allow", "messages.*", "--allow-send-to", OTHER],
        "messages_update",
        |ids| json!({"path_params": {"message_id": ids.message}, "body": {"text": "Changed", "part_index": 0}}),
        "+12025550199 is not an allowed",
    ),
    (
        &["--allow", "chats.*", "--allow-send-to", PERSON],
        "chats_participants_add",
        |ids| json!({"path_params": {"chat_id": ids.chat}, "body": {"handle": OTHER}}),
        "+12025550198 is not an allowed",
    ),
    (
        &["--allow", "chats.*", "--allow-send-to", OTHER],
        "chats_typing_start",
        |ids| json!({"path_params": {"chat_id": ids.chat}}),
        "+12025550199 is not an allowed",
    ),
    (
        &["--no-confirm", "--allow", "*", "--allow-send-to", PERSON],
        "payments_create",
        |_| json!({"body": {"handle": OTHER, "amount_cents": 1, "currency": "usd"}}),
        "+12025550198 is not an allowed",
    ),
    (
        &[],
        "attachments_delete",
        |_| json!({"path_params": {"attachment_id": "a"}}),
        "`--allow attachments.delete`",
    ),
    (
        &["--allow", "*", "--allow-send-to", "*"],
        "payments_credentials",
        |_| json!({"path_params": {"payment_id": "p"}}),
        "never available",
    ),
    (&["--allow", "*", "--allow-send-to", "*"], "chats_invented", |_| json!({}), "unknown tool"),
    (&[], "sandbox_person_says", |_| json!({"handle": PERSON, "text": "Hi"}), "unknown tool"),
    (
        &["--allow-send-to", "*"],
        "confirm_send",
        |_| json!({"confirmation_id": "0123"}),
        "unknown, used or expired",
    ),
    (&["--allow-send-to", "*"], "confirm_send", |_| json!({"id": "0123"}), "unknown field"),
    (&["--allow-send-to", "*"], "chats_messages_send", |_| json!({"path_params": {}}), "missing field"),
    (
        &[],
        "chats_retrieve",
        |ids| json!({"path_params": {"chat_id": ids.chat}, "invented": 1}),
        "unknown field",
    ),
    (&[], "wait_for_reply", |_| json!({}), "either chat_id or handle"),
    (&[], "wait_for_reply", |ids| json!({"chat_id": ids.chat, "timeout_seconds": 301}), "300 at most"),
];

fn text() -> Value {
    json!({"parts": [{"type": "text", "value": "Hi"}]})
}

fn send(chat: &str) -> Value {
    json!({"path_params": {"chat_id": chat}, "body": {"message": text()}})
}

fn reaction(message: &str) -> Value {
    json!({"path_params": {"message_id": message}, "body": {"operation": "add", "type": "love"}})
}

#[tokio::test(flavor = "multi_thread")]
async fn each_rule_refuses_what_it_forbids_and_nothing_is_changed() {
    let (sandbox, ids) = sandbox().await;
    for (options, tool, arguments, reason) in ROWS {
        let error = Session::start(&sandbox, options).error(tool, &arguments(&ids));
        let message = format!("{} {}", error["path"].as_str().unwrap_or_default(), error["message"]);
        assert!(message.contains(reason), "{options:?} {tool}: {error}");
    }
    let methods: Vec<_> = sandbox.requests().iter().map(|request| request.method.to_string()).collect();
    assert!(methods.iter().all(|method| method == "GET"), "{methods:?}");
    assert!(sandbox.sent().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_joins_the_group_before_the_confirmation_stops_the_send() {
    let (sandbox, ids) = sandbox().await;
    let mut session = Session::start(&sandbox, &["--allow-send-to", PERSON, "--allow-send-to", OTHER]);
    let prepared = session.ok("chats_messages_send", &send(&ids.group));
    sandbox.person(PERSON).adds(&ids.group.as_str().into(), "+12025550197").unwrap();
    let error = session.error("confirm_send", &json!({"confirmation_id": prepared["confirmation_id"]}));
    assert!(error["message"].as_str().unwrap().starts_with("+12025550197 is not an allowed"), "{error}");
    assert!(sandbox.sent().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_that_is_allowed_is_called() {
    let (sandbox, ids) = sandbox().await;
    let options =
        ["--allow", "chats.typing.*", "--allow", "blocked_handles.block", "--allow-send-to", PERSON];
    let mut session = Session::start(&sandbox, &options);
    session.ok("chats_typing_start", &json!({"path_params": {"chat_id": ids.chat}}));
    assert!(sandbox.shows_typing(&ids.chat.as_str().into()));
    session.ok("blocked_handles_block", &json!({"body": {"handle": OTHER}}));
    let blocked = session.ok("blocked_handles_list", &json!({}));
    assert!(blocked.to_string().contains(OTHER), "{blocked}");
    assert_eq!(blocked["untrusted"], true);
}
