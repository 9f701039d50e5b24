use std::{
    future::{pending, ready},
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use http::Uri;
use linq_core::{BackendFuture, Body, HttpBackend, TransportErrorKind};
use linq_hyper::{
    HyperBackend,
    hyper::rt::{Read, ReadBufCursor, Write},
    hyper_util::client::legacy::connect::{Connected, Connection},
    tower_service::Service,
};
use tokio::time::Instant;

/// Connects as the test says.
#[derive(Clone)]
struct Connect(Arc<dyn Fn() -> Connecting + Send + Sync>);

type Connecting = BackendFuture<io::Result<Staged>>;

impl Service<Uri> for Connect {
    type Response = Staged;
    type Error = io::Error;
    type Future = Connecting;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Connecting {
        (self.0)()
    }
}

/// A connection that responds to the first request, and ends when it is closed.
struct Staged {
    response: &'static [u8],
    written: bool,
    closed: Arc<AtomicBool>,
}

impl Read for Staged {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if self.closed.load(Ordering::SeqCst) {
            return Poll::Ready(Ok(()));
        }
        if self.written && !self.response.is_empty() {
            buffer.put_slice(std::mem::take(&mut self.response));
            return Poll::Ready(Ok(()));
        }
        if !self.response.is_empty() {
            context.waker().wake_by_ref();
        }
        Poll::Pending
    }
}

impl Write for Staged {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.written = true;
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl Connection for Staged {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

fn backend(connect: impl Fn() -> Connecting + Send + Sync + 'static) -> HyperBackend<Connect> {
    HyperBackend::new(Connect(Arc::new(connect)))
}

fn post() -> http::Request<Body> {
    http::Request::post("http://host/v3/chats").body(Body::from(b"{}".to_vec())).unwrap()
}

#[tokio::test(start_paused = true)]
async fn connecting_is_given_up_after_five_seconds() {
    let start = Instant::now();
    let error = backend(|| Box::pin(pending())).send(post()).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    assert_eq!(start.elapsed(), Duration::from_secs(5));
}

#[tokio::test]
async fn what_a_connector_fails_with_counts_as_connecting() {
    let broken = || io::Error::from(io::ErrorKind::BrokenPipe);
    let error = backend(move || Box::pin(ready(Err(broken())))).send(post()).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Connect);
}

#[tokio::test]
async fn a_kept_alive_connection_that_closes_before_the_request_is_sent_counts_as_none() {
    let closed = Arc::<AtomicBool>::default();
    let ends = Arc::clone(&closed);
    let backend = backend(move || {
        let response = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        Box::pin(ready(Ok(Staged { response, written: false, closed: Arc::clone(&ends) })))
    });
    assert_eq!(backend.send(post()).await.unwrap().status(), 200);
    tokio::task::yield_now().await;
    closed.store(true, Ordering::SeqCst);
    let error = backend.send(post()).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Connect, "{error:?}");
}
