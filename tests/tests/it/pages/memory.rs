//! Whether a long list needs more memory than one page. It is measured in a process of its own.
#![cfg(target_os = "linux")]

use std::{
    future::ready,
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    time::Duration,
};

use bytes::Bytes;
use linq_core::{BackendFuture, BlockingHttpBackend, Body, Client, HttpBackend, TransportError};
use serde_json::json;

use super::{CHAT, message};
use crate::it::peak_memory::{alone, peak};

const PAGES: usize = 120;
const TEXT: usize = 128 * 1024;
/// A fifth of what all pages take.
const MOST_GROWTH: usize = PAGES * TEXT / 5;

/// A list of [`PAGES`] pages with one long message each.
#[derive(Debug, Default)]
struct LongList(AtomicUsize);

impl LongList {
    fn page(&self) -> Result<http::Response<Bytes>, TransportError> {
        let page = self.0.fetch_add(1, SeqCst) + 1;
        let next = (page < PAGES).then(|| page.to_string());
        let body = json!({"messages": [message("m", &"x".repeat(TEXT))], "next_cursor": next});
        Ok(http::Response::new(body.to_string().into()))
    }
}

impl HttpBackend for LongList {
    fn send(&self, _: http::Request<Body>) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        Box::pin(ready(self.page()))
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

impl BlockingHttpBackend for LongList {
    fn send(&self, _: http::Request<Body>, _: Duration) -> Result<http::Response<Bytes>, TransportError> {
        self.page()
    }
}

async fn walk_both_lists() {
    let client = Client::new("k", LongList::default()).unwrap();
    let mut items = client.chats().messages(CHAT).list().items();
    items.next().await.unwrap().unwrap();
    let (at_first, mut count) = (peak(), 1);
    while let Some(item) = items.next().await {
        item.unwrap();
        count += 1;
    }
    let client = linq_core::blocking::Client::new("k", LongList::default()).unwrap();
    count += client.chats().messages(CHAT).list().items().map(Result::unwrap).count();
    assert_eq!(count, 2 * PAGES);
    let growth = peak() - at_first;
    println!("{count} pages of {TEXT} bytes: the peak grew by {growth} bytes");
    assert!(growth < MOST_GROWTH, "{growth}");
}

#[tokio::test]
async fn a_list_of_any_length_takes_the_memory_of_a_few_pages() {
    alone(module_path!(), "a_list_of_any_length_takes_the_memory_of_a_few_pages", walk_both_lists()).await;
}
