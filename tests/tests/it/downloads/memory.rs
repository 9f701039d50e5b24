//! Whether a large download needs more memory than one chunk. It is measured in a process of its own.
#![cfg(target_os = "linux")]

use std::{
    future::ready,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use bytes::Bytes;
use http::header::{CONTENT_RANGE, ETAG, RANGE};
use linq_core::{
    BackendFuture, BlockingHttpBackend, Body, Client, HttpBackend, TransportError, blocking,
    resources::attachments::MediaSource,
};

use crate::it::peak_memory::{alone, peak};

const SIZE: usize = 100 * 1024 * 1024;
const CHUNK: usize = 4 * 1024 * 1024;
/// A third of the file.
const MOST_GROWTH: usize = SIZE / 3;

/// A storage with one file, which tells the largest response.
#[derive(Debug, Clone, Default)]
struct Storage(Arc<AtomicUsize>);

impl Storage {
    fn respond(&self, request: &http::Request<Body>) -> Result<http::Response<Bytes>, TransportError> {
        let range = request.headers()[RANGE].to_str().unwrap().strip_prefix("bytes=").unwrap();
        let (start, end) = range.split_once('-').unwrap();
        let (start, end): (usize, usize) = (start.parse().unwrap(), end.parse().unwrap());
        let end = end.min(SIZE - 1);
        let body = vec![7; end + 1 - start];
        self.0.fetch_max(body.len(), SeqCst);
        let response = http::Response::builder()
            .status(206)
            .header(CONTENT_RANGE, format!("bytes {start}-{end}/{SIZE}"))
            .header(ETAG, "\"v1\"");
        Ok(response.body(body.into()).unwrap())
    }
}

impl HttpBackend for Storage {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        Box::pin(ready(self.respond(&request)))
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

impl BlockingHttpBackend for Storage {
    fn send(
        &self,
        request: http::Request<Body>,
        _: Duration,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.respond(&request)
    }
}

async fn download_on_both_clients() {
    let storage = Storage::default();
    let file = || MediaSource::from_url("https://cdn.example.com/a1");
    let before = peak();
    let client = Client::new("k", storage.clone()).unwrap();
    let size = client.attachments().download(file()).write_to(io::sink()).await.unwrap();
    assert_eq!(size, SIZE as u64);
    let client = blocking::Client::new("k", storage.clone()).unwrap();
    let size = client.attachments().download(file()).write_to(io::sink()).call().unwrap();
    assert_eq!(size, SIZE as u64);
    assert_eq!(storage.0.load(SeqCst), CHUNK);
    let growth = peak() - before;
    println!("two downloads of {SIZE} bytes: the peak grew by {growth} bytes");
    assert!(growth < MOST_GROWTH, "{growth}");
}

#[tokio::test]
async fn a_download_of_100_mib_takes_the_memory_of_a_few_chunks() {
    alone(
        module_path!(),
        "a_download_of_100_mib_takes_the_memory_of_a_few_chunks",
        download_on_both_clients(),
    )
    .await;
}
