//! Lists over a scripted backend: options, and lists that are paged by number.

use std::{
    collections::VecDeque,
    future::{pending, ready},
    sync::{Arc, Mutex},
    time::Duration,
};

use linq_core::{AttemptTimeout, BackendFuture, Body, Client, HttpBackend, TransportError, types::Operation};

use super::script::{run, sleep};

/// Responds with one page after another, then not at all, and keeps the requests.
#[derive(Debug, Clone)]
struct Pages(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    pages: VecDeque<String>,
    requests: Vec<http::Request<Body>>,
}

impl HttpBackend for Pages {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<bytes::Bytes>, TransportError>> {
        let mut state = self.0.lock().unwrap();
        state.requests.push(request);
        match state.pages.pop_front() {
            Some(page) => Box::pin(ready(Ok(http::Response::new(page.into())))),
            None => Box::pin(pending()),
        }
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        sleep(duration)
    }
}

impl Pages {
    fn new(pages: impl IntoIterator<Item = String>) -> (Self, Client) {
        let state = State { pages: pages.into_iter().collect(), requests: Vec::new() };
        let backend = Self(Arc::new(Mutex::new(state)));
        let client = Client::new("test-key", backend.clone()).unwrap();
        (backend, client)
    }

    fn requests(&self) -> Vec<http::Request<Body>> {
        std::mem::take(&mut self.0.lock().unwrap().requests)
    }
}

fn queries(requests: &[http::Request<Body>]) -> Vec<&str> {
    requests.iter().map(|request| request.uri().query().unwrap_or_default()).collect()
}

fn payment_requests(ids: &[&str], has_more: bool) -> String {
    let data: Vec<_> = ids
        .iter()
        .map(|id| {
            format!(
                r#"{{"id":"{id}","object":"payment_request","status":"requested","amount":1,"currency":"usd",
                    "checkout_url":"https://example.com","created_at":"2026-02-05T19:52:17Z"}}"#
            )
        })
        .collect();
    format!(r#"{{"object":"list","has_more":{has_more},"data":[{}]}}"#, data.join(","))
}

#[test]
fn a_list_that_is_paged_by_number_counts_on_from_its_offset() {
    let (backend, client) = Pages::new([
        payment_requests(&["a", "b"], true),
        payment_requests(&["c"], true),
        payment_requests(&["d"], false),
    ]);
    let mut items = client.payment_requests().list().status("succeeded").offset(7).limit(2).items();
    let mut ids = Vec::new();
    run(async {
        while let Some(request) = items.next().await {
            ids.push(request.unwrap().id.to_string());
        }
    });
    assert_eq!(ids, ["a", "b", "c", "d"]);
    let requests = backend.requests();
    assert_eq!(
        queries(&requests),
        [
            "status=succeeded&offset=7&limit=2",
            "status=succeeded&offset=9&limit=2",
            "status=succeeded&offset=10&limit=2"
        ]
    );
}

#[test]
fn a_list_that_is_paged_by_number_and_gets_nowhere_is_an_error() {
    let (_, client) = Pages::new([payment_requests(&["a"], true), payment_requests(&[], true)]);
    let mut items = client.payment_requests().list().items();
    run(async {
        assert!(items.next().await.unwrap().is_ok());
        assert!(items.next().await.unwrap().is_err());
        assert!(items.next().await.is_none());
    });
}

#[test]
fn the_options_of_a_list_are_those_of_each_page() {
    let page = |next: &str| format!(r#"{{"chats":[],"next_cursor":"{next}"}}"#);
    let (backend, client) = Pages::new([page("1"), page("2"), page("")]);
    let list = client
        .chats()
        .list()
        .timeout(Duration::from_secs(11))
        .header("x-team", "blue")
        .without_header("user-agent")
        .query("more", "1");
    run(async { assert!(list.items().next().await.is_none()) });
    let requests = backend.requests();
    assert_eq!(queries(&requests), ["more=1", "cursor=1&more=1", "cursor=2&more=1"]);
    for request in requests {
        assert_eq!(request.headers()["x-team"], "blue");
        assert!(!request.headers().contains_key("user-agent"));
        assert_eq!(request.extensions().get(), Some(&AttemptTimeout(Duration::from_secs(11))));
    }
}

#[test]
fn the_attempts_of_a_list_are_those_of_each_page() {
    let client = super::script::client([None]);
    let mut items = client.chats().list().max_attempts(1).items();
    let error = run(items.next()).unwrap().unwrap_err();
    assert_eq!((error.attempts(), error.operation()), (1, Some(Operation::ChatsList)));
}

#[test]
fn a_list_without_time_left_requests_nothing() {
    let (backend, client) = Pages::new([]);
    let mut items = client.chats().list().deadline(Duration::ZERO).items();
    for _ in 0..2 {
        let error = run(items.next()).unwrap().unwrap_err();
        assert!(error.is_timeout() && error.operation() == Some(Operation::ChatsList));
    }
    assert!(run(client.chats().list().deadline(Duration::ZERO).page().into_future()).is_err());
    assert!(backend.requests().is_empty());
}
