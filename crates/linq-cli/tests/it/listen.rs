use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, channel},
    thread,
};

use http::{HeaderMap, HeaderName, HeaderValue};
use linq::{
    types::{Timestamp, escape},
    webhooks::{Scheme, Schemes, Signer, Verifier},
};
use serde_json::Value;

use super::running::{Running, linq};

pub(super) const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
pub(super) const BODY: &str = r#"{ "event_id": "e1", "event_type": "message.received", "webhook_version": "2026-02-03",
    "data": { "id": "m1", "chat": { "id": "c1" }, "direction": "inbound", "sender_handle": {
                "id": "h1", "handle": "+12025550199", "service": "iMessage", "joined_at": "2026-02-05T19:31:13Z" },
              "parts": [{ "type": "text", "value": "Are you\nopen?" }], "new": 1 } }"#;

/// A listener on a free port, and its address.
pub(super) fn start(arguments: &[&str]) -> (Running, String) {
    let mut running = Running::start(&[&["listen", "--port", "0", "--secret", SECRET], arguments].concat());
    let line = if arguments.contains(&"--json") { running.stderr_line() } else { running.line() };
    (running, address_of(&line))
}

/// Returns the address in the first line that a listener prints.
pub(super) fn address_of(line: &str) -> String {
    match line.strip_prefix("Listening on http://") {
        Some(address) => address.to_owned(),
        None => {
            let started: Value = serde_json::from_str(line).unwrap();
            assert_eq!(started["type"], "listening");
            started["url"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned()
        }
    }
}

/// Returns the seconds since 1970 on the clock of the listener.
fn now() -> i64 {
    let output = linq(&["webhook", "sign", "--secret", "a", "--json", "-"]).output().unwrap();
    let headers: Value = serde_json::from_slice(&output.stdout).unwrap();
    headers["x-webhook-timestamp"].as_str().unwrap().parse().unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(seconds, 0).unwrap()
}

pub(super) fn signed(secret: &str, body: &str) -> HeaderMap {
    Signer::new(secret).unwrap().headers("e1", at(now()), body.as_bytes()).unwrap()
}

/// Makes a request and gives the status.
fn request(address: &str, method: &str, headers: &HeaderMap, body: &str) -> u16 {
    let mut stream = TcpStream::connect(address).unwrap();
    let mut head =
        format!("{method} /hook HTTP/1.1\r\nhost: {address}\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    // The listener may have answered and hung up before it read everything.
    let _ = stream.write_all(format!("{head}connection: close\r\n\r\n{body}").as_bytes());
    let mut status = String::new();
    BufReader::new(stream).read_line(&mut status).unwrap();
    status.split(' ').nth(1).unwrap().parse().unwrap()
}

pub(super) fn post(address: &str, headers: &HeaderMap, body: &str) -> u16 {
    request(address, "POST", headers, body)
}

#[test]
#[cfg(unix)]
fn each_delivery_is_answered_and_printed_until_ctrl_c() {
    let (mut running, address) = start(&[]);
    assert!(address.starts_with("127.0.0.1:"));
    let large = "x".repeat(1024 * 1024 + 1);
    for (headers, body, status, line) in [
        (signed(SECRET, BODY), BODY, 204, " message.received e1 +12025550199: \"Are you\\nopen?\" 204"),
        (
            signed("whsec_dGhlIHNlY3JldCBvZiBhIHN0cmFuZ2Vy", BODY),
            BODY,
            401,
            " rejected 401 signature mismatch",
        ),
        (HeaderMap::new(), BODY, 401, " rejected 401 missing signature headers"),
        (
            signed(SECRET, "[]"),
            "[]",
            400,
            " unreadable 400 invalid webhook body: expected a JSON object with an `event_type`",
        ),
        (HeaderMap::new(), &large, 413, " rejected 413 the body is larger than 1048576 bytes"),
    ] {
        assert_eq!(post(&address, &headers, body), status);
        let logged = running.line();
        assert!(logged.get(8..).is_some_and(|logged| logged.starts_with(line)), "{logged}");
    }
    assert_eq!(request(&address, "GET", &HeaderMap::new(), ""), 405);
    assert!(running.line().ends_with(" rejected 405 expected POST"));
    assert_eq!(running.interrupt().code(), Some(0));
}

#[test]
fn all_schemes_and_secrets_are_accepted_unless_restricted() {
    const V2_SECRET: &str = "my-secret-of-version-2";
    let (_running, address) = start(&["--secret", V2_SECRET]);
    let v2 = Signer::new(V2_SECRET).unwrap().v2_headers(BODY.as_bytes());
    assert_eq!(post(&address, &v2, BODY), 204);
    assert_eq!(post(&address, &signed(V2_SECRET, BODY), BODY), 204);
    let (_running, address) = start(&["--secret", V2_SECRET, "--scheme", "standard", "--scheme", "legacy"]);
    assert_eq!(post(&address, &v2, BODY), 401);
    assert_eq!(post(&address, &signed(SECRET, BODY), BODY), 204);
}

#[test]
fn json_output_is_the_event_as_it_was_received_and_everything_else_is_json_on_standard_error() {
    let (mut running, address) = start(&["--json"]);
    let body = r#"{"z":1.50,"event_id":"e1","event_type":"reaction.added","webhook_version":"2026-02-03","data":{"is_from_me":true,"reaction_type":"like","a":"\u00e9\u202e","n":1E400}}"#;
    post(&address, &signed(SECRET, body), body);
    assert_eq!(running.line(), body);
    let line: Value = serde_json::from_str(&running.stderr_line()).unwrap();
    let about = ["type", "event_id", "event_type", "scheme", "version", "payload_type"]
        .map(|name| line[name].as_str().unwrap());
    assert_eq!(about, ["delivery", "e1", "reaction.added", "standard", "2026-02-03", "ReactionAdded"]);
    assert_eq!(
        (&line["status"], &line["error"], &line["duplicate"]),
        (&204.into(), &Value::Null, &false.into())
    );

    post(&address, &signed(SECRET, BODY), BODY);
    let line = running.line();
    assert_eq!(line, BODY.replace('\n', " "));
    running.stderr_line();

    post(&address, &HeaderMap::new(), BODY);
    let line: Value = serde_json::from_str(&running.stderr_line()).unwrap();
    assert_eq!((&line["type"], &line["status"]), (&"rejected".into(), &401.into()));
    assert!(line["error"].as_str().unwrap().contains("signature headers"));

    // Nobody reads standard error any longer, and events still come.
    running.close_stderr();
    post(&address, &signed(SECRET, body), body);
    assert_eq!(running.line(), body);
}

/// A request that a target got.
pub(super) struct Got {
    line: String,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// A server that answers each request with this status, its address, and what it got.
pub(super) fn target(status: u16) -> (String, Receiver<Got>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (send, got) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let line = head_line(&mut stream);
            let mut headers = HeaderMap::new();
            while let Some((name, value)) = head_line(&mut stream).split_once(": ") {
                let (name, value): (HeaderName, HeaderValue) =
                    (name.parse().unwrap(), value.parse().unwrap());
                headers.append(name, value);
            }
            let length = headers["content-length"].to_str().unwrap().parse().unwrap();
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            let answer =
                format!("HTTP/1.1 {status} Status\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.get_mut().write_all(answer.as_bytes()).unwrap();
            if send.send(Got { line, headers, body: String::from_utf8(body).unwrap() }).is_err() {
                return;
            }
        }
    });
    (address, got)
}

fn head_line(stream: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

#[test]
fn an_event_is_forwarded_with_new_signatures_and_the_status_is_returned() {
    let (target, got) = target(418);
    let (mut running, address) = start(&["--forward", &format!("http://{target}/my/hook?a=b")]);
    let old = now() - 200;
    let mut headers = Signer::new(SECRET).unwrap().headers("e1", at(old), BODY.as_bytes()).unwrap();
    headers.insert("x-webhook-event", HeaderValue::from_static("message.received"));
    assert_eq!(post(&address, &headers, BODY), 418);
    assert!(running.line().ends_with(" 418"));

    let Got { line, headers, body } = got.recv().unwrap();
    assert_eq!((line.as_str(), body.as_str()), ("POST /my/hook?a=b HTTP/1.1", BODY));
    assert_eq!(headers["host"], *target);
    assert_eq!(headers["x-webhook-event"], "message.received");
    for (schemes, scheme) in [(Schemes::STANDARD, Scheme::Standard), (Schemes::LEGACY, Scheme::Legacy)] {
        let verifier = Verifier::for_schemes(schemes, SECRET).unwrap();
        // The signature that came would be too old by then.
        let verified = verifier.verify_at(&headers, body.clone(), at(old + 400)).unwrap();
        assert_eq!(verified.scheme(), scheme);
    }
    assert_eq!(headers["webhook-id"], "e1");
}

/// Bodies that are no event that can be parsed, and the id that the envelope has.
const UNREADABLE: [(&str, Option<&str>); 5] = [
    (
        r#"{"event_id":"e7","event_type":"message.received","webhook_version":"2026-02-03","data":"text"}"#,
        Some("e7"),
    ),
    (r#"{"event_type":7}"#, None),
    ("[]", None),
    ("", None),
    ("<html>\u{202e}", None),
];

#[test]
fn verified_bodies_that_cannot_be_parsed_are_forwarded_and_printed() {
    let (target, got) = target(202);
    for options in [&[][..], &["--json"]] {
        let (mut running, address) = start(
            &[&["--forward", &format!("http://{target}/"), "--secret", "my-v2-secret"], options].concat(),
        );
        let signer = Signer::new(SECRET).unwrap();
        for (body, event_id) in UNREADABLE {
            let headers = signer.headers("d1", at(now()), body.as_bytes()).unwrap();
            let mut legacy = headers.clone();
            for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
                legacy.remove(name);
            }
            let v2 = Signer::new("my-v2-secret").unwrap().v2_headers(body.as_bytes());
            for (headers, id) in [(headers, Some("d1")), (legacy, event_id), (v2, None)] {
                assert_eq!(post(&address, &headers, body), 202, "{body}");
                let forwarded = got.recv().unwrap();
                assert_eq!(forwarded.body, body);
                let its_id = forwarded.headers.get("webhook-id").map(|id| id.to_str().unwrap());
                assert_eq!(its_id, id, "{body}");
                let verifier = Verifier::for_schemes(Schemes::V3 | Schemes::V2, SECRET).unwrap();
                verifier.verify_at(&forwarded.headers, body.to_owned(), at(now())).unwrap();

                if options.is_empty() {
                    let line = running.line();
                    let shown = escape(body).to_string();
                    assert!(
                        line.contains(" unreadable 202 ") && line.trim_end().ends_with(shown.trim_end()),
                        "{line}"
                    );
                } else {
                    let line: Value = serde_json::from_str(&running.stderr_line()).unwrap();
                    assert_eq!((&line["type"], &line["status"]), (&"unreadable".into(), &202.into()));
                    assert_eq!((&line["body"], &line["error"]), (&body.into(), &Value::Null));
                    assert!(line["reason"].as_str().unwrap().starts_with("invalid "), "{line}");
                }
            }
        }
    }
}

#[test]
fn a_verified_body_that_cannot_be_parsed_is_answered_400_and_printed_without_a_target() {
    let (mut running, address) = start(&[]);
    for (body, _) in UNREADABLE {
        assert_eq!(post(&address, &signed(SECRET, body), body), 400, "{body}");
        let line = running.line();
        assert!(
            line.contains(" unreadable 400 invalid ") && line.contains(&escape(body).to_string()),
            "{line}"
        );
    }
}

#[test]
fn an_event_of_v2_is_forwarded_as_one_of_v2() {
    let (target, got) = target(200);
    let (_running, address) = start(&["--forward", &format!("http://{target}/")]);
    let headers = Signer::new(SECRET).unwrap().v2_headers(BODY.as_bytes());
    assert_eq!(post(&address, &headers, BODY), 200);
    let Got { headers, body, .. } = got.recv().unwrap();
    let verified =
        Verifier::for_schemes(Schemes::V2, SECRET).unwrap().verify_at(&headers, body, at(0)).unwrap();
    assert_eq!(verified.scheme(), Scheme::V2);
}

#[test]
fn rejected_deliveries_are_not_forwarded() {
    let (target, got) = target(200);
    let (_running, address) = start(&["--forward", &format!("http://{target}/")]);
    assert_eq!(post(&address, &HeaderMap::new(), BODY), 401);
    assert!(got.try_recv().is_err());
}

#[test]
fn an_unreachable_target_is_502_and_its_url_is_not_printed() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (mut running, address) = start(&["--forward", &format!("http://user:hunter2@{unused}/")]);
    assert_eq!(post(&address, &signed(SECRET, BODY), BODY), 502);
    let logged = running.line();
    let reason = " 502 cannot connect to the target: Connection refused";
    assert!(logged.contains(reason) && !logged.contains("hunter2"), "{logged}");
}

#[test]
fn an_impossible_setup_is_one_sentence_and_exit_code_1() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (arguments, error) in [
        (
            ["--port", &port, "--secret", "a"],
            format!("error: address 127.0.0.1:{port} is in use; choose another port"),
        ),
        (["--port", "0", "--secret", ""], "error: empty signing secret".to_owned()),
    ] {
        let output = linq(&[&["listen"], &arguments[..]].concat()).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.starts_with(&error) && stderr.lines().count() == 1, "{stderr}");
    }
}

#[test]
fn listening_on_a_network_address_prints_a_warning() {
    let (mut running, _) = start(&["--address", "0.0.0.0"]);
    let warning = running.stderr();
    assert!(warning.starts_with("warning: 0.0.0.0 is reachable from the network"), "{warning}");
}
