//! Clients that are slow, many, or not meant for the sandbox.

use std::time::Duration;

use linq_sandbox::Sandbox;
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, timeout},
};

use super::api::Api;

const SHORT: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_secs(10);

async fn connect(sandbox: &Sandbox) -> TcpStream {
    TcpStream::connect(sandbox.address()).await.unwrap()
}

/// Sends this, and returns the answer once the sandbox closes the connection.
async fn answer(sandbox: &Sandbox, request: &str) -> String {
    let mut stream = connect(sandbox).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    rest(&mut stream).await
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut rest = Vec::new();
    let _ = timeout(LONG, stream.read_to_end(&mut rest)).await.expect("the connection is closed");
    String::from_utf8_lossy(&rest).into_owned()
}

/// Lets this process open as many files as the system permits, and returns how many these are.
fn raise_file_limit() -> u64 {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    let _ = setrlimit(Resource::Nofile, limit);
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

#[tokio::test]
async fn five_thousand_idle_connections_delay_no_request_and_the_oldest_are_closed() {
    // Each connection takes two descriptors in this process.
    let count = (raise_file_limit().saturating_sub(500) / 2).min(5_000);
    assert!(count >= 100, "the limit of file descriptors is too low for a test");
    let api = Api::start().await;
    let mut idle = Vec::new();
    for number in 0..count {
        let mut stream = connect(&api.sandbox).await;
        if number % 2 == 1 {
            stream.write_all(b"GET /api/partner/v3/phone_numbers HTTP/1.1\r\nhost: local").await.unwrap();
        }
        idle.push(stream);
    }
    let started = Instant::now();
    for _ in 0..10 {
        assert_eq!(timeout(LONG, api.get("/v3/phone_numbers")).await.unwrap().status, 200);
    }
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    if count == 5_000 {
        for stream in &mut idle[..900] {
            assert_eq!(rest(stream).await, "", "an old connection is closed without an answer");
        }
        let newest = timeout(SHORT, idle.last_mut().unwrap().read_u8()).await;
        assert!(newest.is_err(), "a new connection stays open: {newest:?}");
    }
}

#[tokio::test]
async fn a_connection_without_a_whole_head_is_closed_after_the_request_timeout() {
    let api = Api::with(Sandbox::builder().request_timeout(SHORT)).await;
    for sent in [
        "",
        "G",
        "GET /api/partner/v3/phone_numbers HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nhost: localhost\r\nx: ",
    ] {
        let started = Instant::now();
        let got = answer(&api.sandbox, sent).await;
        assert!(!got.starts_with("HTTP/1.1 200"), "{sent:?}: {got}");
        assert!((SHORT..LONG).contains(&started.elapsed()), "{sent:?}: {:?}", started.elapsed());
    }
    let whole = "GET /nowhere HTTP/1.1\r\nhost: localhost\r\n\r\n";
    assert!(answer(&api.sandbox, whole).await.starts_with("HTTP/1.1 401 "), "and also when it is kept alive");
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_answered_after_the_request_timeout() {
    let api = Api::with(Sandbox::builder().request_timeout(SHORT)).await;
    for path in ["/api/partner/v3/chats", "/sandbox/advance"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\ncontent-length: 100\r\n\r\n{{",
            api.sandbox.api_key()
        );
        let started = Instant::now();
        let got = answer(&api.sandbox, &head).await;
        assert!(got.starts_with("HTTP/1.1 400 ") && got.contains("did not arrive in time"), "{got}");
        assert!((SHORT..LONG).contains(&started.elapsed()), "{:?}", started.elapsed());
    }
}

#[tokio::test]
async fn a_request_for_another_host_is_421_on_every_path_and_is_not_executed() {
    let api = Api::still().await;
    let key = api.sandbox.api_key();
    for (method, path) in [
        ("GET", "/api/partner/v3/phone_numbers"),
        ("GET", "/sandbox/time"),
        ("POST", "/sandbox/reset"),
        ("GET", "/media/none/a.png"),
        ("PUT", "/uploads/none/a.png"),
        ("GET", "/contact_cards/none.vcf"),
        ("GET", "/relay"),
        ("POST", "/relay/none"),
        ("GET", "/"),
    ] {
        for (host, refused) in [
            ("evil.example", true),
            ("evil.example:4010", true),
            ("localhost.evil.example", true),
            ("10.9.8.7", true),
            ("localhost", false),
            ("LocalHost:1", false),
            ("127.0.0.1:99", false),
            ("[::1]:4010", false),
        ] {
            let request = format!(
                "{method} {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {key}\r\nconnection: close\r\n\r\n"
            );
            let got = answer(&api.sandbox, &request).await;
            assert_eq!(got.starts_with("HTTP/1.1 421 "), refused, "{method} {path} {host}: {got}");
            if refused {
                assert!(got.contains("\"success\":false") && got.contains(host), "{got}");
                assert!(got.contains("--allow-host") && !got.contains(key), "{got}");
            }
        }
    }
    let absolute = format!(
        "GET http://evil.example/sandbox/time HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\nconnection: close\r\n\r\n"
    );
    assert!(answer(&api.sandbox, &absolute).await.starts_with("HTTP/1.1 421 "));
}

#[tokio::test]
async fn an_allowed_host_is_accepted_and_is_in_the_urls_of_a_sandbox_on_every_address() {
    let builder = || Sandbox::builder().allow_host("sandbox").allow_host("other");
    let get = |host: &str, key: &str| {
        format!(
            "GET /api/partner/v3/phone_numbers HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {key}\r\nconnection: close\r\n\r\n"
        )
    };
    let local = builder().start().await.unwrap();
    for host in ["sandbox", "SANDBOX:4010", "other"] {
        let got = answer(&local, &get(host, local.api_key())).await;
        assert!(got.starts_with("HTTP/1.1 200 "), "{host}: {got}");
    }
    assert!(answer(&local, &get("third", local.api_key())).await.starts_with("HTTP/1.1 421 "));
    assert_eq!(local.base_url(), format!("http://{}/api/partner", local.address()));

    let open = builder().address(([0, 0, 0, 0], 0)).start().await.unwrap();
    let port = open.address().port();
    assert_eq!(open.base_url(), format!("http://sandbox:{port}/api/partner"));
    assert_eq!(open.control_url(), format!("http://sandbox:{port}/sandbox"));
    let open = Sandbox::builder().address(([0, 0, 0, 0], 0)).start().await.unwrap();
    assert_eq!(open.base_url(), format!("http://{}/api/partner", open.address()));
    let got = answer(&open, &get(&open.address().to_string(), open.api_key())).await;
    assert!(got.starts_with("HTTP/1.1 200 "), "{got}");
}
