//! Calls that are stored and replayed.

use std::{fmt::Debug, future::IntoFuture as _, time::Duration};

use linq_core::{
    Body, Call, Client, ErrorKind, Pace, ReplayStored, Replayed, Retry, StoredCall,
    types::{
        IdempotencyKey, Operation, Rate,
        chats::NewChat,
        events::EventKeys,
        messages::{MessageContent, NewMessage},
        payments::NewPayment,
        polls::NewPoll,
    },
};
use serde_json::{Value, json};

use super::{
    clock::Clock,
    script::{client, run},
};

const TEXT: &str = "secret \"words\" \\ 👍🏽 \u{7}é";
/// It has to be encoded in the path.
const CHAT: &str = "c/1 ?";

/// A request, and the stored call that makes it.
type Sample = (http::Request<Body>, StoredCall);

fn offline() -> Client {
    Clock::builder().default_query("tenant", "t1").build(Clock::new()).unwrap()
}

/// Operations whose key is known to be honored.
fn keyed() -> impl Iterator<Item = Operation> {
    Operation::ALL.iter().copied().filter(|operation| operation.has_key() && operation.is_idempotent())
}

/// Calls of an operation with every kind of change that is stored.
fn samples(client: &Client, operation: Operation) -> Vec<Sample> {
    let keyed = || MessageContent::from(TEXT).idempotency_key("in the body");
    let chats = client.chats();
    match operation {
        Operation::ChatsCreate => {
            let create = |content| chats.create(NewChat::new("+12025550100", ["+12025550199"], content));
            [variants(|| create(TEXT.into())), variants(|| create(keyed()))].concat()
        }
        Operation::ChatsMessagesSend => {
            let chat = chats.messages(CHAT);
            [variants(|| chat.send(TEXT)), variants(|| chat.send(keyed()))].concat()
        }
        Operation::ChatsPollsCreate => {
            variants(|| chats.polls(CHAT).create(NewPoll::new(["secret", "words"])))
        }
        Operation::MessagesCreate => {
            let create = |content| client.messages().create(NewMessage::new(["+12025550199"], content));
            [variants(|| create(MessageContent::from(TEXT))), variants(|| create(keyed()))].concat()
        }
        Operation::PaymentRequestsCreate => variants(|| client.payment_requests().create(Default::default())),
        other => panic!("{other} takes a key: make its calls here"),
    }
}

type Change<'f, 'c, T> = &'f dyn Fn(Call<'c, Client, T>) -> Call<'c, Client, T>;

fn variants<'c, T>(call: impl Fn() -> Call<'c, Client, T>) -> Vec<Sample> {
    let whole = json!({"z": 1.5, "from": "+12025550100", "message": {"parts": []}, "poll": {}, "a": [null]});
    let own = json!({"message": {"idempotency_key": "own"}, "poll": {"idempotency_key": "own"}});
    let changes: [Change<'_, 'c, T>; 7] = [
        &|call| call,
        &|call| call.query("trace", "a&b é+"),
        &|call| call.body_field("future_field", json!({"b": 1, "a": [TEXT]})),
        &|call| call.body(&whole).body_field("y", 1),
        &|call| call.body(&own),
        &|call| call.skip_validation().idempotency_key("k".repeat(300)),
        &|call| call.timeout(Duration::from_secs(7)).deadline(Duration::ZERO).max_attempts(9),
    ];
    let sample = |change: Change<'_, 'c, T>| {
        let given = || change(call().idempotency_key("given"));
        (given().into_request().unwrap(), given().store().unwrap())
    };
    changes.map(sample).into()
}

fn round_trip(call: &StoredCall) -> StoredCall {
    serde_json::from_str(&serde_json::to_string(call).unwrap()).unwrap()
}

fn body(request: &http::Request<Body>) -> &str {
    str::from_utf8(request.body().as_bytes().unwrap()).unwrap()
}

fn assert_same(left: &http::Request<Body>, right: &http::Request<Body>, what: impl Debug) {
    assert_eq!((left.method(), left.uri()), (right.method(), right.uri()), "{what:?}");
    assert_eq!(left.headers(), right.headers(), "{what:?}");
    assert_eq!(body(left), body(right), "{what:?}");
}

#[test]
fn a_call_of_every_keyed_operation_makes_the_same_request_after_a_round_trip() {
    let client = offline();
    for operation in keyed() {
        for (number, (request, call)) in samples(&client, operation).into_iter().enumerate() {
            let read = round_trip(&call);
            assert_eq!(read, call);
            assert_eq!(read.operation(), Some(operation));
            assert_same(&client.replay(&read).into_request().unwrap(), &request, (operation, number));
        }
    }
}

#[test]
fn a_value_of_json_holds_a_call_too() {
    let client = offline();
    for (request, call) in keyed().flat_map(|operation| samples(&client, operation)) {
        let read: StoredCall = serde_json::from_value(serde_json::to_value(&call).unwrap()).unwrap();
        let replayed = client.replay(&read).into_request().unwrap();
        assert_eq!((replayed.uri(), replayed.headers()), (request.uri(), request.headers()));
        let json = |request| serde_json::from_str::<Value>(body(request)).unwrap();
        assert_eq!(json(&replayed), json(&request));
    }
}

#[cfg(feature = "blocking")]
#[test]
fn the_blocking_client_stores_and_replays_the_same() {
    let clock = Clock::new();
    let blocking = Clock::builder().default_query("tenant", "t1").build_blocking(clock.clone()).unwrap();
    let client = offline();
    for (request, call) in keyed().flat_map(|operation| samples(&client, operation)) {
        assert_same(&blocking.replay(&call).into_request().unwrap(), &request, &call);
    }
    let call = blocking.chats().messages(CHAT).send(TEXT).idempotency_key("given").store().unwrap();
    assert_eq!(call, client.chats().messages(CHAT).send(TEXT).idempotency_key("given").store().unwrap());
    let sent = blocking.replay(&call).call().unwrap();
    assert_eq!((sent.message_id.unwrap().as_str(), sent.chat_id.unwrap().as_str()), ("m", "c"));
    run(blocking.replay_stored(&call)).unwrap();
    let requests = clock.requests();
    assert_same(&requests[0], &requests[1], "");
}

/// The keys of a request: in its header, and in its body.
fn keys_of(operation: Operation, request: &http::Request<Body>) -> Vec<String> {
    let json: Value = serde_json::from_str(body(request)).unwrap();
    let in_body =
        operation.key_pointer().and_then(|pointer| json.pointer(pointer)?.as_str().map(str::to_owned));
    let in_header = request.headers().get("idempotency-key").map(|key| key.to_str().unwrap().to_owned());
    in_header.into_iter().chain(in_body).collect()
}

#[test]
fn another_key_goes_wherever_the_operation_has_it() {
    let client = offline();
    for operation in keyed() {
        let places = usize::from(operation.has_key_header()) + usize::from(operation.key_pointer().is_some());
        for (_, call) in samples(&client, operation) {
            let another = call.clone().with_idempotency_key("another");
            assert_eq!(another.idempotency_key().as_str(), "another");
            assert_eq!((another.chat_id(), another.line()), (call.chat_id(), call.line()));
            for request in [
                client.replay(&round_trip(&another)).into_request().unwrap(),
                client.replay(&call).idempotency_key("another").into_request().unwrap(),
            ] {
                assert_eq!(
                    keys_of(operation, &request),
                    vec!["another"; places],
                    "{operation}: {}",
                    body(&request)
                );
            }
        }
    }
}

#[test]
fn a_call_without_a_key_gets_a_new_one_even_if_the_client_adds_none() {
    let unkeyed = offline().with_options(|options| options.without_idempotency_keys()).unwrap();
    for client in [offline(), unkeyed] {
        let chat = client.chats().messages("c");
        let stored = || {
            [
                chat.send("Hello!").store().unwrap(),
                chat.send("Hello!").body_field("message", json!({"parts": []})).store().unwrap(),
            ]
        };
        for (one, other) in stored().into_iter().zip(stored()) {
            assert_eq!(one.idempotency_key().as_str().len(), 32);
            assert_ne!(one.idempotency_key(), other.idempotency_key());
            let keys = keys_of(Operation::ChatsMessagesSend, &client.replay(&one).into_request().unwrap());
            assert_eq!(keys, [one.idempotency_key().as_str()]);
        }
    }
}

#[test]
fn a_default_key_is_used_unless_the_call_has_its_own() {
    let keys = EventKeys::new(Some("e1"), b"");
    let client = offline().for_event(keys);
    let chat = client.chats().messages("c");
    let key = |call: Result<StoredCall, linq_core::Error>| call.unwrap().idempotency_key().clone();
    let own = json!({"parts": [], "idempotency_key": "own"});
    let payment = || client.payment_requests().create(Default::default());
    for (found, expected) in [
        (key(chat.send("a").store_with("default")), "default"),
        (key(chat.send("a").body_field("message", json!({"parts": []})).store_with("default")), "default"),
        (key(chat.send("a").idempotency_key("given").store_with("default")), "given"),
        (key(chat.send(MessageContent::from("a").idempotency_key("model")).store_with("default")), "model"),
        (key(chat.send("a").body_field("message", own).store_with("default")), "own"),
        (key(payment().header("idempotency-key", "header").store_with("default")), "header"),
        (key(payment().store_with("default")), "default"),
        (key(chat.send("a").store()), keys.key("chats.messages.send#1").as_str()),
        (key(chat.send("a").store()), keys.key("chats.messages.send#2").as_str()),
    ] {
        assert_eq!(found, IdempotencyKey::from(expected));
    }
    assert_eq!(chat.send("a").store_with("").unwrap_err().kind(), ErrorKind::InvalidRequest);
}

#[test]
fn chat_and_line_are_those_of_the_request() {
    let client = offline();
    let sent = client.chats().messages(CHAT).send("a").store().unwrap();
    assert_eq!((sent.chat_id(), sent.line()), (Some(CHAT), None));
    let created = client.chats().create(NewChat::new("+12025550100", ["+12025550199"], "a")).store().unwrap();
    assert_eq!((created.chat_id(), created.line()), (None, Some("+12025550100")));
    let created = client.messages().create(NewMessage::new(["+12025550199"], "a")).store().unwrap();
    assert_eq!((created.chat_id(), created.line()), (None, None));
}

#[test]
fn a_call_that_is_not_safe_to_repeat_or_not_complete_is_not_stored() {
    let client = offline();
    let chat = client.chats().messages("c");
    let error = |call: Result<StoredCall, linq_core::Error>| {
        let error = call.unwrap_err();
        assert_eq!((error.kind(), error.maybe_sent()), (ErrorKind::InvalidRequest, false));
        error.to_string()
    };
    insta::assert_snapshot!(error(client.chats().leave("c").store()), @"POST /v3/chats/{chatId}/leave: not storable: `chats.leave_chat` takes no idempotency key, so repeating it may execute it twice; make the call directly; nothing was sent");
    insta::assert_snapshot!(error(client.payments().create(NewPayment::new("+12025550199", 2500, "usd")).store()), @"POST /v3/payments: not storable: nothing shows that the API honors the idempotency key of `payments.create`, so repeating it may execute it twice; make the call directly; nothing was sent");
    insta::assert_snapshot!(error(client.request::<Value>(http::Method::POST, "/v3/x").idempotency_key("k").store()), @"POST (custom endpoint): not storable: it is unknown whether a custom endpoint executes a repeated request once; make the call directly; nothing was sent");
    insta::assert_snapshot!(error(chat.send("a").header("x-team", "blue").store()), @"POST /v3/chats/{chatId}/messages: not storable: headers of a call are not kept, such as `x-team`; set it on the client that replays the call, with `ClientBuilder::default_header`; nothing was sent");
    insta::assert_snapshot!(error(chat.send("a").body(json!([])).store()), @"POST /v3/chats/{chatId}/messages: not storable: the body given to `body` or `body_field` has no place for the idempotency key; it must have an object around `/message/idempotency_key`; nothing was sent");
    for call in [
        chat.send("a").without_header("user-agent"),
        chat.send("a").header("idempotency-key", "not the place of the key"),
        chat.send("a").header("no name", "x"),
        chat.send("a").idempotency_key(""),
        chat.send("a").idempotency_key("k".repeat(256)),
        chat.send(""),
        client.chats().messages("..").send("a"),
        client.chats().messages("c".repeat(100_000)).send("a"),
    ] {
        error(call.store());
    }
    let payment = || client.payment_requests().create(Default::default());
    error(payment().without_header("idempotency-key").store());
    error(payment().idempotency_key("no\nheader").store());
    for operation in Operation::ALL.iter().filter(|operation| !operation.has_key()) {
        let call = format!(r#"{{"version":1,"operation":"{operation}","idempotency_key":"k","body":{{}}}}"#);
        let call: StoredCall = serde_json::from_str(&call).unwrap();
        error(client.replay(&call).into_request().map(|_| call.clone()));
    }
}

/// Calls are stored for days, and read by later versions: never change it.
#[test]
fn the_format_is_the_same_in_every_version() {
    let client = offline();
    let call = client.chats().create(NewChat::new("+12025550100", ["+12025550199"], "Hello!"));
    let created = call.idempotency_key("k").query("q", "1").store().unwrap();
    insta::assert_snapshot!(serde_json::to_string(&created).unwrap(), @r#"{"version":1,"operation":"chats.create","query":[["q","1"]],"line":"+12025550100","idempotency_key":"k","body":{"from":"+12025550100","to":["+12025550199"],"message":{"parts":[{"type":"text","value":"Hello!"}],"idempotency_key":"k"}}}"#);
    let sent = client.chats().messages("c").send("Hello!").idempotency_key("k").store().unwrap();
    insta::assert_snapshot!(serde_json::to_string(&sent).unwrap(), @r#"{"version":1,"operation":"chats.messages.send","path":{"chatId":"c"},"idempotency_key":"k","body":{"message":{"parts":[{"type":"text","value":"Hello!"}],"idempotency_key":"k"}}}"#);
}

#[test]
fn what_a_later_version_adds_is_ignored_unless_the_format_is_another() {
    let client = offline();
    let read = |version: u32, operation: &str| {
        serde_json::from_value::<StoredCall>(json!({
            "version": version, "operation": operation, "later": [1], "idempotency_key": "k",
            "path": {"chatId": "c", "laterId": "x"}, "body": {"message": {"parts": []}},
        }))
    };
    let request = client.replay(&read(1, "chats.messages.send").unwrap()).into_request().unwrap();
    assert_eq!(request.uri().path(), "/api/partner/v3/chats/c/messages");

    insta::assert_snapshot!(read(2, "chats.messages.send").unwrap_err(), @"unknown version 2 of the format of stored calls, expected 1; update this crate");

    let later = read(1, "chats.comets.send").unwrap();
    assert_eq!(
        (later.operation(), later.operation_id(), later.chat_id()),
        (None, "chats.comets.send", Some("c"))
    );
    assert_eq!(round_trip(&later.clone().with_idempotency_key("l")).idempotency_key().as_str(), "l");
    let error = run(client.replay(&later).into_future()).unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::InvalidRequest, Retry::Never));
    insta::assert_snapshot!(error, @"POST (custom endpoint): invalid stored call: unknown operation `chats.comets.send`; update this crate; nothing was sent");
}

#[test]
fn a_call_without_a_value_of_its_path_is_not_replayed() {
    let call = json!({"version": 1, "operation": "chats.messages.send", "idempotency_key": "k", "body": {}});
    let error = run(offline().replay(&serde_json::from_value(call).unwrap()).into_future()).unwrap_err();
    insta::assert_snapshot!(error, @"POST /v3/chats/{chatId}/messages: invalid `chatId`: must not be empty; nothing was sent");
}

#[test]
fn a_stored_call_has_nothing_of_the_client_and_debug_nothing_of_the_request() {
    let client = offline();
    for (_, call) in keyed().flat_map(|operation| samples(&client, operation)) {
        let json = serde_json::to_string(&call).unwrap();
        assert!(!json.contains("test-key") && !json.contains("tenant"), "{json}");
        let shown = format!("{call:?}");
        assert!(!shown.contains("secret") && !shown.contains("+1202"), "{shown}");
    }
}

/// A stored call of each operation that sends a message, and a response with the ids `m` and `c` and this status.
fn sends(status: &str) -> Vec<(StoredCall, String)> {
    let client = offline();
    let message =
        format!(r#"{{"id":"m","delivery_status":"{status}","parts":[{{"type":"text","value":"secret"}}]}}"#);
    let in_message = format!(r#"{{"chat_id":"c","message":{message}}}"#);
    vec![
        (client.chats().messages("c").send("a").store().unwrap(), in_message.clone()),
        (client.messages().create(NewMessage::new(["+12025550199"], "a")).store().unwrap(), in_message),
        (
            client.chats().create(NewChat::new("+12025550100", ["+12025550199"], "a")).store().unwrap(),
            format!(r#"{{"chat":{{"id":"c","message":{message}}}}}"#),
        ),
    ]
}

#[test]
fn the_response_has_the_ids_of_message_and_chat_as_far_as_it_has_any() {
    let poll = offline().chats().polls("c").create(NewPoll::new(["a", "b"])).store().unwrap();
    let poll = (poll, r#"{"message_id":"m","chat_id":"c","poll":{"options":[]}}"#.to_owned());
    for (call, response) in sends("pending").into_iter().chain([poll]) {
        let client = client([Some((202, response.clone()))]);
        let sent = run(client.replay(&call).with_meta().into_future()).unwrap();
        let Replayed { message_id, chat_id, .. } = sent.value.clone();
        assert_eq!((message_id, chat_id), (Some("m".into()), Some("c".into())));
        assert_eq!((sent.meta.status().as_u16(), sent.value.body.clone()), (202, response.into()));
        assert_eq!(sent.meta.idempotency_key(), Some(call.idempotency_key()));
        assert!(!format!("{:?}", sent.value).contains("secret"));
        for lean in ["{}", r#"{"chat":7,"chat_id":{},"message":[],"message_id":null}"#] {
            let client = super::script::client([Some((200, lean.to_owned()))]);
            let sent = run(client.replay(&call).into_future()).unwrap();
            assert_eq!((sent.message_id, sent.chat_id), (None, None), "{lean}");
        }
    }
}

#[test]
fn a_replay_is_judged_like_the_call_itself() {
    for (call, failed) in sends("failed") {
        let error = run(client([Some((200, failed))]).replay(&call).into_future()).unwrap_err();
        assert_eq!((error.kind(), error.retry()), (ErrorKind::FailedMessage, Retry::Never));
    }
    for (call, accepted) in sends("pending") {
        let unavailable = || Some((503, String::new()));
        let client = client([unavailable(), None, Some((202, accepted))]);
        let sent = run(client.replay_stored(&call)).unwrap();
        assert_eq!(sent.meta.attempts(), 3);
        let refused = Some((403, r#"{"error":{"status":403,"code":2024}}"#.to_owned()));
        let limited = Some((429, r#"{"error":{"status":429,"code":1007,"retry_after":3600}}"#.to_owned()));
        let lost = || None;
        let wait = Duration::from_secs(3600);
        for (script, retry, maybe_sent) in [
            (vec![refused], Retry::Never, false),
            (vec![limited], Retry::After(wait), false),
            (vec![lost(), lost(), lost()], Retry::After(Duration::from_secs(2)), true),
        ] {
            let client = super::script::client(script);
            let error = run(client.replay(&call).into_future()).unwrap_err();
            assert_eq!(
                (error.retry(), error.maybe_sent(), error.operation()),
                (retry, maybe_sent, call.operation())
            );
            assert_eq!(error.idempotency_key(), Some(call.idempotency_key()));
        }
    }
}

#[test]
fn a_replay_keeps_the_pace_of_its_client() {
    let clock = Clock::new();
    let minute = Duration::from_secs(60);
    let client =
        Clock::builder().pace(Pace::new().per_chat(Rate::new(1, minute))).build(clock.clone()).unwrap();
    let chat = client.chats().messages(CHAT);
    let call = chat.send("a").store().unwrap();
    assert!(clock.times().is_empty());
    run(chat.send("b").into_future()).unwrap();
    run(client.replay(&call).into_future()).unwrap();
    assert!(clock.elapsed() > minute);
}
