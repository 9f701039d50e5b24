//! Throws what no client would send at every route there is.

use bytes::Bytes;
use http::{Method, StatusCode};
use linq_sandbox::Sandbox;
use linq_types::Operation;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::api::{ADA, Api, LINE, Reply, text_message};

fn bodies() -> Vec<Bytes> {
    let deep = "[".repeat(50_000);
    let mut bodies: Vec<Bytes> = [
        "",
        " ",
        "{",
        "}",
        "[]",
        "null",
        "true",
        "7",
        "-0",
        "1e999",
        "\"text\"",
        "{}",
        "{\"\":{}}",
        "\u{feff}{}",
        "<html></html>",
        "{\"a\":1}{\"b\":2}",
        "{\"message\":",
        "{\"text\":\"\\ud800\"}",
        r#"{"from":null,"to":null,"message":null,"parts":null,"text":null,"poll":null,"target_url":null}"#,
        r#"{"from":[],"to":{},"message":[],"parts":{},"text":7,"name":{},"options":7,"events":"all"}"#,
        r#"{"part_index":4294967296,"operation":"add","type":"love"}"#,
        r#"{"part_index":-1,"operation":"","type":""}"#,
        r#"{"target_url":"http://[::1","subscribed_events":["message.sent"],"phone_numbers":[""]}"#,
        r#"{"filename":"../../etc/passwd","content_type":"\u0000","size_bytes":-1}"#,
        r#"{"filename":"a","content_type":"image/png","size_bytes":18446744073709551616}"#,
        r#"{"amount":-9223372036854775808,"currency":"","seconds":-1e308,"latitude":1e308,"longitude":null}"#,
        r#"{"phone_number":"+","handle":"\u0000","address":"@","reason":[],"forwarding_number":"+0"}"#,
    ]
    .into_iter()
    .map(Bytes::from)
    .collect();
    bodies.push(format!("{{\"message\":{deep}").into());
    bodies.push(deep.into());
    bodies.push(Bytes::from_static(b"\xff\xfe\x00{}"));
    bodies.push(
        json!({ "text": "é".repeat(40_000), "message": text_message(&"é".repeat(40_000)) })
            .to_string()
            .into(),
    );
    let range = json!({ "range": [u32::MAX, 0], "style": "bold" });
    let part = json!({ "type": "text", "value": "a", "text_decorations": [range] });
    bodies.push(
        json!({ "from": LINE, "to": vec![ADA; 1_000], "message": { "parts": [part] } }).to_string().into(),
    );
    bodies
}

/// Bodies that are nearly right: a chat's, with pieces cut out or bytes changed.
fn mutations(random: &mut fastrand::Rng) -> Bytes {
    let valid = json!({
        "from": LINE, "to": [ADA], "message": text_message("hi"), "text": "hi", "operation": "add", "type": "love",
        "part_index": 0, "target_url": "https://example.com", "subscribed_events": ["message.sent"],
        "filename": "a.png", "content_type": "image/png", "size_bytes": 10, "handle": ADA, "seconds": 1,
    });
    let mut bytes = valid.to_string().into_bytes();
    for _ in 0..random.usize(1..6) {
        let at = random.usize(..bytes.len());
        match random.u8(..3) {
            0 => bytes[at] = random.u8(..),
            1 => drop(bytes.drain(at..(at + random.usize(..20)).min(bytes.len()))),
            _ => bytes.insert(at, *random.choice(b"{}[]\",:0-e\\".iter()).unwrap()),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes.into()
}

const SEGMENTS: [&str; 8] =
    ["none", "%00", "%ff%fe", "..", "%2e%2e%2f", "+12025550199", "%F0%9F%92%A9", "' OR 1=1 --"];
const QUERIES: [&str; 7] = [
    "?limit=0&cursor=%ff",
    "?limit=99999999999999999999999&cursor=18446744073709551616",
    "?limit=&cursor=&from=&to=",
    "?%00=%00&order=%ff",
    "?phone_number=%2B&to=&exclude_from=,,,&type=x",
    "?&&&===&a",
    "?version=&event_id=",
];

fn fill(path: &str, segment: &str) -> String {
    let segments = path.split('/').map(|part| if part.starts_with('{') { segment } else { part });
    segments.collect::<Vec<_>>().join("/").replace(' ', "%20")
}

/// An answer is a success or the envelope.
fn check(what: &str, reply: &Reply) {
    assert_eq!(reply.trace_id().len(), 32, "{what}");
    if !reply.status.is_success() {
        assert_eq!(reply.body["success"], false, "{what}: {:.500}", format!("{reply:?}"));
        assert!(reply.body["error"]["code"].is_u64(), "{what}: {:.500}", format!("{reply:?}"));
        assert!(reply.error_message().len() < 2_000, "{what}: {:.500}", format!("{reply:?}"));
    }
}

async fn routes(api: &Api) -> Vec<(Method, String)> {
    let index = api.control(Method::GET, "/", json!(null)).await.body;
    let method = |name: &str| Method::from_bytes(name.as_bytes()).unwrap();
    let operations = Operation::ALL.iter();
    let mut routes: Vec<_> = operations
        .map(|one| (method(one.method().as_str()), format!("/api/partner{}", one.route())))
        .collect();
    // The response of `events` has no end.
    let endpoints = index["endpoints"].as_array().unwrap().iter();
    for endpoint in endpoints.filter(|endpoint| *endpoint != "GET /sandbox/events") {
        let (name, path) = endpoint.as_str().unwrap().split_once(' ').unwrap();
        // Nobody hears anything: it need not be waited for.
        routes.push((method(name), path.replace("/hears", "/hears?timeout=0")));
    }
    routes
}

async fn throw(api: &Api, method: &Method, path: &str, body: Bytes) {
    let mut request = api.request(method.clone(), "", body.clone());
    *request.uri_mut() = format!("http://{}{path}", api.sandbox.address()).parse().unwrap();
    let reply = api.try_send(request).await;
    let what = format!("{method} {path} {}", String::from_utf8_lossy(&body[..body.len().min(200)]));
    check(&what, &reply.unwrap_or_else(|| panic!("no answer: {what}")));
}

#[tokio::test]
async fn no_request_to_any_route_makes_the_sandbox_fall_over() {
    let api = Api::with(Sandbox::builder().manual_time()).await;
    let routes = routes(&api).await;
    assert!(routes.len() > 110, "{routes:?}");
    let (chat_id, message_id) = api.chat_with_ada().await;
    let ids = [chat_id.to_string(), message_id.to_string()];
    let bodies = bodies();
    let mut random = fastrand::Rng::with_seed(7);
    for (method, path) in &routes {
        for body in &bodies {
            throw(&api, method, &fill(path, &ids[random.usize(..2)]), body.clone()).await;
        }
        for _ in 0..20 {
            throw(&api, method, &fill(path, &ids[random.usize(..2)]), mutations(&mut random)).await;
        }
        for segment in SEGMENTS {
            throw(&api, method, &fill(path, segment), Bytes::from_static(b"{}")).await;
        }
        for query in QUERIES {
            throw(&api, method, &(fill(path, &ids[0]) + query), Bytes::new()).await;
        }
    }
    api.advance_secs(3_600).await;
    assert_eq!(api.get("/v3/phone_numbers").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_no_http_or_too_large_gets_an_error_or_nothing() {
    let api = Api::still().await;
    let head = format!(
        "GET /api/partner/v3/phone_numbers HTTP/1.1\r\nauthorization: Bearer {}\r\n",
        api.sandbox.api_key()
    );
    let headers = |count: usize| (0..count).map(|number| format!("x-{number}: a\r\n")).collect::<String>();
    for (request, status) in [
        ("\0\0\0\r\n\r\n".to_owned(), None),
        ("GET\r\n\r\n".to_owned(), Some("400")),
        ("GET / HTTP/9.9\r\n\r\n".to_owned(), None),
        ("\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n".to_owned(), None),
        (format!("{head}host: localhost\r\nconnection: close\r\n\r\n"), Some("200")),
        (format!("{head}{}connection: close\r\n\r\n", headers(90)), Some("200")),
        (format!("{head}{}connection: close\r\n\r\n", headers(200)), Some("431")),
        (format!("{head}x-long: {}\r\n\r\n", "a".repeat(1_000_000)), Some("431")),
        (format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(100_000)), None),
        (format!("{head}content-length: -1\r\n\r\n"), Some("400")),
        (format!("{head}content-length: 5\r\ncontent-length: 6\r\n\r\n"), Some("400")),
        (format!("{head}transfer-encoding: chunked\r\nconnection: close\r\n\r\nzz\r\n"), Some("400")),
    ] {
        let shown: String = request.chars().take(200).collect();
        let mut stream = TcpStream::connect(api.sandbox.address()).await.unwrap();
        // The sandbox may hang up before it has read all.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        if let Some(status) = status {
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{shown:?}: {answer:?}");
        }
    }
    assert_eq!(api.get("/v3/phone_numbers").await.status, StatusCode::OK);
}
