//! Thousands of sends against a server that misbehaves: each that is reported as a success was executed exactly once,
//! none was executed twice, and each that is reported as a failure says truthfully whether it may have been executed.
//!
//! `LINQ_CHAOS_SENDS` sets the number of sends on each backend.

use std::{
    env,
    fmt::Debug,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use bytes::Bytes;
use linq_core::{
    AttemptTimeout, BackendFuture, BlockingHttpBackend, Body, Client, ClientBuilder, Error, HttpBackend,
    TransportError, blocking, types::messages::MessageSendResponse,
};
use linq_hyper::HyperBackend;
use linq_reqwest::ReqwestBackend;
use linq_ureq::{Unblock, UreqBackend};
use tokio::{runtime::Runtime, task::JoinSet};

use self::server::{Keys, Ledger, Server, TIMEOUT};

mod server;

const SENDS: u32 = 2000;
const IN_FLIGHT: u32 = 32;
/// How much faster than real the time of the client runs.
const HASTE: u32 = 1000;

/// A backend in hurried time.
#[derive(Debug)]
struct Hurried<B>(B);

impl<B: HttpBackend> HttpBackend for Hurried<B> {
    fn send(
        &self,
        mut request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        if let Some(AttemptTimeout(timeout)) = request.extensions_mut().get_mut() {
            *timeout /= HASTE;
        }
        self.0.send(request)
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        self.0.sleep(duration / HASTE)
    }
}

impl<B: BlockingHttpBackend> BlockingHttpBackend for Hurried<B> {
    fn send(
        &self,
        request: http::Request<Body>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.0.send(request, timeout / HASTE)
    }

    fn sleep(&self, duration: Duration) {
        self.0.sleep(duration / HASTE);
    }
}

/// What the caller learned of one send.
enum Outcome {
    Sent,
    Failed { maybe_sent: bool },
}

impl Outcome {
    fn of(send: u32, result: Result<MessageSendResponse, Error>) -> Self {
        match result {
            Ok(sent) => {
                assert_eq!(sent.message.id.as_str(), format!("m{send}"), "the answer to another send");
                Self::Sent
            }
            Err(error) => Self::Failed { maybe_sent: error.maybe_sent() },
        }
    }
}

/// Makes all sends on the asynchronous client, several at once.
fn storm(client: &Client, sends: u32) -> Vec<Outcome> {
    let next = Arc::new(AtomicU32::new(0));
    let mut workers = JoinSet::new();
    let runtime = Runtime::new().unwrap();
    for _ in 0..IN_FLIGHT {
        let (client, next) = (client.clone(), Arc::clone(&next));
        workers.spawn_on(
            async move {
                let mut outcomes = Vec::new();
                while let Some(send) = Some(next.fetch_add(1, SeqCst)).filter(|send| *send < sends) {
                    let result = client.chats().messages("c1").send(send.to_string()).await;
                    outcomes.push((send, Outcome::of(send, result)));
                }
                outcomes
            },
            runtime.handle(),
        );
    }
    in_order(runtime.block_on(workers.join_all()))
}

/// Makes all sends on the blocking client, several at once.
fn blocking_storm(client: &blocking::Client, sends: u32) -> Vec<Outcome> {
    let next = AtomicU32::new(0);
    let work = || {
        let mut outcomes = Vec::new();
        while let Some(send) = Some(next.fetch_add(1, SeqCst)).filter(|send| *send < sends) {
            let result = client.chats().messages("c1").send(send.to_string()).call();
            outcomes.push((send, Outcome::of(send, result)));
        }
        outcomes
    };
    in_order(thread::scope(|scope| {
        let workers: Vec<_> = (0..IN_FLIGHT).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    }))
}

fn in_order(outcomes: Vec<Vec<(u32, Outcome)>>) -> Vec<Outcome> {
    let mut outcomes: Vec<_> = outcomes.into_iter().flatten().collect();
    outcomes.sort_by_key(|(send, _)| *send);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

/// What came of a storm, in numbers of sends.
#[derive(Debug, Default)]
struct Counts {
    sent: u32,
    failed_maybe_sent: u32,
    failed_not_sent: u32,
    /// Executed, but reported as a failure.
    lost_acknowledgements: u32,
    doubled: u32,
    requests: u32,
    /// Reported as a success, but not executed.
    invented: u32,
    /// Executed, but reported as a failure that was not.
    denied: u32,
}

impl Counts {
    fn new(outcomes: &[Outcome], ledger: &Ledger) -> Self {
        let mut counts = Self { requests: ledger.requests, ..Self::default() };
        for (send, outcome) in (0..).zip(outcomes) {
            let executions = ledger.executions(send);
            counts.doubled += u32::from(executions > 1);
            match outcome {
                Outcome::Sent => {
                    counts.sent += 1;
                    counts.invented += u32::from(executions == 0);
                }
                Outcome::Failed { maybe_sent } => {
                    counts.failed_maybe_sent += u32::from(*maybe_sent);
                    counts.failed_not_sent += u32::from(!maybe_sent);
                    counts.lost_acknowledgements += u32::from(executions > 0);
                    counts.denied += u32::from(executions > 0 && !maybe_sent);
                }
            }
        }
        counts
    }

    fn assert_nothing_is_misreported(&self) {
        assert_eq!((self.invented, self.denied), (0, 0), "{self:?}");
        assert!(self.sent > 0 && self.failed_maybe_sent > 0 && self.failed_not_sent > 0, "{self:?}");
        assert!(self.requests > self.sent, "{self:?}");
    }
}

fn sends() -> u32 {
    env::var("LINQ_CHAOS_SENDS").map_or(SENDS, |sends| sends.parse().unwrap())
}

/// Sends in three ways, by what `storm` does with a client of this setup, and holds what came of it against what the
/// server did.
fn hold(backend: &str, storm: impl Fn(ClientBuilder, u32) -> Vec<Outcome>) {
    let run = |keys: Keys, sends: u32, set_up: fn(ClientBuilder) -> ClientBuilder| {
        let server = Server::start(keys);
        let builder = Client::builder().api_key("k").base_url(format!("http://{}", server.address));
        let outcomes = storm(set_up(builder.timeout(TIMEOUT * HASTE)), sends);
        assert_eq!(outcomes.len(), sends as usize);
        Counts::new(&outcomes, &server.finish())
    };

    let with_keys = run(Keys::Honoured, sends(), |builder| builder);
    println!("{backend}, with keys: {with_keys:?}");
    with_keys.assert_nothing_is_misreported();
    assert_eq!(with_keys.doubled, 0);

    let without_keys = run(Keys::Honoured, sends(), ClientBuilder::without_idempotency_keys);
    println!("{backend}, without keys: {without_keys:?}");
    without_keys.assert_nothing_is_misreported();
    assert_eq!(without_keys.doubled, 0);
    assert!(without_keys.lost_acknowledgements > 0);

    let ignored = run(Keys::Ignored, sends() / 8, |builder| builder);
    println!("{backend}, with keys that the server ignores: {ignored:?}");
    assert!(ignored.doubled > 0, "this server must give the test something to find");
}

#[test]
fn sends_are_exactly_once_on_reqwest() {
    hold("reqwest", |builder, sends| {
        storm(&builder.build(Hurried(ReqwestBackend::new().unwrap())).unwrap(), sends)
    });
}

#[test]
fn sends_are_exactly_once_on_hyper() {
    hold("hyper", |builder, sends| storm(&builder.build(Hurried(HyperBackend::http())).unwrap(), sends));
}

#[test]
fn sends_are_exactly_once_on_unblocked_ureq() {
    hold("unblocked ureq", |builder, sends| {
        let backend = Unblock::new(UreqBackend::new()).timeout(TIMEOUT * 2);
        storm(&builder.build(Hurried(backend)).unwrap(), sends)
    });
}

#[test]
fn sends_are_exactly_once_on_blocking_ureq() {
    hold("blocking ureq", |builder, sends| {
        blocking_storm(&builder.build_blocking(Hurried(UreqBackend::new())).unwrap(), sends)
    });
}
