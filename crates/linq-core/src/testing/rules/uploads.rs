use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::{Buf, Bytes};
use http::{
    Method, StatusCode,
    header::{CONTENT_LENGTH, TRANSFER_ENCODING},
};

use super::{Bench, LONG, PATH, SHORT, Script, Step, respond, response};
use crate::{Body, TransportErrorKind};

/// No power of two, so that a piece that is lost or doubled shifts the rest.
const PATTERN: usize = 251;
/// More than the system buffers of a connection, twice.
const LARGE: usize = 16 * 1024 * 1024;
const SMALLER: usize = 8 * 1024 * 1024;
/// Longer than any backend needs to notice a response.
const LATE: Duration = Duration::from_secs(2);

/// A source that tells how often it was opened and how many bytes were read, all in all.
#[derive(Debug, Clone)]
struct Source {
    bytes: Bytes,
    opened: Arc<AtomicUsize>,
    read: Arc<AtomicUsize>,
}

impl Source {
    fn new(length: usize) -> Self {
        let pattern: Vec<u8> = (0..u8::MAX).take(PATTERN).collect();
        let mut bytes = pattern.repeat(length / PATTERN + 1);
        bytes.truncate(length);
        Self { bytes: bytes.into(), opened: Arc::default(), read: Arc::default() }
    }

    fn body(&self) -> Body {
        let source = self.clone();
        Body::upload(self.bytes.len() as u64, move || {
            source.opened.fetch_add(1, Ordering::SeqCst);
            let rest = source.bytes.clone();
            Ok(Box::new(Opened { rest, read: Arc::clone(&source.read) }))
        })
    }

    fn opened(&self) -> usize {
        self.opened.load(Ordering::SeqCst)
    }

    fn read(&self) -> usize {
        self.read.load(Ordering::SeqCst)
    }
}

/// An earlier attempt can still be reading its own when a later one opens another.
struct Opened {
    rest: Bytes,
    read: Arc<AtomicUsize>,
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = Read::read(&mut &*self.rest, buffer)?;
        self.rest.advance(length);
        self.read.fetch_add(length, Ordering::SeqCst);
        Ok(length)
    }
}

pub(super) async fn whole(bench: &Bench) -> Result<(), String> {
    let source = Source::new(SMALLER);
    bench.server.script(PATH, [respond(response(200, &[], b""))]);
    bench.respond(bench.request(Method::PUT, PATH, source.body())).await?;
    ensure!(source.opened() == 1, "the source was opened {} times", source.opened());
    let seen = bench.only(PATH)?;
    let length = seen.headers.get(CONTENT_LENGTH);
    ensure!(
        length.is_some_and(|length| length == &SMALLER.to_string()),
        "the length {SMALLER} arrived as {length:?}"
    );
    ensure!(!seen.headers.contains_key(TRANSFER_ENCODING), "the upload arrived in chunks");
    ensure!(seen.body == source.bytes, "the upload arrived changed, {} bytes long", seen.body.len());
    Ok(())
}

/// While the server does not read, only what the system buffers may have been read.
pub(super) async fn streamed(bench: &Bench) -> Result<(), String> {
    let source = Source::new(LARGE);
    bench.server.script(PATH, [Script::RespondLate(SHORT * 4, vec![Step::Write(response(200, &[], b""))])]);
    let outcome = bench.send(bench.request(Method::PUT, PATH, source.body()), SHORT).await;
    ensure!(outcome.is_err(), "the response came before the server had read the request");
    let read = source.read();
    ensure!(read > 0, "nothing of the upload was read");
    ensure!(read <= LARGE / 2, "{read} of {LARGE} bytes were read though the server took none of them");
    Ok(())
}

pub(super) async fn reopened(bench: &Bench) -> Result<(), String> {
    let source = Source::new(SMALLER);
    let body = source.body();
    bench.server.script(PATH, [Script::ResetUnread, respond(response(200, &[], b""))]);
    let first = bench.send(bench.request(Method::PUT, PATH, body.clone()), LONG).await;
    ensure!(first.is_err(), "a reset connection gave a response");
    let second = bench.respond(bench.request(Method::PUT, PATH, body)).await?;
    ensure!(second.status() == StatusCode::OK, "the second attempt gave {}", second.status());
    let last = bench.server.seen(PATH).pop().unwrap_or_default();
    ensure!(last.body == source.bytes, "the second attempt arrived changed");
    ensure!(source.opened() == 2, "two attempts opened the source {} times", source.opened());
    Ok(())
}

/// The error of the source is none of the connection, whatever its kind says.
pub(super) async fn failing(bench: &Bench) -> Result<(), String> {
    type Outcome = io::Result<Box<dyn Read + Send>>;
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionRefused.into())
        }
    }
    bench.server.script(PATH, [respond(response(200, &[], b""))]);
    let sources: [fn() -> Outcome; 3] = [
        || Err(io::ErrorKind::ConnectionRefused.into()),
        || Ok(Box::new(io::repeat(1).take(1000).chain(Failing))),
        || Ok(Box::new(io::repeat(1).take(1000))),
    ];
    for open in sources {
        match bench.send(bench.request(Method::PUT, PATH, Body::upload(100_000, open)), LONG).await {
            Err(error) if error.kind() == TransportErrorKind::Other => {}
            outcome => return Err(format!("the source failed, but this came: {outcome:?}")),
        }
    }
    ensure!(bench.server.seen(PATH).is_empty(), "an upload that failed arrived as if it were whole");
    Ok(())
}

/// Storage that refuses an upload does so as soon as it has the head, and then reads nothing more.
pub(super) async fn answered_at_once(bench: &Bench) -> Result<(), String> {
    answered_early(bench, 0).await
}

pub(super) async fn answered_midway(bench: &Bench) -> Result<(), String> {
    answered_early(bench, SMALLER / 4).await
}

/// However the connection ends: half and later all of it, all of it at once, or not at all.
async fn answered_early(bench: &Bench, read: usize) -> Result<(), String> {
    let refusal = b"<Error><Code>EntityTooLarge</Code></Error>";
    let answer = Step::Write(response(403, &[("x-trace-id", "abc")], refusal));
    let ends: [(&str, &[Step]); 3] = [
        ("/v3/half", &[Step::CloseHalf, Step::Pause(SHORT), Step::Close]),
        ("/v3/open", &[Step::Pause(SHORT), Step::Close]),
        ("/v3/hangs", &[Step::Pause(LATE), Step::Close]),
    ];
    for (path, end) in ends {
        let source = Source::new(LARGE);
        let steps = [std::slice::from_ref(&answer), end].concat();
        bench.server.script(path, [Script::RespondEarly(read, steps)]);
        let response = bench.respond(bench.request(Method::PUT, path, source.body())).await?;
        ensure!(response.status() == StatusCode::FORBIDDEN, "{path} gave the status {}", response.status());
        ensure!(response.body() == &refusal[..], "{path} gave the body {:?}", response.body());
        ensure!(response.headers().contains_key("x-trace-id"), "{path} lost a header of the response");
        bench.only(path)?;
        // The connection cannot be used for another request.
        bench.server.script(PATH, [respond(self::response(200, &[], b"{}"))]);
        let next = bench.respond(bench.request(Method::PUT, PATH, Body::from("{}"))).await?;
        ensure!(next.status() == StatusCode::OK, "the next request gave the status {}", next.status());
    }
    Ok(())
}

pub(super) async fn interim(bench: &Bench) -> Result<(), String> {
    let source = Source::new(SMALLER);
    let interim = Step::Write(b"HTTP/1.1 100 Continue\r\n\r\n".to_vec());
    let last = Step::Write(response(200, &[], b"stored"));
    bench.server.script(PATH, [Script::RespondEarly(0, vec![interim, Step::ReadBody, last])]);
    let response = bench.respond(bench.request(Method::PUT, PATH, source.body())).await?;
    ensure!(response.body() == "stored", "the response came back as {response:?}");
    ensure!(bench.only(PATH)?.body == source.bytes, "the upload arrived changed after an interim response");
    Ok(())
}
