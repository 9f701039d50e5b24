use std::{
    future::pending,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use linq_webhooks::{BodyTimeout, MemoryDeduplicator, Receiver, block_on};

use super::{
    delivery::{SECRET, event, now, signed, signed_now, verifier},
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
fn each_request_gets_a_response_and_each_error_reaches_on_error() {
    let reported = Arc::new(Mutex::new(Vec::new()));
    let receiver = Receiver::new(verifier(), Scripted::new([Fail, Panic])).max_body_bytes(200).on_error({
        let reported = Arc::clone(&reported);
        move |error| reported.lock().unwrap().push(format!("{} {error}", error.status().as_u16()))
    });
    let send = |headers, body: &str| line(block_on(receiver.respond_at(request(headers, body), now())));
    let (body, large) = (event("a"), event(&"long".repeat(50)));
    let answers = [
        send(signed(SECRET, &body), &body),
        send(signed(SECRET, &body), &body),
        send(signed(SECRET, &body), &body),
        send(signed(SECRET, &body), &body),
        send(HeaderMap::new(), &body),
        send(signed(SECRET, "<html>"), "<html>"),
        send(signed(SECRET, &large), &large),
    ];
    insta::assert_snapshot!(answers.join("\n"), @r"
    500 -
    500 text/plain; charset=utf-8 handler panicked; see the log of the receiving process
    204 -
    204 -
    401 text/plain; charset=utf-8 missing signature headers; if Linq sent the request, configure your proxy to forward the `webhook-*` and `x-webhook-*` headers
    400 text/plain; charset=utf-8 invalid webhook body: not JSON
    413 text/plain; charset=utf-8 webhook body is larger than 200 bytes; raise `max_body_bytes` to accept it
    ");
    insta::assert_snapshot!(reported.lock().unwrap().join("\n"), @r"
    500 the database is away
    500 handler panicked; see the log of the receiving process
    401 missing signature headers; if Linq sent the request, configure your proxy to forward the `webhook-*` and `x-webhook-*` headers
    400 invalid webhook body: not JSON
    413 webhook body is larger than 200 bytes; raise `max_body_bytes` to accept it
    ");
}

#[test]
fn a_response_does_not_contain_the_error_of_the_deduplicator() {
    let full = MemoryDeduplicator::new().max_in_progress(0);
    let receiver = Receiver::new(verifier(), Scripted::new([])).deduplicator(full);
    let body = event("a");
    let answer = line(block_on(receiver.respond_at(request(signed(SECRET, &body), &body), now())));
    insta::assert_snapshot!(answer, @"503 text/plain; charset=utf-8 deduplicator failed; deliver the event again later");
}

#[test]
fn respond_reads_the_clock() {
    let receiver = Receiver::new(verifier(), Scripted::new([]));
    let body = event("a");
    assert_eq!(block_on(receiver.respond(request(signed_now(&body), &body))).status(), 204);
    assert_eq!(block_on(receiver.respond(request(signed(SECRET, &body), &body))).status(), 401);
}

#[test]
fn a_request_that_need_not_be_read_has_its_response_early() {
    let receiver = Receiver::new(verifier(), Scripted::new([])).max_body_bytes(200);
    let announced = |bytes: &str| {
        let mut headers = signed(SECRET, "{}");
        headers.insert("content-length", bytes.parse().unwrap());
        receiver.reject_early_at(&headers, now()).map(line)
    };
    let unsigned = receiver.reject_early_at(&HeaderMap::new(), now()).map(line).unwrap();
    assert!(unsigned.starts_with("401 text/plain; charset=utf-8 missing signature headers"), "{unsigned}");
    assert_eq!(receiver.reject_early_at(&signed(SECRET, "{}"), now()).map(line), None);
    assert_eq!(announced("200"), None);
    for bytes in ["201", "18446744073709551615"] {
        assert!(announced(bytes).unwrap().starts_with("413 "), "{bytes}");
    }
    let stale = receiver.reject_early(&signed(SECRET, "{}")).map(line).unwrap();
    assert!(stale.contains("timestamp is "), "{stale}");
    assert!(receiver.reject_early(&signed_now("{}")).is_none());
}

#[tokio::test(start_paused = true)]
async fn a_body_timeout_limits_any_future() {
    let timeout = BodyTimeout::new(Duration::from_secs(10), tokio::time::sleep);
    let after = async |seconds| {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        seconds
    };
    assert_eq!(timeout.limit(after(9)).await, Some(9));
    assert_eq!(timeout.limit(after(11)).await, None);
    assert_eq!(timeout.limit(pending::<()>()).await, None);
}
