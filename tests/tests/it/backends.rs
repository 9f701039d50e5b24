//! All backends at real servers: certificates, proxies, responses that come early, slow connections, and what is logged.

use std::{
    error::Error as StdError,
    fmt::Debug,
    io::{self, BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener},
    process::Command,
    sync::Arc,
    thread,
    time::Duration,
};

use bytes::Bytes;
use linq_core::{
    BackendFuture, BlockingHttpBackend, Body, Client, ClientBuilder, Error, HttpBackend, TransportError,
    TransportErrorKind, blocking,
};
use linq_hyper::HyperBackend;
use linq_reqwest::ReqwestBackend;
use linq_ureq::{Unblock, UreqBackend};

mod certificates;
mod connecting;
mod downloads;
mod early;
mod logs;
mod proxies;

const TIMEOUT: Duration = Duration::from_secs(20);

/// A backend for the client that it is for.
#[derive(Debug, Clone)]
enum Backend {
    Async(Arc<dyn HttpBackend>),
    Blocking(Arc<dyn BlockingHttpBackend>),
}

/// Every backend as its `new` makes it.
fn all() -> [(&'static str, Backend); 4] {
    [
        ("reqwest", asynchronous(ReqwestBackend::new().unwrap())),
        ("hyper", asynchronous(HyperBackend::rustls().unwrap())),
        ("ureq", Backend::Blocking(Arc::new(UreqBackend::new()))),
        ("ureq in Unblock", asynchronous(Unblock::new(UreqBackend::new()))),
    ]
}

fn asynchronous(backend: impl HttpBackend) -> Backend {
    Backend::Async(Arc::new(backend))
}

impl Backend {
    /// Sends one request.
    async fn send(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, TransportError> {
        match self.clone() {
            Self::Async(backend) => tokio::time::timeout(TIMEOUT, backend.send(request)).await.unwrap(),
            Self::Blocking(backend) => {
                let sending = tokio::task::spawn_blocking(move || backend.send(request, TIMEOUT));
                sending.await.unwrap()
            }
        }
    }

    /// Makes a call with a client on this backend.
    async fn call<T: Debug + Send + 'static>(
        &self,
        builder: ClientBuilder,
        asynchronous: impl FnOnce(Client) -> BackendFuture<Result<T, Error>>,
        blocking: impl FnOnce(&blocking::Client) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        match self.clone() {
            Self::Async(backend) => asynchronous(builder.build(backend).unwrap()).await,
            Self::Blocking(backend) => {
                let client = builder.build_blocking(backend).unwrap();
                tokio::task::spawn_blocking(move || blocking(&client)).await.unwrap()
            }
        }
    }
}

/// Serves each connection on a thread of its own, as long as the test runs.
fn serve(
    serve: impl Fn(BufReader<std::net::TcpStream>) -> io::Result<()> + Send + Sync + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let serve = Arc::clone(&serve);
            // A client may go away at any time.
            thread::spawn(move || drop(serve(BufReader::new(stream))));
        }
    });
    address
}

/// Reads the head of a request. An empty one is the end of the connection.
fn read_head(reader: &mut impl BufRead) -> io::Result<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head)? > 0 {}
    Ok(head)
}

fn read_body(reader: &mut impl BufRead, head: &str) -> io::Result<Vec<u8>> {
    let length =
        head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    Ok(body)
}

fn write_response(stream: &mut impl Write, status: u16, body: &str) -> io::Result<()> {
    let length = body.len();
    write!(stream, "HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\n\r\n{body}")
}

#[expect(clippy::disallowed_methods, reason = "a server that is slow on purpose")]
fn pause(duration: Duration) {
    thread::sleep(duration);
}

/// What an error shows, with its causes.
fn text_of(error: &TransportError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// Runs this test again in a process of its own, with these variables and without those about proxies. Returns what it printed.
fn in_own_process(test: &str, vars: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    for name in ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command.args(["--exact", test, "--nocapture"]).env(ROLE, "child");
    let output = command.envs(vars.iter().copied()).output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && stdout.contains("1 passed"), "{vars:?}: {stdout}{stderr}");
    stdout.into_owned()
}

/// Tells a test that it runs in a process of its own.
const ROLE: &str = "LINQ_TEST_ROLE";

fn is_in_own_process() -> bool {
    std::env::var_os(ROLE).is_some()
}

fn assert_not_connected(what: &str, outcome: Result<http::Response<Bytes>, TransportError>) -> String {
    let error = outcome.expect_err(what);
    assert_eq!(error.kind(), TransportErrorKind::Connect, "{what}: {error:?}");
    text_of(&error)
}
