//! Lists over a scripted backend: options, and lists that are paged by number.

use std::{
    collections::VecDeque,
    future::{pending, ready},
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use linq_core::{
    AttemptTimeout, BackendFuture, Body, Client, HttpBackend, ListCursor, TransportError, types::Operation,
};

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
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
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

/// The export of a list that is killed after each number of items, and resumed from the cursor that was stored last.
#[test]
fn an_export_that_is_killed_resumes_with_the_next_item_whatever_its_limit() {
    let ids: Vec<_> = (0..10).map(|id| id.to_string()).collect();
    for (limit, resumed_limit) in [(3, 3), (3, 2), (4, 10), (10, 1), (5, 5)] {
        for kill_after in 0..=ids.len() {
            let mut export = Vec::new();
            let mut stored = String::from("{}");
            for (limit, most) in [(limit, kill_after), (resumed_limit, usize::MAX)] {
                let client = Numbered::client(ids.len());
                let cursor: ListCursor = serde_json::from_str(&stored).unwrap();
                let mut items = client.chats().messages("c").list().limit(limit).cursor(cursor).items();
                assert_eq!(serde_json::to_string(&items.cursor()).unwrap(), stored);
                for _ in 0..most {
                    let Some(item) = run(items.next()) else { break };
                    export.push(item.unwrap().id.to_string());
                    stored = serde_json::to_string(&items.cursor()).unwrap();
                }
            }
            assert_eq!(export, ids, "{limit} {resumed_limit} {kill_after}");
        }
    }
}

#[cfg(feature = "blocking")]
#[test]
fn the_items_of_the_blocking_client_have_a_cursor_too() {
    let client = linq_core::blocking::Client::new("test-key", Numbered { count: 5 }).unwrap();
    let list = || client.chats().messages("c").list().limit(2);
    let mut items = list().items();
    let first: Vec<_> = items.by_ref().take(3).map(|item| item.unwrap().id.to_string()).collect();
    let rest: Vec<_> =
        list().cursor(items.cursor()).into_iter().map(|item| item.unwrap().id.to_string()).collect();
    assert_eq!((first.join(""), rest.join("")), ("012".to_owned(), "34".to_owned()));
}

#[test]
fn a_finished_export_resumes_with_what_was_added() {
    let client = Numbered::client(5);
    let mut items = client.chats().messages("c").list().limit(2).items();
    while run(items.next()).is_some() {}
    let longer = Numbered::client(7);
    let mut items = longer.chats().messages("c").list().limit(2).cursor(items.cursor()).items();
    let mut added = Vec::new();
    while let Some(item) = run(items.next()) {
        added.push(item.unwrap().id.to_string());
    }
    assert_eq!(added, ["5", "6"]);
}

/// Responds with messages numbered from 0, whose cursor is the number of the next one.
#[derive(Debug)]
struct Numbered {
    count: usize,
}

impl Numbered {
    fn client(count: usize) -> Client {
        Client::new("test-key", Self { count }).unwrap()
    }

    fn respond(&self, request: &http::Request<Body>) -> http::Response<Bytes> {
        let query = request.uri().query().unwrap_or_default();
        let number = |name: &str| -> Option<usize> {
            query.split('&').find_map(|parameter| parameter.strip_prefix(name)?.parse().ok())
        };
        let (start, limit) = (number("cursor=").unwrap_or_default(), number("limit=").unwrap());
        let end = (start + limit).min(self.count);
        let messages: Vec<_> = (start..end).map(|id| format!(r#"{{"id":"{id}","chat_id":"c"}}"#)).collect();
        let next = if end < self.count { format!(r#""{end}""#) } else { "null".to_owned() };
        let body = format!(r#"{{"messages":[{}],"next_cursor":{next}}}"#, messages.join(","));
        http::Response::new(body.into())
    }
}

impl HttpBackend for Numbered {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        Box::pin(ready(Ok(self.respond(&request))))
    }

    fn sleep(&self, _: Duration) -> BackendFuture<()> {
        Box::pin(pending())
    }
}

#[cfg(feature = "blocking")]
impl linq_core::BlockingHttpBackend for Numbered {
    fn send(
        &self,
        request: http::Request<Body>,
        _: Duration,
    ) -> Result<http::Response<Bytes>, TransportError> {
        Ok(self.respond(&request))
    }
}
