use std::{thread, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, header::ACCEPT_ENCODING};
use linq_core::{BlockingHttpBackend, Body, TransportError, TransportErrorKind, testing::Conformance};
use linq_ureq::UreqBackend;
use ureq::Agent;

const LARGEST: usize = 100_000;

type Outcome = Result<http::Response<Bytes>, TransportError>;
type Send = fn(&UreqBackend, http::Request<Body>, Duration) -> Outcome;

/// A good backend with one fault.
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

fn good() -> UreqBackend {
    UreqBackend::new().largest_response(LARGEST)
}

fn bent(send: Send) -> Bent {
    Bent { inner: good(), send, sleeps: true }
}

fn inner(config: ureq::config::Config) -> Bent {
    let inner = UreqBackend::from(Agent::new_with_config(config)).largest_response(LARGEST);
    Bent { inner, ..bent(UreqBackend::send) }
}

#[test]
fn the_check_finds_the_fault_of_each_bent_backend() {
    let statuses_are_errors = inner(Agent::config_builder().max_redirects(0).build());
    let follows_redirects = inner(Agent::config_builder().http_status_as_error(false).build());
    let keeps_no_connection = inner(
        Agent::config_builder().http_status_as_error(false).max_redirects(0).max_idle_connections(0).build(),
    );
    let takes_more = Bent { inner: UreqBackend::new(), ..bent(UreqBackend::send) };
    let takes_less =
        Bent { inner: UreqBackend::new().largest_response(LARGEST - 1), ..bent(UreqBackend::send) };
    let does_not_sleep = Bent { sleeps: false, ..bent(UreqBackend::send) };

    let cases: [(&str, Bent, &str); 15] = [
        ("statuses are errors", statuses_are_errors, "every status is a response"),
        ("follows redirects", follows_redirects, "redirects are responses"),
        ("keeps no connection", keeps_no_connection, "connections are kept alive over 1,000 calls"),
        ("takes more", takes_more, "responses are limited in size"),
        ("takes less", takes_less, "responses are limited in size"),
        ("does not sleep", does_not_sleep, "sleep lasts as long as asked"),
        (
            "tries again",
            bent(|inner, request, timeout| {
                inner.send(request.clone(), timeout).or_else(|_| inner.send(request, timeout))
            }),
            "a reset after the request was read",
        ),
        (
            "has patience",
            bent(|inner, request, _| inner.send(request, Duration::from_secs(20))),
            "a hanging server is left in time",
        ),
        (
            "has patience",
            bent(|inner, request, _| inner.send(request, Duration::from_secs(20))),
            "a trickling response is left in time",
        ),
        (
            "collects uploads",
            bent(|inner, request, timeout| {
                let (head, body) = request.into_parts();
                let body = body
                    .collect()
                    .map_err(|error| TransportError::with_source(TransportErrorKind::Other, error))?;
                inner.send(http::Request::from_parts(head, body.into()), timeout)
            }),
            "uploads are not held in memory",
        ),
        (
            "tells addresses",
            bent(|inner, request, timeout| {
                let address = request.uri().to_string();
                inner
                    .send(request, timeout)
                    .map_err(|error| TransportError::with_source(error.kind(), address))
            }),
            "a refused connection is told from others",
        ),
        (
            "knows one kind of error",
            bent(|inner, request, timeout| {
                inner.send(request, timeout).map_err(|_| TransportError::new(TransportErrorKind::Connect))
            }),
            "a truncated response is an error",
        ),
        (
            "asks for what it cannot decode",
            bent(|inner, mut request, timeout| {
                request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
                inner.send(request, timeout)
            }),
            "compressed responses are decoded, or say what they are",
        ),
        (
            "adds to the address",
            bent(|inner, mut request, timeout| {
                *request.uri_mut() = format!("{}&more", request.uri()).parse().unwrap();
                inner.send(request, timeout)
            }),
            "requests arrive as they were made",
        ),
        (
            "loses headers",
            bent(|inner, request, timeout| {
                inner.send(request, timeout).map(|response| http::Response::new(response.into_body()))
            }),
            "hints when to try again come back",
        ),
    ];
    let conformance = Conformance::new().largest_response(LARGEST);
    thread::scope(|scope| {
        for (fault, backend, rule) in cases {
            let conformance = &conformance;
            scope.spawn(move || {
                let report = conformance.check_blocking(backend);
                assert!(
                    report.broken().any(|(broken, _)| broken == rule),
                    "a backend that {fault}:\n{report}"
                );
                assert!(report.to_string().contains(&format!("broken:  {rule}: ")), "{report}");
            });
        }
    });
}
