//! Reads the stream of events as the page does.

use std::time::Duration;

use linq_sandbox::Sandbox;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, pause, timeout},
};

use super::super::api::{ADA, Api};

pub(super) const LONG: Duration = Duration::from_secs(20);

pub(super) struct Stream {
    connection: TcpStream,
    received: Vec<u8>,
}

impl Stream {
    pub(super) async fn open(sandbox: &Sandbox, query: &str) -> Self {
        let mut stream = Self::request(sandbox, query).await;
        let head = stream.until("\r\n\r\n").await.unwrap();
        assert!(head.starts_with("HTTP/1.1 200 ") && head.contains("text/event-stream"), "{head}");
        stream
    }

    pub(super) async fn request(sandbox: &Sandbox, query: &str) -> Self {
        let mut connection = TcpStream::connect(sandbox.address()).await.unwrap();
        let request = format!(
            "GET /sandbox/events{query} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\r\n",
            sandbox.api_key()
        );
        connection.write_all(request.as_bytes()).await.unwrap();
        Self { connection, received: Vec::new() }
    }

    /// Returns what arrives up to and with this text; `None` if the connection ends before.
    pub(super) async fn until(&mut self, end: &str) -> Option<String> {
        loop {
            let found = self.received.windows(end.len()).position(|window| window == end.as_bytes());
            if let Some(at) = found {
                let rest = self.received.split_off(at + end.len());
                let text = std::mem::replace(&mut self.received, rest);
                return Some(String::from_utf8(text).unwrap());
            }
            let read = timeout(LONG, self.connection.read_buf(&mut self.received)).await;
            if read.expect("something arrives").ok()? == 0 {
                return None;
            }
        }
    }

    /// Returns the next view; `None` at the end of the stream.
    pub(super) async fn view(&mut self) -> Option<Value> {
        loop {
            let event = self.until("\n\n").await?;
            if let Some((_, data)) = event.split_once("event: view\ndata: ") {
                return Some(serde_json::from_str(data.trim_end()).unwrap());
            }
        }
    }

    /// Returns the next view that has this field.
    pub(super) async fn with(&mut self, field: &str) -> Value {
        loop {
            let view = self.view().await.expect("the stream goes on");
            if !view[field].is_null() {
                return view;
            }
        }
    }
}

#[tokio::test]
async fn many_changes_are_one_view() {
    let api = Api::still().await;
    let mut stream = Stream::open(&api.sandbox, "").await;
    stream.view().await.unwrap();
    for number in 0..1_000 {
        api.sandbox.person(format!("+1202556{number:04}")).says("Hi!").unwrap();
    }
    let mut views = 0;
    while stream.with("chats").await["chats"][0]["members"][1]["handle"] != "+12025560999" {
        views += 1;
    }
    assert!(views < 100, "{views} views");
}

#[tokio::test]
async fn a_shutdown_ends_open_streams() {
    let api = Api::start().await;
    let mut stream = Stream::open(&api.sandbox, "").await;
    stream.view().await.unwrap();
    timeout(LONG, api.sandbox.shutdown()).await.expect("the shutdown does not wait for the stream");
    while stream.view().await.is_some() {}
}

/// More is waiting to be written than the buffers of the connection hold.
#[tokio::test]
async fn a_shutdown_does_not_wait_for_a_reader_that_has_stalled() {
    let api = Api::start().await;
    let said = api.sandbox.person(ADA).says("Hi!").unwrap();
    for _ in 0..499 {
        api.sandbox.person(ADA).says("a".repeat(9_000)).unwrap();
    }
    let mut stalled = Stream::request(&api.sandbox, &format!("?chat={}", said.chat_id)).await;
    assert!(stalled.until("\r\n").await.unwrap().contains(" 200 "));
    timeout(LONG, api.sandbox.shutdown()).await.expect("the shutdown does not wait for the reader");
}

#[tokio::test]
async fn more_than_64_streams_are_rejected_until_one_ends() {
    let api = Api::still().await;
    let mut streams = Vec::new();
    for _ in 0..64 {
        streams.push(Stream::open(&api.sandbox, "").await);
    }
    let mut refused = Stream::request(&api.sandbox, "").await;
    assert!(refused.until("\r\n").await.unwrap().contains(" 503 "));
    drop(streams.pop());
    timeout(LONG, async {
        while !Stream::request(&api.sandbox, "").await.until("\r\n").await.unwrap().contains(" 200 ") {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("a stream can be opened again");
}

#[tokio::test]
async fn two_streams_show_the_same() {
    let api = Api::still().await;
    let said = api.sandbox.person(ADA).says("One").unwrap();
    let query = format!("?chat={}", said.chat_id);
    let [mut first, mut second] =
        [Stream::open(&api.sandbox, &query).await, Stream::open(&api.sandbox, &query).await];
    let strip = |mut view: Value| {
        view.as_object_mut().unwrap().retain(|field, _| field != "now" && field != "log");
        view
    };
    for text in ["", "Two"] {
        if !text.is_empty() {
            api.sandbox.person(ADA).says(text).unwrap();
        }
        assert_eq!(strip(first.with("messages").await), strip(second.with("messages").await));
    }
}

#[tokio::test]
async fn a_comment_keeps_an_idle_stream_alive() {
    let api = Api::still().await;
    let opened = Instant::now();
    let mut stream = Stream::open(&api.sandbox, "?log=false").await;
    stream.view().await.unwrap();
    // From here on a time is over as soon as everything waits.
    pause();
    let received = &mut stream.received;
    for comments in 1..4 {
        let arrive = async {
            while String::from_utf8_lossy(received).matches(": \n\n").count() < comments {
                assert!(stream.connection.read_buf(received).await.unwrap() > 0, "the stream goes on");
            }
        };
        timeout(10 * LONG, arrive).await.expect("a comment arrives");
        let earliest = Duration::from_secs(15 * comments as u64);
        assert!(opened.elapsed() >= earliest, "{comments} comments after {:?}", opened.elapsed());
    }
    assert!(!String::from_utf8_lossy(received).contains("event"));
}
