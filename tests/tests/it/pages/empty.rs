//! Lists of empty pages that always name a next one.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use linq_core::{
    BackendFuture, BlockingHttpBackend, Body, Client, Error, ErrorKind, HttpBackend, TransportError, blocking,
};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Answer, CHAT, ids, page, walk};

/// Empty pages, each of which takes some time.
#[derive(Debug, Clone)]
struct EmptyPages {
    requests: Arc<AtomicU32>,
    delay: Duration,
    start: Instant,
}

impl EmptyPages {
    fn taking(delay: Duration) -> Self {
        Self { requests: Arc::default(), delay, start: Instant::now() }
    }

    fn page(&self) -> http::Response<Bytes> {
        let cursor = self.requests.fetch_add(1, SeqCst);
        http::Response::new(
            json!({"messages": [], "next_cursor": format!("page {cursor}")}).to_string().into(),
        )
    }
}

impl HttpBackend for EmptyPages {
    fn send(&self, _: http::Request<Body>) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        let (page, delay) = (self.page(), tokio::time::sleep(self.delay));
        Box::pin(async move {
            delay.await;
            Ok(page)
        })
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn now(&self) -> Option<SystemTime> {
        Some(UNIX_EPOCH + self.start.elapsed())
    }
}

impl BlockingHttpBackend for EmptyPages {
    fn send(&self, _: http::Request<Body>, _: Duration) -> Result<http::Response<Bytes>, TransportError> {
        thread::park_timeout(self.delay);
        Ok(self.page())
    }
}

fn next_page(at: usize) -> Value {
    json!(format!("page {at}"))
}

fn empty_pages(from: usize) -> impl Iterator<Item = Answer> {
    (from..).map(|at| page(&[], &next_page(at)))
}

#[tokio::test(start_paused = true)]
async fn a_hundred_empty_pages_in_a_row_are_an_error_and_the_end_of_the_list() {
    let (mut outcomes, queries) = walk(&empty_pages(0).take(200).collect::<Vec<_>>()).await;
    assert_eq!((outcomes.pop(), outcomes.len(), queries.len()), (Some(Err(ErrorKind::Decode)), 0, 100));

    let first = page(&["1"], &next_page(0));
    let (mut outcomes, queries) =
        walk(&[first].into_iter().chain(empty_pages(1).take(200)).collect::<Vec<_>>()).await;
    assert_eq!(outcomes.pop(), Some(Err(ErrorKind::Decode)));
    assert_eq!((outcomes, queries.len()), (ids(["1"]), 101));
}

#[tokio::test(start_paused = true)]
async fn fewer_empty_pages_and_an_empty_last_page_are_no_error() {
    let answers: Vec<_> = empty_pages(0)
        .take(99)
        .chain([page(&["1"], &next_page(100))])
        .chain(empty_pages(101).take(99))
        .chain([page(&["2"], &next_page(200))])
        .chain(empty_pages(201).take(99))
        .chain([page(&[], &Value::Null)])
        .collect();
    let (outcomes, queries) = walk(&answers).await;
    assert_eq!((outcomes, queries.len()), (ids(["1", "2"]), answers.len()));
}

/// The error of the first item, and how many pages were requested.
async fn first_item(backend: EmptyPages, deadline: Duration) -> (Error, u32) {
    let client = Client::builder().api_key("k").deadline(deadline).build(backend.clone()).unwrap();
    let error = client.chats().messages(CHAT).list().items().next().await.unwrap().unwrap_err();
    (error, backend.requests.load(SeqCst))
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_a_list_counts_over_all_pages_until_the_next_item() {
    let started = Instant::now();
    let (error, requests) =
        first_item(EmptyPages::taking(Duration::from_secs(2)), Duration::from_secs(7)).await;
    assert_eq!((error.kind(), requests), (ErrorKind::Timeout, 4));
    assert_eq!(started.elapsed().as_secs(), 7);
    assert!(error.operation().is_some() && !error.maybe_sent());
}

#[test]
fn the_deadline_of_a_list_counts_over_all_pages_on_the_blocking_client_too() {
    let backend = EmptyPages::taking(Duration::from_millis(20));
    let client = blocking::Client::new("k", backend.clone()).unwrap();
    let deadline = Duration::from_millis(200);
    let mut items = client.chats().messages(CHAT).list().deadline(deadline).items();
    assert_eq!(items.next().unwrap().unwrap_err().kind(), ErrorKind::Timeout);
    let requests = backend.requests.load(SeqCst);
    assert!((1..=10).contains(&requests), "{requests}");
}
