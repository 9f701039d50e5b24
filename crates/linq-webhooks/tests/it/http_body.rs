use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use ::http_body::{Body, Frame, SizeHint};
use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::Full;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use linq_webhooks::{BodyTimeout, Receiver, block_on};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

use super::{
    delivery::{event, headers_that_cannot_be_valid, signed_now, verifier},
    scripted::Scripted,
};

fn receiver() -> Receiver<Scripted> {
    Receiver::new(verifier(), Scripted::new([]))
}

/// A body in several frames, one of which may be an error.
struct Pieces {
    left: VecDeque<Result<Frame<Bytes>, io::Error>>,
    read: usize,
}

impl Pieces {
    fn of(body: &str, size: usize) -> Self {
        let pieces = body.as_bytes().chunks(size).map(|piece| Ok(Frame::data(Bytes::copy_from_slice(piece))));
        Self { left: pieces.collect(), read: 0 }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.read += 1;
        Poll::Ready(self.left.pop_front())
    }
}

/// A body that must not be read.
struct Announced(u64);

impl Body for Announced {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        panic!("read although it is too large")
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0)
    }
}

/// A body that must not be read and announces nothing.
struct Unreadable;

impl Body for Unreadable {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        panic!("read although its headers cannot be valid")
    }
}

/// A body whose client stops after these pieces.
struct Stalled(Pieces);

impl Body for Stalled {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match Pin::new(&mut self.0).poll_frame(context) {
            Poll::Ready(None) => Poll::Pending,
            frame => frame,
        }
    }
}

fn serve<B>(receiver: &Receiver<Scripted>, headers: HeaderMap, body: B) -> (u16, String)
where
    B: Body<Error: Into<Box<dyn std::error::Error + Send + Sync>>>,
{
    let mut request = Request::new(body);
    *request.headers_mut() = headers;
    let Ok(response) = block_on(receiver.clone().serve(request));
    (response.status().as_u16(), response.into_body())
}

const TOO_LARGE: &str = "webhook body is larger than 100 bytes; raise `max_body_bytes` to accept it";

#[test]
fn a_body_is_read_to_its_end_whatever_its_frames() {
    let receiver = receiver();
    for size in [1, 7, 50, 1000] {
        let body = event(&format!("in pieces of {size}"));
        let mut pieces = Pieces::of(&body, size);
        pieces.left.push_front(Ok(Frame::data(Bytes::new())));
        pieces.left.push_back(Ok(Frame::trailers(HeaderMap::new())));
        assert_eq!(serve(&receiver, signed_now(&body), pieces), (204, String::new()));
    }
    assert_eq!(receiver.handler().called_with().len(), 4);
}

#[test]
fn a_body_announced_as_too_large_is_not_read() {
    let receiver = receiver().max_body_bytes(100);
    let answer = serve(&receiver, signed_now("{}"), Announced(101));
    assert_eq!(answer, (413, TOO_LARGE.to_owned()));
    for length in ["101", "18446744073709551615"] {
        let mut headers = signed_now("{}");
        headers.insert("content-length", length.parse().unwrap());
        assert_eq!(serve(&receiver, headers, Announced(0)).0, 413, "{length}");
    }
}

#[test]
fn a_body_is_not_read_unless_its_signature_headers_can_be_valid() {
    for (headers, reason) in headers_that_cannot_be_valid() {
        let answer = serve(&receiver(), headers, Unreadable);
        assert_eq!((answer.0, answer.1.starts_with(reason)), (401, true), "{}", answer.1);
    }
}

#[test]
fn a_body_that_stops_in_the_middle_times_out() {
    let body = event("a");
    let timeouts = Arc::new(AtomicUsize::new(0));
    let started = Arc::clone(&timeouts);
    let timeout = BodyTimeout::new(Duration::from_secs(10), move |duration| {
        assert_eq!(duration, Duration::from_secs(10));
        started.fetch_add(1, Ordering::Relaxed);
        async {}
    });
    let receiver = receiver().body_timeout(timeout);
    let answer = serve(&receiver, signed_now(&body), Stalled(Pieces::of(&body[..20], 7)));
    assert_eq!(answer, (408, "timed out reading the webhook body after 10 s".to_owned()));
    assert_eq!((timeouts.load(Ordering::Relaxed), receiver.handler().called_with().len()), (1, 0));
    // What has arrived counts, even when the time is over.
    assert_eq!(serve(&receiver, signed_now(&body), Pieces::of(&body, 7)).0, 204);
}

#[tokio::test(start_paused = true)]
async fn clients_that_stop_in_the_middle_of_a_body_release_their_connections() {
    let timeout = BodyTimeout::new(Duration::from_secs(10), tokio::time::sleep);
    let receiver = receiver().body_timeout(timeout);
    let body = event("a");
    let mut connections = Vec::new();
    for _ in 0..20 {
        let (mut client, server) = duplex(4096);
        let receiver = receiver.clone();
        let service = service_fn(move |request| receiver.clone().serve(request));
        let serving = tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(server), service));
        let mut request = String::from("POST /linq HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5000\r\n");
        for (name, value) in &signed_now(&body) {
            request.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
        }
        client.write_all(format!("{request}\r\n{{").as_bytes()).await.unwrap();
        connections.push((client, serving));
    }
    for (mut client, serving) in connections {
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        drop(serving.await.unwrap());
    }
}

#[test]
fn a_body_of_unknown_length_is_read_up_to_the_maximum() {
    let receiver = receiver();
    let body = event(&"x".repeat(1000));
    for (max, status) in [(body.len(), 204), (body.len() - 1, 413)] {
        let receiver = receiver.clone().max_body_bytes(max);
        assert_eq!(serve(&receiver, signed_now(&body), Pieces::of(&body, 10)).0, status);
    }
    let mut endless = Pieces::of(&"x".repeat(1000), 10);
    let receiver = receiver.max_body_bytes(100);
    let mut headers = signed_now("{}");
    headers.insert("content-length", "1".parse().unwrap());
    assert_eq!(serve(&receiver, headers, Pin::new(&mut endless)).0, 413);
    assert_eq!(endless.read, 11);
}

#[test]
fn an_incomplete_body_responds_with_400() {
    let body = event("a");
    let mut pieces = Pieces::of(&body, 50);
    pieces.left.insert(1, Err(io::Error::other("the connection to 10.0.0.7 was reset")));
    let answer = serve(&receiver(), signed_now(&body), pieces);
    assert_eq!(
        answer,
        (400, "incomplete webhook body: connection closed or timed out before its end".to_owned())
    );
}

#[test]
fn the_future_is_send_when_handler_and_body_are() {
    fn send<T: Send>(_: &T) {}
    send(&receiver().serve(Request::new(Full::new(Bytes::new()))));
}

#[tokio::test]
async fn hyper_serves_a_receiver() {
    let (mut client, server) = duplex(64);
    let receiver = receiver().max_body_bytes(100_000);
    let handle = receiver.clone();
    let service = service_fn(move |request| receiver.clone().serve(request));
    let server = tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(server), service));

    let body = event(&"x".repeat(50_000));
    let mut request = format!("POST /linq HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in &signed_now(&body) {
        request.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    client.write_all(format!("{request}\r\n{body}").as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    client.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 204");
    client
        .write_all(format!("{}\r\n", request.replace("content-length: ", "content-length: 1000")).as_bytes())
        .await
        .unwrap();
    let mut rest = String::new();
    client.read_to_string(&mut rest).await.unwrap();
    assert!(rest.contains("HTTP/1.1 413"), "{rest}");
    assert_eq!(handle.handler().called_with().len(), 1);
    drop(client);
    drop(server.await);
}
