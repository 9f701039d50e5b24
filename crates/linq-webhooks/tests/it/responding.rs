use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use linq_webhooks::{MemoryDeduplicator, Receiver, block_on};

use super::{
    delivery::{NOW, SECRET, event, signed, signed_now, verifier},
    scripted::{
        Scripted,
        Step::{Fail, Panic},
    },
};

fn request(headers: HeaderMap, body: &str) -> Request<Bytes> {
    let mut request = Request::post("/linq").body(Bytes::from(body.to_owned())).unwrap();
    *request.headers_mut() = headers;
    request
}

fn line(response: Response<Bytes>) -> String {
    let (parts, body) = response.into_parts();
    let kind = parts.headers.get("content-type").map_or("-", |kind| kind.to_str().unwrap());
    format!("{} {kind} {}", parts.status.as_u16(), String::from_utf8_lossy(&body)).trim_end().to_owned()
}

#[test]
fn each_request_gets_its_answer_and_each_error_is_told() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let receiver = Receiver::new(verifier(), Scripted::new([Fail, Panic])).max_body_bytes(200).on_error({
        let told = Arc::clone(&told);
        move |error| told.lock().unwrap().push(format!("{} {error}", error.status().as_u16()))
    });
    let send = |headers, body: &str| line(block_on(receiver.respond_at(request(headers, body), NOW)));
    let (body, large) = (event("a"), event(&"long".repeat(50)));
    let mut answers = vec![
        send(signed(SECRET, &body), &body),
        send(signed(SECRET, &body), &body),
        send(signed(SECRET, &body), &body),
        send(signed(SECRET, &body), &body),
        send(HeaderMap::new(), &body),
        send(signed(SECRET, "<html>"), "<html>"),
        send(signed(SECRET, &large), &large),
    ];
    drop(block_on(receiver.shutdown()));
    answers.push(send(signed(SECRET, &body), &body));
    insta::assert_snapshot!(answers.join("\n"), @r"
    500 -
    500 text/plain; charset=utf-8 the handler panicked
    204 -
    204 -
    401 text/plain; charset=utf-8 the request has no complete set of signature headers: if it comes from the service, let the `webhook-*` and `x-webhook-*` headers through your proxy
    400 text/plain; charset=utf-8 invalid webhook body: not JSON
    413 text/plain; charset=utf-8 the webhook body has more than the 200 bytes that are taken
    503 text/plain; charset=utf-8 the receiver is shutting down
    ");
    insta::assert_snapshot!(told.lock().unwrap().join("\n"), @r"
    500 the database is away
    500 the handler panicked
    401 the request has no complete set of signature headers: if it comes from the service, let the `webhook-*` and `x-webhook-*` headers through your proxy
    400 invalid webhook body: not JSON
    413 the webhook body has more than the 200 bytes that are taken
    503 the receiver is shutting down
    ");
}

#[test]
fn nothing_of_the_deduplicator_s_error_gets_out() {
    let full = MemoryDeduplicator::new().capacity(0);
    let receiver = Receiver::new(verifier(), Scripted::new([])).deduplicator(full);
    let body = event("a");
    let answer = line(block_on(receiver.respond_at(request(signed(SECRET, &body), &body), NOW)));
    insta::assert_snapshot!(answer, @"503 text/plain; charset=utf-8 the deduplicator could not tell whether the event was handled");
}

#[test]
fn the_clock_is_read_where_no_time_is_given() {
    let receiver = Receiver::new(verifier(), Scripted::new([]));
    let body = event("a");
    assert_eq!(block_on(receiver.respond(request(signed_now(&body), &body))).status(), 204);
    assert_eq!(block_on(receiver.respond(request(signed(SECRET, &body), &body))).status(), 401);
}
