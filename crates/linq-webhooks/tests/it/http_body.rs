use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    task::{Context, Poll},
};

use ::http_body::{Body, Frame, SizeHint};
use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::Full;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use linq_webhooks::{Receiver, block_on};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

use super::{
    delivery::{event, signed_now, verifier},
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
    let answer = serve(&receiver, HeaderMap::new(), Announced(101));
    assert_eq!(answer, (413, TOO_LARGE.to_owned()));
    for length in ["101", "18446744073709551615"] {
        let mut headers = HeaderMap::new();
        headers.insert("content-length", length.parse().unwrap());
        assert_eq!(serve(&receiver, headers, Announced(0)).0, 413, "{length}");
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
    let mut headers = HeaderMap::new();
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
        .write_all(b"POST /linq HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100001\r\n\r\n")
        .await
        .unwrap();
    let mut rest = String::new();
    client.read_to_string(&mut rest).await.unwrap();
    assert!(rest.contains("HTTP/1.1 413"), "{rest}");
    assert_eq!(handle.handler().called_with().len(), 1);
    drop(client);
    drop(server.await);
}
