//! Handles, and what a call does with its idempotency key.

use std::{
    future::IntoFuture as _,
    sync::{Arc, Mutex},
};

use linq_core::{
    BackendFuture, Body, Client, Error, HttpBackend, Retry, TransportError, TransportErrorKind,
    types::{
        ChatId, Operation,
        chats::NewChat,
        events::EventKeys,
        messages::{NewChatMessage, NewMessage},
        payments::NewPayment,
        polls::{NewPoll, PollContent},
    },
};
use serde_json::Value;

use super::script::{client, run};

const ACCEPTED: &str =
    r#"{"chat_id":"c","message":{"id":"m","delivery_status":"pending","parts":[],"is_read":false}}"#;

fn accepted() -> Option<(u16, String)> {
    Some((202, ACCEPTED.to_owned()))
}

#[test]
fn a_handle_makes_any_number_of_calls() {
    let client = client([accepted(), accepted(), accepted()]);
    let id = ChatId::from("c");
    let outcome: Result<(), Error> = run(async {
        let chat = client.chats().messages(&id);
        chat.send("one").await?;
        chat.send("two").await?;
        chat.clone().send("three").await?;
        Ok(())
    });
    outcome.unwrap();
}

#[cfg(feature = "blocking")]
#[test]
fn a_handle_of_the_blocking_client_makes_any_number_of_calls() -> Result<(), Error> {
    let client = super::script::blocking_client([accepted(), accepted(), accepted()]);
    let id = ChatId::from("c");
    let chat = client.chats().messages(&id);
    chat.send("one").call()?;
    chat.send("two").call()?;
    chat.clone().send("three").call()?;
    Ok(())
}

#[test]
fn a_call_outlives_its_handle_and_a_handle_without_an_id_is_copied() {
    fn copied<T: Copy>(value: T) -> (T, T) {
        (value, value)
    }
    let client = client([accepted()]);
    let call = {
        let (chats, _) = copied(client.chats());
        let chat = chats.messages("c");
        chat.send("one")
    };
    run(call.into_future()).unwrap();
}

/// Fails each request in its own way, and keeps their headers and bodies.
#[derive(Debug, Clone)]
struct Failing(TransportErrorKind, Arc<Mutex<Vec<http::Request<Body>>>>);

impl HttpBackend for Failing {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<bytes::Bytes>, TransportError>> {
        self.1.lock().unwrap().push(request);
        let error = TransportError::new(self.0);
        Box::pin(async { Err(error) })
    }

    fn sleep(&self, duration: std::time::Duration) -> BackendFuture<()> {
        super::script::sleep(duration)
    }
}

/// The requests and the error of a payment whose attempts fail with this kind.
fn failed_payment(kind: TransportErrorKind) -> (Vec<http::Request<Body>>, Error) {
    let backend = Failing(kind, Arc::default());
    let client = Client::new("test-key", backend.clone()).unwrap();
    let create = client.payments().create(NewPayment::new("+12025550199", 2500, "usd"));
    let error = run(create.into_future()).unwrap_err();
    let requests = std::mem::take(&mut *backend.1.lock().unwrap());
    (requests, error)
}

#[test]
fn a_payment_that_may_have_been_executed_is_not_repeated_and_the_error_has_its_key() {
    for kind in [TransportErrorKind::Timeout, TransportErrorKind::Other] {
        let (requests, error) = failed_payment(kind);
        let [request] = &requests[..] else { panic!("{} requests", requests.len()) };
        assert_eq!(request.headers()["idempotency-key"], error.idempotency_key().unwrap().as_str());
        assert!(error.maybe_sent());
        assert_eq!((error.retry(), error.operation()), (Retry::CheckFirst, Some(Operation::PaymentsCreate)));
    }
}

#[test]
fn a_payment_that_was_not_sent_is_retried_with_the_same_key() {
    let (requests, error) = failed_payment(TransportErrorKind::Connect);
    assert_eq!((requests.len(), error.maybe_sent()), (3, false));
    let key = error.idempotency_key().unwrap().as_str();
    assert!(requests.iter().all(|request| request.headers()["idempotency-key"] == key));
    assert!(matches!(error.retry(), Retry::After(_)));
}

#[test]
fn the_key_goes_where_the_table_of_operations_says() {
    let client = client([]);
    let chats = client.chats();
    let message = || NewChatMessage::new("Hello!");
    let poll = || NewPoll::from(PollContent::new(["a", "b"]));
    let request = |operation: Operation| match operation {
        Operation::ChatsCreate => {
            chats.create(NewChat::new("+12025550100", ["+12025550199"], "Hello!")).into_request()
        }
        Operation::ChatsMessagesSend => chats.messages("c").send(message()).into_request(),
        Operation::ChatsPollsCreate => chats.polls("c").create(poll()).into_request(),
        Operation::MessagesCreate => {
            client.messages().create(NewMessage::new(["+12025550199"], "Hello!")).into_request()
        }
        Operation::PaymentRequestsCreate => {
            client.payment_requests().create(Default::default()).into_request()
        }
        Operation::PaymentsCreate => {
            client.payments().create(NewPayment::new("+12025550199", 2500, "usd")).into_request()
        }
        other => panic!("{other} takes a key: make its request here"),
    };
    for operation in Operation::ALL.iter().filter(|operation| operation.has_key()) {
        let request = request(*operation).unwrap();
        let body: Value = serde_json::from_slice(request.body().as_bytes().unwrap()).unwrap();
        let in_body = operation.key_pointer().map(|pointer| body.pointer(pointer).unwrap().as_str().unwrap());
        let in_header = request.headers().get("idempotency-key").map(|key| key.to_str().unwrap());
        assert_eq!(in_header.is_some(), operation.has_key_header(), "{operation}");
        assert_eq!(in_body.or(in_header).unwrap().len(), 32, "{operation}");
        assert!(in_body.is_none() || in_header.is_none() || in_body == in_header, "{operation}");
    }
}

#[test]
fn a_send_succeeds_if_its_response_has_only_what_identifies_the_message() {
    for response in [
        r#"{"chat_id":"c","message":{"id":"m"}}"#,
        r#"{"chat_id":"c","message":{"id":"m","parts":null,"delivery_status":7,"is_read":"no","created_at":""}}"#,
        r#"{"chat_id":"c","message":{"id":"m","effect":"slam","from_handle":"+12025550100"}}"#,
    ] {
        let client = client([Some((202, response.to_owned()))]);
        let sent = run(client.chats().messages("c").send("Hello!").into_future()).unwrap();
        assert_eq!(sent.message.id, "m", "{response}");
    }
}

/// The keys of the requests that were sent, in their bodies.
fn keys_sent(calls: impl AsyncFnOnce(&Client)) -> Vec<String> {
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let client = Client::new("k", Recorder(Arc::clone(&bodies))).unwrap();
    run(calls(&client));
    let bodies = bodies.lock().unwrap();
    bodies
        .iter()
        .map(|body: &Value| body["message"]["idempotency_key"].as_str().unwrap().to_owned())
        .collect()
}

/// Answers every send, and keeps the bodies.
#[derive(Debug)]
struct Recorder(Arc<Mutex<Vec<Value>>>);

impl HttpBackend for Recorder {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<bytes::Bytes>, TransportError>> {
        let body = request.into_body().collect().unwrap();
        self.0.lock().unwrap().push(serde_json::from_slice(&body).unwrap());
        Box::pin(async { Ok(http::Response::builder().status(202).body(ACCEPTED.into()).unwrap()) })
    }

    fn sleep(&self, _: std::time::Duration) -> BackendFuture<()> {
        Box::pin(std::future::pending())
    }
}

#[test]
fn the_sends_for_an_event_have_its_keys_in_every_run() {
    let keys = EventKeys::new(Some("e1"), b"");
    let sent = || {
        keys_sent(async |client| {
            let client = client.for_event(keys);
            let chat = client.chats().messages("c");
            chat.send("one").await.unwrap();
            chat.send("mine").idempotency_key("mine").await.unwrap();
            client.with_options(|options| options.max_attempts(1)).unwrap();
            client.clone().chats().messages("d").send("two").await.unwrap();
        })
    };
    let number = |number| keys.key(&format!("chats.messages.send#{number}"));
    assert_eq!(sent(), [number(1).as_str(), "mine", number(2).as_str()]);
    assert_eq!(sent(), sent());
}

#[test]
fn the_latest_choice_of_keys_counts() {
    let keys = EventKeys::new(None, b"{}");
    let [first, second, third]: [String; 3] = keys_sent(async |client| {
        let custom = client.with_options(|options| options.key_source(|| "custom".into())).unwrap();
        custom.chats().messages("c").send("one").await.unwrap();
        let event = custom.for_event(keys);
        let changed = event.with_options(|options| options.max_attempts(1)).unwrap();
        changed.chats().messages("c").send("two").await.unwrap();
        let custom = event.with_options(|options| options.key_source(|| "again".into())).unwrap();
        custom.chats().messages("c").send("three").await.unwrap();
    })
    .try_into()
    .unwrap();
    assert_eq!([first, third], ["custom", "again"]);
    assert_eq!(second, keys.key("chats.messages.send#1").as_str());
}
