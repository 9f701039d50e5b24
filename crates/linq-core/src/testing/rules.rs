//! The rules, each an async function with a server of its own.

use std::{pin::Pin, time::Duration};

use bytes::Bytes;
use http::Method;

use super::{
    conformance::Bench,
    server::{Script, Seen, Step},
};
use crate::{Body, TransportErrorKind};

/// Fails the rule with a text unless the condition holds.
macro_rules! ensure {
    ($holds:expr, $($problem:tt)+) => {
        if !$holds {
            return Err(format!($($problem)+));
        }
    };
}

mod connections;
mod failures;
mod requests;
mod responses;
mod uploads;

/// The timeout of what must succeed, generous for machines under load.
const LONG: Duration = Duration::from_secs(10);
/// The timeout of what must time out.
const SHORT: Duration = Duration::from_millis(250);
/// The path of a rule that needs only one.
const PATH: &str = "/v3/rule";

type Check = for<'b> fn(&'b Bench) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'b>>;

pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) needs_cancelling: bool,
    pub(super) needs_streaming: bool,
    pub(super) needs_progress: bool,
    pub(super) check: Check,
}

const fn rule(name: &'static str, check: Check) -> Rule {
    Rule { name, needs_cancelling: false, needs_streaming: false, needs_progress: false, check }
}

pub(super) const RULES: &[Rule] = &[
    rule("every status is a response", |bench| Box::pin(responses::statuses(bench))),
    rule("responses are returned as they were sent", |bench| Box::pin(responses::bodies(bench))),
    rule("headers that delay a retry are returned", |bench| Box::pin(responses::retry_hints(bench))),
    rule("redirects are responses", |bench| Box::pin(responses::redirects(bench))),
    rule("responses to requests for a range are returned", |bench| Box::pin(responses::ranges(bench))),
    rule("compressed responses are decoded, or say what they are", |bench| {
        Box::pin(responses::compressed(bench))
    }),
    rule("responses are limited in size", |bench| Box::pin(responses::limit(bench))),
    rule("requests arrive as they were made", |bench| Box::pin(requests::as_made(bench))),
    rule("requests get only the headers that HTTP needs", |bench| Box::pin(requests::only_needed(bench))),
    rule("the length of an empty body arrives once", |bench| Box::pin(requests::without_body(bench))),
    rule("connections are kept alive over 1,000 calls", |bench| Box::pin(connections::kept_alive(bench))),
    rule("connections that the server closed are not used", |bench| Box::pin(connections::closed(bench))),
    rule("a refused connection is distinguished from others", |bench| Box::pin(connections::refused(bench))),
    rule("a host that does not resolve is an error of connecting", |bench| {
        Box::pin(connections::unresolvable(bench))
    }),
    rule("a failed TLS handshake is an error of connecting", |bench| {
        Box::pin(connections::without_tls(bench))
    }),
    Rule {
        needs_progress: true,
        ..rule("a timeout while connecting is an error of connecting", |bench| {
            Box::pin(connections::not_accepted(bench))
        })
    },
    rule("a reset before the request was read", |bench| Box::pin(connections::reset_unread(bench))),
    rule("a reset after the request was read", |bench| Box::pin(connections::reset_read(bench))),
    rule("a connection closed without a response", |bench| Box::pin(connections::unanswered(bench))),
    rule("a truncated response is an error", |bench| Box::pin(failures::truncated(bench))),
    rule("a hanging server causes a timeout", |bench| Box::pin(failures::hanging(bench))),
    rule("a trickling response causes a timeout", |bench| Box::pin(failures::trickling(bench))),
    rule("no timeout is too long", |bench| Box::pin(failures::patient(bench))),
    rule("a slow response is waited for", |bench| Box::pin(failures::slow(bench))),
    rule("sleep lasts as long as asked", |bench| Box::pin(failures::sleep(bench))),
    Rule {
        needs_cancelling: true,
        ..rule("dropping a request cancels it", |bench| Box::pin(failures::cancelled(bench)))
    },
    rule("uploads arrive complete and with their length", |bench| Box::pin(uploads::whole(bench))),
    Rule {
        needs_streaming: true,
        ..rule("uploads are not held in memory", |bench| Box::pin(uploads::streamed(bench)))
    },
    rule("a response to the head of an upload is the response", |bench| {
        Box::pin(uploads::answered_at_once(bench))
    }),
    Rule {
        needs_streaming: true,
        ..rule("a response in the middle of an upload is the response", |bench| {
            Box::pin(uploads::answered_midway(bench))
        })
    },
    rule("an interim response does not end an upload", |bench| Box::pin(uploads::interim(bench))),
    rule("uploads are opened again for another attempt", |bench| Box::pin(uploads::reopened(bench))),
    rule("an upload fails when its source fails", |bench| Box::pin(uploads::failing(bench))),
];

impl Bench {
    /// Sends a request that must get a response.
    async fn respond(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, String> {
        let what = format!("{} {}", request.method(), request.uri().path());
        self.send(request, LONG).await.map_err(|error| format!("{what} gave no response: {error:?}"))
    }

    /// Sends a POST that must fail with this error.
    async fn fail(&self, path: &str, timeout: Duration, expected: TransportErrorKind) -> Result<(), String> {
        match self.send(self.request(Method::POST, path, json("{}")), timeout).await {
            Err(error) if error.kind() == expected => Ok(()),
            Err(error) => Err(format!("{path} gave {error:?} instead of the kind {expected:?}")),
            Ok(response) => {
                Err(format!("{path} gave the status {} instead of the error {expected:?}", response.status()))
            }
        }
    }

    /// Returns the only request that arrived at this path.
    fn only(&self, path: &str) -> Result<Seen, String> {
        let mut seen = self.server.seen(path);
        ensure!(seen.len() == 1, "{} requests came to {path} instead of one", seen.len());
        seen.pop().ok_or_else(String::new)
    }
}

fn json(text: &str) -> Body {
    Body::from(text.as_bytes().to_vec())
}

/// A script that responds with this and keeps the connection open.
fn respond(bytes: Vec<u8>) -> Script {
    Script::Respond(vec![Step::Write(bytes)])
}

/// A response whose length is announced.
fn response(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let length = body.len().to_string();
    let mut bytes = head(status, &[headers, &[("content-length", &length)]].concat());
    bytes.extend_from_slice(body);
    bytes
}

fn head(status: u16, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} Status\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// One chunk of a chunked body; an empty one ends it.
fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}
