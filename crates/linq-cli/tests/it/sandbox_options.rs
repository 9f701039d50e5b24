//! Each option of `linq sandbox` has its effect.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
};

use linq_sandbox::Assumptions;
use serde_json::{Value, json};

use super::{
    listen::address_of,
    running::{Running, linq},
};

/// A sandbox with the key `k`, time that stands still, and JSON output.
struct Sandbox {
    running: Running,
    started: Value,
}

impl Sandbox {
    fn start(options: &[&str]) -> Self {
        let arguments =
            [&["sandbox", "--port", "0", "--json", "--key", "k", "--manual-time"], options].concat();
        let mut running = Running::start(&arguments);
        let started = serde_json::from_str(&running.line()).unwrap();
        Self { running, started }
    }

    /// Returns the next line of this type.
    fn entry(&mut self, kind: &str) -> Value {
        loop {
            let entry: Value = serde_json::from_str(&self.running.line()).unwrap();
            if entry["type"] == kind {
                return entry;
            }
        }
    }

    fn control(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        self.request("control_url", method, path, body)
    }

    fn api(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        self.request("base_url", method, path, body)
    }

    fn request(&self, base: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let base = self.started[base].as_str().unwrap().strip_prefix("http://").unwrap();
        let (address, base) = base.split_once('/').unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "{method} /{base}{path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer k\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or_default())
    }

    fn now(&self) -> Value {
        self.control("GET", "/time", &Value::Null).1["now"].clone()
    }

    fn advance(&self, seconds: f64) {
        let (status, _) = self.control("POST", "/advance", &json!({ "seconds": seconds }));
        assert_eq!(status, 200);
    }

    /// Opens a chat with a message, and returns the response.
    fn create_chat(&self) -> (u16, Value) {
        let message = json!({ "parts": [{ "type": "text", "value": "Hello" }] });
        let line = &self.started["phone_number"];
        self.api("POST", "/v3/chats", &json!({ "from": line, "to": ["+12025550199"], "message": message }))
    }

    fn says(&self) {
        let (status, _) = self.control("POST", "/people/+12025550199/says", &json!({ "text": "Hi" }));
        assert_eq!(status, 200);
    }
}

#[test]
fn time_starts_when_it_is_told_and_stands_still() {
    let sandbox = Sandbox::start(&["--starts-at", "2030-01-02T03:04:05Z"]);
    assert_eq!(sandbox.now(), "2030-01-02T03:04:05Z");
    sandbox.advance(1.5);
    assert_eq!(sandbox.now(), "2030-01-02T03:04:06.5Z");
}

#[test]
fn messages_take_the_delays() {
    for (delays, steps) in [
        (
            "1s,2s,never",
            &[(0.9, "pending"), (0.2, "sent"), (1.8, "sent"), (0.2, "delivered"), (1e6, "delivered")][..],
        ),
        ("0s, 0s, 1m", &[(0.0, "delivered"), (59.0, "delivered"), (1.0, "read")]),
        ("human", &[(0.7, "pending"), (0.2, "sent"), (1.2, "delivered"), (3.8, "delivered"), (0.2, "read")]),
        ("test", &[(0.04, "pending"), (0.02, "sent"), (0.05, "delivered"), (0.1, "read")]),
    ] {
        let sandbox = Sandbox::start(&["--delays", delays]);
        let (_, created) = sandbox.create_chat();
        let id = created["chat"]["message"]["id"].as_str().unwrap();
        for (seconds, status) in steps {
            sandbox.advance(*seconds);
            let (_, message) = sandbox.api("GET", &format!("/v3/messages/{id}"), &Value::Null);
            assert_eq!(message["delivery_status"], *status, "{delays}, {seconds}");
        }
    }
}

#[test]
fn rules_change_assumptions_by_name() {
    for (rules, of_reuse, of_chat) in [
        (&[][..], 201, 200),
        (&["--rule", "reuse_returns_201=false"], 200, 200),
        (&["--rule", "reuse_returns_201=false", "--rule", "chat_ready_delay=1h"], 200, 409),
    ] {
        let sandbox = Sandbox::start(rules);
        let (_, created) = sandbox.create_chat();
        assert_eq!(sandbox.create_chat().0, of_reuse, "{rules:?}");
        let path = format!("/v3/chats/{}", created["chat"]["id"].as_str().unwrap());
        assert_eq!(sandbox.api("GET", &path, &Value::Null).0, of_chat, "{rules:?}");
    }
}

#[test]
fn the_help_and_the_error_list_the_names_of_rules() {
    let help = linq(&["sandbox", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let error = linq(&["sandbox", "--rule", "gravity=off"]).output().unwrap();
    assert_eq!(error.status.code(), Some(2));
    let error = String::from_utf8(error.stderr).unwrap();
    for name in Assumptions::NAMES {
        assert!(help.contains(name) && error.contains(name), "{name}: {error}");
    }
}

#[test]
fn on_the_sandbox_tier_people_must_write_first() {
    let sandbox = Sandbox::start(&["--tier", "sandbox"]);
    assert_eq!(sandbox.create_chat().0, 403);
    sandbox.says();
    assert_eq!(sandbox.create_chat().0, 201);
}

#[test]
fn retries_of_webhooks_are_scaled() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{unused}/");
    for (factor, attempts) in [("0", 10..), ("1", 1..), ("0.5", 1..)] {
        let sandbox = Sandbox::start(&["--webhook-retry-factor", factor, "--subscribe", &url]);
        sandbox.says();
        sandbox.advance(0.0);
        let (_, webhooks) = sandbox.control("GET", "/webhooks?event_type=message.received", &Value::Null);
        let made = webhooks["webhooks"][0]["attempts"].as_array().unwrap().len();
        assert!(attempts.contains(&made), "{factor}: {made}");
        assert_eq!(made == 1, factor != "0", "{factor}: {made}");
    }
}

#[test]
fn receivers_have_the_timeout_of_webhooks() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let mut sandbox = Sandbox::start(&["--webhook-timeout", "50ms", "--subscribe", &url]);
    sandbox.says();
    let delivery = sandbox.entry("delivery");
    assert_eq!(delivery["error"], "no answer within 50ms");
}

#[test]
fn a_listener_accepts_a_sandbox_whose_time_was_advanced_if_it_tolerates_or_the_time_is_that_of_the_machine() {
    let seeded = ["--seed", "7", "--subscribe"];
    let secret = {
        let mut sandbox = Sandbox::start(&[&seeded[..], &["http://127.0.0.1:1/"]].concat());
        sandbox.entry("subscribed")["signing_secret"].as_str().unwrap().to_owned()
    };
    for (of_listener, of_sandbox, status) in [
        (&[][..], &[][..], 401),
        (&["--tolerance", "9d"], &[], 401),
        (&["--tolerance", "11d"], &[], 204),
        (&[], &["--sign-with-wall-time"], 204),
    ] {
        let listen = ["listen", "--port", "0", "--secret", &secret];
        let mut listener = Running::start(&[&listen[..], of_listener].concat());
        let url = format!("http://{}/", address_of(&listener.line()));
        let mut sandbox = Sandbox::start(&[&seeded[..], &[&url], of_sandbox].concat());
        sandbox.advance(10.0 * 24.0 * 60.0 * 60.0);
        sandbox.says();
        assert_eq!(sandbox.entry("delivery")["status"], status, "{of_listener:?} {of_sandbox:?}");
    }
}

#[test]
fn the_urls_of_the_page_and_the_relay_are_in_the_json() {
    let sandbox = Sandbox::start(&["--relay-frames", "bare"]);
    let url = |name: &str| sandbox.started[name].as_str().unwrap();
    let origin = url("control_url").strip_suffix("/sandbox").unwrap();
    assert!(url("page_url").starts_with(&format!("{origin}/")));
    assert_eq!(url("relay_url"), format!("{}/relay", origin.replace("http:", "ws:")));
}

/// Runs the sandbox with a program that opens URLs, if there is one, and returns the page, what was opened, and what
/// was said on standard error.
#[cfg(target_os = "linux")]
fn opened(launcher: Option<&str>) -> (String, String, String) {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    let folder = tempfile::tempdir().unwrap();
    let seen = folder.path().join("opened");
    if let Some(script) = launcher {
        let file = folder.path().join("xdg-open");
        let script = format!("#!/bin/sh\n{}\n", script.replace("$seen", seen.to_str().unwrap()));
        fs::write(&file, script).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = linq(&["sandbox", "--port", "0", "--json", "--open"]);
    let mut running = Running::spawn(command.env("PATH", folder.path()));
    let started: Value = serde_json::from_str(&running.line()).unwrap();
    // Whatever became of the browser, the sandbox serves.
    let base_url = started["base_url"].as_str().unwrap();
    let response = super::sandbox::phone_numbers(base_url, started["api_key"].as_str().unwrap());
    assert!(response.starts_with("HTTP/1.1 200 OK\r\n"), "{response}");
    let mut url = String::new();
    for _ in 0..500 {
        url = fs::read_to_string(&seen).unwrap_or_default();
        if url.ends_with('\n') || launcher.is_none_or(|script| !script.contains("$seen")) {
            break;
        }
        super::running::pause();
    }
    let stderr = match launcher {
        Some(script) if script.contains("$seen") => String::new(),
        _ => running.stderr_line(),
    };
    (started["page_url"].as_str().unwrap().to_owned(), url.trim_end().to_owned(), stderr)
}

#[test]
#[cfg(target_os = "linux")]
fn the_page_is_opened_in_the_browser_and_a_failure_is_a_warning() {
    let (page, url, _) = opened(Some("echo \"$1\" > $seen"));
    assert_eq!(url, page);
    for launcher in [None, Some("exit 3")] {
        let (_, _, stderr) = opened(launcher);
        assert!(stderr.starts_with("warning: cannot open the page in a browser: "), "{stderr}");
    }
}

#[test]
fn a_bad_value_is_an_error_that_says_what_is_allowed() {
    let long = "expected a duration of 366d at most, such as 0.8s, 5m or 30d";
    for (option, value, code, allowed) in [
        ("--delays", "fast", 2, "expected human, test, or the durations"),
        ("--delays", "1s,2s", 2, "such as 0.8s,1.2s,4s"),
        ("--delays", "1s,2s,-3s", 2, "such as 0.8s,1.2s,4s"),
        ("--rule", "reuse_returns_201", 2, "expected NAME=VALUE"),
        ("--rule", "=true", 2, "unknown name; expected one of reject_changed_replays, "),
        ("--rule", "reuse_returns_201=yes", 2, "invalid value for reuse_returns_201: expected true or false"),
        ("--rule", "chat_ready_delay=5", 2, "invalid value for chat_ready_delay: expected a duration"),
        ("--line", "home", 2, "such as +12025550100"),
        ("--tier", "gold", 2, "[possible values: sandbox]"),
        ("--relay-frames", "gold", 2, "[possible values: signed, bare]"),
        ("--starts-at", "noon", 2, "expected a time such as 2026-11-30T12:00:00Z"),
        ("--starts-at", "1900-01-01T00:00:00Z", 1, "`starts_at` must be from 1970 to 8960"),
        ("--webhook-retry-factor", "many", 2, "invalid float literal"),
        ("--webhook-retry-factor", "-1", 1, "`webhook_retry_factor` must be from 0 to 1,000"),
        ("--webhook-timeout", "10", 2, long),
        ("--webhook-timeout", "0s", 1, "`webhook_timeout` must be from 1 ms to 1 hour"),
        ("--webhook-timeout", "2h", 1, "`webhook_timeout` must be from 1 ms to 1 hour"),
    ] {
        let output = linq(&["sandbox", "--port", "0", option, value]).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{option} {value}: {stderr}");
        assert!(stderr.contains(allowed), "{option} {value}: {stderr}");
    }
    for command in [&["listen", "--port", "0"][..], &["webhook", "verify", "-"]] {
        for value in ["5", "-1s", "367d", "forever"] {
            let tolerance = format!("--tolerance={value}");
            let arguments = [command, &["--secret", "a", &tolerance]].concat();
            let output = linq(&arguments).output().unwrap();
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{stderr}");
            assert!(stderr.contains(long), "{stderr}");
        }
    }
}
