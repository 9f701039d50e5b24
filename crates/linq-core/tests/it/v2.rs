//! The V2 API: what is sent, and what the responses become.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use linq_core::{
    BackendFuture, Body, Call, Client, Error, ErrorKind, HttpBackend, Pace, Retry, TransportError,
    TransportErrorKind,
    types::{
        check::Rule,
        events::EventKeys,
        v2::{
            EventType,
            chats::{MessageContent, NewChat},
            webhook_subscriptions::NewWebhookSubscription,
        },
    },
};
use serde_json::{Value, json};

use super::script::run;

/// Status and body; `None` is a connection that failed.
type Response = Option<(u16, String)>;

/// Responds with what it was given, one after another, and keeps the requests.
#[derive(Debug, Clone, Default)]
struct Recorder {
    responses: Arc<Mutex<VecDeque<Response>>>,
    requests: Arc<Mutex<Vec<http::Request<Body>>>>,
}

impl HttpBackend for Recorder {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        self.requests.lock().unwrap().push(request);
        let next = self.responses.lock().unwrap().pop_front().unwrap();
        Box::pin(async move {
            let (status, body) = next.ok_or_else(|| TransportError::new(TransportErrorKind::Other))?;
            Ok(http::Response::builder().status(status).body(body.into()).unwrap())
        })
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        super::script::sleep(duration)
    }
}

impl Recorder {
    fn new<const N: usize>(responses: [Option<(u16, &str)>; N]) -> Self {
        let responses = responses.map(|response| response.map(|(status, body)| (status, body.to_owned())));
        Self { responses: Arc::new(Mutex::new(responses.into())), ..Self::default() }
    }

    fn client(&self) -> Client {
        Client::builder().api_key("test-token").build(self.clone()).unwrap()
    }

    fn bodies(&self) -> Vec<Value> {
        let body = |request: &http::Request<Body>| {
            serde_json::from_slice(request.body().as_bytes().unwrap()).unwrap()
        };
        self.requests.lock().unwrap().iter().map(body).collect()
    }
}

fn subscription() -> NewWebhookSubscription {
    let events = [EventType::MessageReceived, EventType::ReactionReceived];
    NewWebhookSubscription::new("https://example.com/hook", events)
}

fn chat() -> NewChat {
    NewChat::new("+12025550100", ["2025550199"], "Hello!")
}

/// The request of a call: method, path, and body if there is one.
fn request<T>(call: Call<'_, Client, T>) -> (http::Request<Body>, String, Option<Value>) {
    let request = call.into_request().unwrap();
    let line = format!("{} {}", request.method(), request.uri().path());
    let body = request.body().as_bytes().filter(|body| !body.is_empty());
    let body = body.map(|body| serde_json::from_slice(body).unwrap());
    (request, line, body)
}

#[test]
fn each_call_has_the_documented_request() {
    let client = Recorder::default().client();
    let v2 = client.v2();
    let wrapped = json!({ "webhook_subscription": {
        "webhook_url": "https://example.com/hook", "version": 2, "events": ["message.received", "reaction.received"],
        "secret": "my-secret", "active": false,
    } });
    let bare = json!({ "webhook_subscription": {
        "webhook_url": "https://example.com/hook", "version": 2, "events": ["message.received", "reaction.received"],
    } });
    let files = MessageContent::new("Look").attachment_urls(["https://example.com/cat.jpg"]);
    for ((request, line, body), expected_line, expected) in [
        (
            request(v2.chats().create(chat().display_name("Ops")).idempotency_key("k-1_a")),
            "POST /api/partner/v2/chats",
            Some(json!({
                "send_from": "+12025550100",
                "chat": { "phone_numbers": ["2025550199"], "display_name": "Ops" },
                "message": { "text": "Hello!", "idempotency_key": "k-1_a" },
            })),
        ),
        (
            request(v2.chats().messages(12345_u64).send(files).idempotency_key("k")),
            "POST /api/partner/v2/chats/12345/chat_messages",
            Some(json!({ "message": {
                "text": "Look", "idempotency_key": "k", "attachment_urls": ["https://example.com/cat.jpg"],
            } })),
        ),
        (request(v2.phone_numbers().list()), "GET /api/partner/v2/phone_numbers", None),
        (
            request(v2.i_message_availability().check("+12025550199")),
            "POST /api/partner/v2/i_message_availability/check",
            Some(json!({ "phone_number": "+12025550199" })),
        ),
        (request(v2.webhook_subscriptions().list()), "GET /api/partner/v2/webhook_subscriptions", None),
        (
            request(v2.webhook_subscriptions().create(subscription().secret("my-secret").active(false))),
            "POST /api/partner/v2/webhook_subscriptions",
            Some(wrapped),
        ),
        (
            request(v2.webhook_subscriptions().update("7/8", subscription())),
            "PUT /api/partner/v2/webhook_subscriptions/7%2F8",
            Some(bare),
        ),
        (
            request(v2.webhook_subscriptions().delete("7")),
            "DELETE /api/partner/v2/webhook_subscriptions/7",
            None,
        ),
    ] {
        assert_eq!((line.as_str(), &body), (expected_line, &expected));
        let headers = request.headers();
        assert_eq!(headers["x-linq-integration-token"], "test-token", "{line}");
        assert!(!headers.contains_key("authorization") && !headers.contains_key("idempotency-key"), "{line}");
        assert!(!format!("{request:?}").contains("test-token"), "{line}");
    }
}

#[test]
fn a_call_of_v3_has_no_integration_token_and_one_of_v2_can_have_another() {
    let client = Recorder::default().client();
    let request = client.phone_numbers().list().into_request().unwrap();
    assert!(!request.headers().contains_key("x-linq-integration-token"));
    let list = client.v2().phone_numbers().list().header("x-linq-integration-token", "other-token");
    let request = list.into_request().unwrap();
    assert_eq!(request.headers()["x-linq-integration-token"], "other-token");
    assert!(!format!("{request:?}").contains("other-token"));
    let client =
        client.with_options(|options| options.default_header("x-linq-integration-token", "third-token"));
    let request = client.unwrap().v2().phone_numbers().list().into_request().unwrap();
    assert!(!format!("{request:?}").contains("third-token"));
}

#[test]
fn the_documented_responses_are_read() {
    let chat_json = r#"{"data":{"id":12345,"display_name":"+1 (202) 555-0199","service":"iMessage","group":false,
        "chat_handles":[{"id":9,"phone_number":"+12025550199","service":"iMessage","joined_at":"2025-10-22T10:30:00Z"}],
        "chat_messages":{"id":67890,"text":"Hello!","sent_at":"2025-10-22 10:30:00 -0600","delivered_at":null,
            "delivery_status":"pending","is_read":false,"attachments":[]}}}"#;
    let subscription_json = r#"{"webhook_subscription":{"id":7,"webhook_url":"https://example.com/hook","version":2,
        "events":["message.received","brand.new"],"active":true,"secret_configured":true,"last_delivered_at":null,
        "delivery_attempts":0,"created_at":"2025-10-22T10:30:00-06:00","updated_at":"2025-10-22T10:30:00-06:00"}}"#;
    let recorder = Recorder::new([
        Some((200, chat_json)),
        Some((
            201,
            r#"{"data":{"id":67891,"text":"Hi","delivery_status":"paused","sent_from":"+12025550100"}}"#,
        )),
        Some((
            200,
            r#"{"phone_numbers":[{"id":99,"phone_number":"+12025550100","forwarding_number":null,"response_rate":75}]}"#,
        )),
        Some((200, r#"{"available":true,"phone_number":"+12025550199"}"#)),
        Some((201, subscription_json)),
        Some((200, r#"{"webhook_subscriptions":[{"id":7}]}"#)),
        Some((204, "")),
    ]);
    let client = recorder.client();
    let v2 = client.v2();
    let outcome: Result<(), Error> = run(async {
        let created = v2.chats().create(chat()).await?.data;
        assert_eq!(created.id.unwrap(), "12345");
        let message = created.chat_messages.unwrap();
        assert_eq!(
            (message.id.unwrap().as_str(), message.delivery_status.unwrap().as_str()),
            ("67890", "pending")
        );
        let sent = v2.chats().messages("12345").send("Hi").await?.data;
        assert_eq!(sent.id.unwrap(), "67891");
        let lines = v2.phone_numbers().list().await?.phone_numbers;
        assert_eq!((lines[0].phone_number.as_str(), lines[0].response_rate), ("+12025550100", Some(75.0)));
        assert_eq!(v2.i_message_availability().check("+12025550199").await?.available, Some(true));
        let created = v2.webhook_subscriptions().create(subscription()).await?;
        assert_eq!((created.id.as_str(), created.secret_configured), ("7", Some(true)));
        assert_eq!(created.events, [EventType::MessageReceived, "brand.new".into()]);
        assert_eq!(v2.webhook_subscriptions().list().await?.webhook_subscriptions.len(), 1);
        v2.webhook_subscriptions().delete(created.id).await
    });
    outcome.unwrap();
}

/// The reference and the quickstart of V2 disagree about the response, and a message that was sent is no error.
#[test]
fn a_send_whose_response_has_another_form_succeeded() {
    for body in [r#"{"data":{"chat":{"id":1},"message":{"id":2}}}"#, r#"{"data":null}"#, "{}"] {
        let recorder = Recorder::new([Some((200, body)), Some((201, body))]);
        let client = recorder.client();
        run(client.v2().chats().create(chat()).into_future()).unwrap();
        run(client.v2().chats().messages("1").send("Hi").into_future()).unwrap();
    }
}

#[test]
fn a_send_is_retried_with_the_same_key_and_a_subscription_is_not_created_twice() {
    let recorder = Recorder::new([None, Some((502, "<html>")), Some((200, r#"{"data":{"id":1}}"#)), None]);
    let client = recorder.client();
    let sent = run(client.v2().chats().create(chat()).with_meta().into_future()).unwrap();
    assert_eq!(sent.meta.attempts(), 3);
    let bodies = recorder.bodies();
    let key = bodies[0]["message"]["idempotency_key"].as_str().unwrap();
    assert_eq!(sent.meta.idempotency_key().unwrap(), key);
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')), "{key}");

    let error = run(client.v2().webhook_subscriptions().create(subscription()).into_future()).unwrap_err();
    assert_eq!((error.attempts(), error.maybe_sent(), error.retry()), (1, true, Retry::CheckFirst));
}

#[test]
fn the_keys_of_an_event_are_those_of_the_operations_of_v2() {
    let keys = EventKeys::new(Some("e1"), b"");
    let client = Recorder::default().client().for_event(keys);
    let body = |number: u32| {
        let (_, _, body) = request(client.v2().chats().messages("1").send("Hi"));
        assert_eq!(
            body.unwrap()["message"]["idempotency_key"],
            keys.key(&format!("v2.chat_messages.create#{number}")).as_str()
        );
    };
    body(1);
    body(2);
}

#[test]
fn both_forms_of_errors_are_decoded_and_their_codes_decide_nothing() {
    let one = r#"{"errors":[{"status":422,"code":"3007","title":"Invalid","detail":"about +12025550199"}]}"#;
    let other = r#"{"status":"422","error_code":"3007","message":"Invalid","errors":["about +12025550199"]}"#;
    for body in [one, other] {
        let recorder = Recorder::new([Some((422, body)), Some((500, body)), Some((200, "{}"))]);
        let client = recorder.client();
        let error = run(client.v2().chats().create(chat()).into_future()).unwrap_err();
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 422), "{body}");
        assert_eq!((error.code(), error.operation()), (None, None), "{body}");
        assert_eq!(error.message(), Some("about +12025550199"), "{body}");
        assert_eq!(error.v2().unwrap().code().unwrap(), "3007", "{body}");
        assert!(error.body().is_none(), "{body}");
        let shown = format!("{error} {error:?}");
        assert!(shown.starts_with("POST /v2/chats: the API responded with 422"), "{shown}");
        for secret in ["+1202", "2025550199", "test-token", "Hello"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        // 3007 of V3 would forbid a retry.
        run(client.v2().chats().create(chat()).into_future()).unwrap();
    }
}

#[test]
fn an_error_of_v3_and_a_page_of_html_are_read_as_those() {
    let recorder = Recorder::new([
        Some((401, r#"{"error":{"code":2004,"message":"the key is wrong"}}"#)),
        Some((404, "<html>")),
    ]);
    let client = recorder.client();
    let error = run(client.v2().phone_numbers().list().into_future()).unwrap_err();
    assert_eq!((error.code().unwrap().get(), error.is_unauthorized(), error.v2()), (2004, true, None));
    let error = run(client.v2().phone_numbers().list().into_future()).unwrap_err();
    assert_eq!((error.v2(), error.body().unwrap().as_ref()), (None, &b"<html>"[..]));
}

#[test]
fn an_error_of_v3_has_none_of_v2() {
    let recorder = Recorder::new([Some((422, r#"{"errors":[{"detail":"d"}]}"#))]);
    let client = recorder.client();
    let error = run(client.phone_numbers().list().into_future()).unwrap_err();
    assert!(error.v2().is_none() && error.body().is_some());
}

#[test]
fn a_key_with_other_characters_is_not_sent_unless_validation_is_skipped() {
    let client = Recorder::default().client();
    let send = |key: &str| client.v2().chats().messages("1").send("Hi").idempotency_key(key);
    for key in ["order 1", "order.1", "ö", "a/b"] {
        let error = send(key).into_request().unwrap_err();
        assert_eq!(error.violation().unwrap().rule, Rule::IdempotencyKeyCharacters, "{key}");
        assert!(!error.to_string().contains(key), "{error}");
        assert!(send(key).skip_validation().into_request().is_ok(), "{key}");
        let v3 = client.chats().messages("c").send("Hi").idempotency_key(key);
        assert!(v3.into_request().is_ok(), "{key}");
    }
    assert!(send("Order-1042_a").into_request().is_ok());
    let error = send(&"k".repeat(256)).into_request().unwrap_err();
    assert_eq!(error.violation().unwrap().rule, Rule::IdempotencyKeyLength);
}

#[test]
fn calls_of_v2_are_not_storable() {
    let client = Recorder::default().client();
    let error = client.v2().chats().create(chat()).store().unwrap_err();
    insta::assert_snapshot!(error, @"POST /v2/chats: not storable: calls of the V2 API cannot be stored; make the call of V3, or make it directly; nothing was sent");
}

#[test]
fn sends_of_v2_wait_for_the_pace() {
    let recorder = Recorder::new([const { Some((200, "{}")) }; 3]);
    let rate = linq_core::types::Rate::new(1, Duration::from_secs(3_600));
    let client = recorder.client().with_options(|options| options.pace(Pace::new().per_chat(rate))).unwrap();
    let send = |to: &str| {
        let call = client.v2().chats().create(NewChat::new("+12025550100", [to], "Hi"));
        run(call.deadline(Duration::from_secs(1)).into_future())
    };
    send("+12025550199").unwrap();
    send("+12025550198").unwrap();
    assert!(send("+12025550199").unwrap_err().retry_after().is_some());
}

#[cfg(feature = "blocking")]
#[test]
fn the_blocking_client_has_the_same_calls() -> Result<(), Error> {
    let client = super::script::blocking_client([
        Some((200, r#"{"data":{"id":1}}"#.to_owned())),
        Some((201, r#"{"data":{"id":2}}"#.to_owned())),
        Some((200, r#"{"phone_numbers":[]}"#.to_owned())),
        Some((204, String::new())),
    ]);
    let v2 = client.v2();
    let id = v2.chats().create(chat()).call()?.data.id.unwrap();
    v2.chats().messages(id).send("Hi").call()?;
    assert!(v2.phone_numbers().list().call()?.phone_numbers.is_empty());
    v2.webhook_subscriptions().delete("7").call()
}
