use std::{io, thread, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, header::ACCEPT_ENCODING};
use linq_core::{BlockingHttpBackend, Body, TransportError, TransportErrorKind, testing::Conformance};
use linq_ureq::UreqBackend;
use linq_ureq::ureq::{Agent, Error};

const LARGEST: usize = 100_000;
const DAY: Duration = Duration::from_secs(86_400);

type Outcome = Result<http::Response<Bytes>, TransportError>;
type Send = fn(&UreqBackend, http::Request<Body>, Duration) -> Outcome;

/// A good backend with a few faults.
#[derive(Debug)]
struct Bent {
    inner: UreqBackend,
    send: Send,
    sleeps: bool,
}

impl BlockingHttpBackend for Bent {
    fn send(&self, request: http::Request<Body>, timeout: Duration) -> Outcome {
        (self.send)(&self.inner, request, timeout)
    }

    fn sleep(&self, duration: Duration) {
        if self.sleeps {
            self.inner.sleep(duration);
        }
    }
}

fn bent(send: Send) -> Bent {
    Bent { inner: UreqBackend::new().max_response_bytes(LARGEST), send, sleeps: true }
}

/// Takes statuses for errors, follows redirects, says who it is, keeps no connections, takes too large responses, does not
/// know when it is connected, sends all before it reads, and does not sleep.
fn careless() -> Bent {
    Bent { sleeps: false, ..bent(ureq_alone) }
}

fn ureq_alone(_: &UreqBackend, request: http::Request<Body>, timeout: Duration) -> Outcome {
    let other = |error: Error| TransportError::with_source(TransportErrorKind::Other, error);
    // ureq panics if a kind of TLS is not enabled.
    if request.uri().scheme_str() == Some("https") {
        return Err(other(Error::TlsRequired));
    }
    let config = Agent::config_builder().max_idle_connections(0).timeout_global(Some(timeout.min(DAY)));
    let (head, body) = request.into_parts();
    let body = body.collect().map_err(|error| other(error.into()))?.to_vec();
    let response = Agent::new_with_config(config.build()).run(http::Request::from_parts(head, body));
    let (head, mut body) = response.map_err(other)?.into_parts();
    let body = body.read_to_vec().map_err(other)?;
    Ok(http::Response::from_parts(head, body.into()))
}

/// Sends twice and takes its time.
fn stubborn(inner: &UreqBackend, request: http::Request<Body>, _: Duration) -> Outcome {
    let timeout = Duration::from_millis(800);
    inner.send(request.clone(), timeout).or_else(|_| inner.send(request, timeout))
}

/// Collects uploads, asks for what it cannot decode and loses headers.
fn greedy(inner: &UreqBackend, request: http::Request<Body>, timeout: Duration) -> Outcome {
    let failed = |error: io::Error| TransportError::with_source(TransportErrorKind::Other, error);
    let (mut head, body) = request.into_parts();
    head.headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    let request = http::Request::from_parts(head, body.collect().map_err(failed)?.into());
    inner.send(request, timeout).map(|response| http::Response::new(response.into_body()))
}

/// Adds to addresses and tells them.
fn talkative(inner: &UreqBackend, mut request: http::Request<Body>, timeout: Duration) -> Outcome {
    let address = format!("{}&more", request.uri());
    *request.uri_mut() = address.parse().unwrap();
    inner.send(request, timeout).map_err(|error| TransportError::with_source(error.kind(), address))
}

/// Knows one kind of error.
fn simple(inner: &UreqBackend, request: http::Request<Body>, timeout: Duration) -> Outcome {
    inner.send(request, timeout).map_err(|_| TransportError::new(TransportErrorKind::Connect))
}

#[test]
fn the_check_finds_the_faults_of_bent_backends() {
    let cases: [(Bent, &[&str]); 5] = [
        (
            careless(),
            &[
                "every status is a response",
                "redirects are responses",
                "requests get only the headers that HTTP needs",
                "connections are kept alive over 1,000 calls",
                "responses are limited in size",
                "sleep lasts as long as asked",
                "a host that does not resolve is an error of connecting",
                "a failed TLS handshake is an error of connecting",
                "a timeout while connecting is an error of connecting",
                "a response to the head of an upload is the response",
            ],
        ),
        (
            bent(stubborn),
            &[
                "a reset before the request was read",
                "a reset after the request was read",
                "a connection closed without a response",
                "a hanging server causes a timeout",
                "a trickling response causes a timeout",
            ],
        ),
        (
            bent(greedy),
            &[
                "headers that delay a retry are returned",
                "compressed responses are decoded, or say what they are",
                "uploads are not held in memory",
            ],
        ),
        (
            bent(talkative),
            &["a refused connection is distinguished from others", "requests arrive as they were made"],
        ),
        (bent(simple), &["a truncated response is an error", "an upload fails when its source fails"]),
    ];
    let conformance = Conformance::new().max_response_bytes(LARGEST);
    thread::scope(|scope| {
        for (backend, faults) in cases {
            let conformance = &conformance;
            scope.spawn(move || {
                let report = conformance.check_blocking(backend);
                for fault in faults {
                    assert!(report.to_string().contains(&format!("broken:  {fault}: ")), "{fault}\n{report}");
                }
                assert!(report.broken().count() >= faults.len());
            });
        }
    });
}
