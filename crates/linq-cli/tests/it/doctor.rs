//! `linq doctor`.

use std::fs;

use linq_sandbox::{Fault, Sandbox};
use serde_json::{Value, json};

use super::home::Home;

const KEY: &str = "key-of-the-sandbox";

fn home(from: &str) -> Home {
    let home = Home::with_file(&json!({"profiles": {"default": {"token": KEY, "fromPhone": from}}}));
    #[cfg(unix)]
    fs::set_permissions(home.path(), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    home
}

/// Runs `doctor --json` and returns the exit code and the result of each check.
fn results(home: &Home, arguments: &[&str]) -> (i32, Vec<(String, String)>) {
    let (code, stdout, stderr) = home.run(&[&["doctor", "--json"], arguments].concat());
    let report: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(report["ok"], code == 0, "{report}");
    assert_eq!(stderr.is_empty(), code == 0, "{stderr}");
    let text = |check: &Value, field: &str| check[field].as_str().unwrap().to_owned();
    let checks = report["checks"].as_array().unwrap();
    for check in checks {
        let has_remedy = check["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty());
        assert_eq!(has_remedy, ["failed", "warning"].contains(&&*text(check, "result")), "{check}");
    }
    (code, checks.iter().map(|check| (text(check, "check"), text(check, "result"))).collect())
}

fn expected(checks: &[(&str, &str)]) -> Vec<(String, String)> {
    checks.iter().map(|(name, result)| ((*name).to_owned(), (*result).to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_in_order_passes_all_checks() {
    let sandbox = Sandbox::builder().api_key(KEY).start().await.unwrap();
    let home = home(sandbox.phone_number().as_str()).calls(&sandbox);
    let names = ["config file", "API key", "connection", "clock", "sender", "lines", "webhooks"];
    assert_eq!(results(&home, &[]), (0, expected(&names.map(|name| (name, "ok")))));
    let text = home.succeeds(&["doctor"]);
    assert_eq!(text.lines().count(), names.len(), "{text}");
    assert!(text.contains("ok       API key       key-****dbox (profile default)\n"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exit_code_tells_a_missing_or_wrong_key_from_an_unreachable_api_and_other_failures() {
    let sandbox = Sandbox::builder().api_key(KEY).start().await.unwrap();
    let line = sandbox.phone_number().as_str();
    let no_key = [("config file", "skipped"), ("API key", "failed")];
    assert_eq!(results(&Home::new(), &[]), (4, expected(&no_key)));

    let (code, checks) = results(&home(line).calls(&sandbox), &["--token", "wrong"]);
    assert_eq!((code, &checks[2]), (4, &expected(&[("API key", "failed")])[0]));

    let (code, checks) = results(&home(line).calls(&sandbox), &["-p", "nope"]);
    assert_eq!((code, &checks[1]), (4, &expected(&[("API key", "failed")])[0]));

    let (code, checks) = results(&home(line).env("LINQ_API_URL", "http://127.0.0.1:9"), &[]);
    assert_eq!((code, &checks[2]), (6, &expected(&[("connection", "failed")])[0]));

    let (code, checks) = results(&home("+12025550188").calls(&sandbox), &[]);
    assert_eq!((code, &checks[4]), (1, &expected(&[("sender", "failed")])[0]));

    let (code, checks) = results(&home("").calls(&sandbox), &[]);
    assert_eq!((code, &checks[4]), (0, &expected(&[("sender", "warning")])[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_file_fails_and_the_environment_is_still_checked() {
    let sandbox = Sandbox::builder().api_key(KEY).start().await.unwrap();
    let home = Home::with_file("{").calls(&sandbox).env("LINQ_TOKEN", KEY);
    let (code, checks) = results(&home, &[]);
    assert_eq!(code, 1);
    assert_eq!(checks[..3], expected(&[("config file", "failed"), ("API key", "ok"), ("connection", "ok")]));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_others_can_read_fails() {
    let sandbox = Sandbox::builder().api_key(KEY).start().await.unwrap();
    let home = home(sandbox.phone_number().as_str()).calls(&sandbox);
    fs::set_permissions(home.path(), std::os::unix::fs::PermissionsExt::from_mode(0o640)).unwrap();
    let (code, checks) = results(&home, &[]);
    assert_eq!((code, &checks[0]), (1, &expected(&[("config file", "failed")])[0]));
}

#[test]
fn an_ended_trial_fails() {
    for (ends, result, code) in [("2020-01-01T00:00:00Z", "failed", 6), ("2999-01-01T00:00:00Z", "ok", 6)] {
        let home = Home::with_file(&json!({"profiles": {"default": {"token": KEY, "expiresAt": ends}}}));
        let (actual, checks) = results(&home.env("LINQ_API_URL", "http://127.0.0.1:9"), &[]);
        assert_eq!((actual, &checks[2]), (code, &expected(&[("trial", result)])[0]));
    }
}

/// Serves an account with these lines and subscriptions.
fn account(lines: &Value, subscriptions: &Value) -> String {
    use std::{
        io::{Read as _, Write as _},
        net::TcpListener,
        thread,
    };

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let bodies = [json!({ "phone_numbers": lines }), json!({ "subscriptions": subscriptions })];
    let bodies = bodies.map(|body| body.to_string());
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap_or_default();
            let is_lines = request[..length].starts_with(b"GET /v3/phone_numbers ");
            let body = if is_lines { &bodies[0] } else { &bodies[1] };
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
            let _ = write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len());
        }
    });
    format!("http://{address}")
}

#[test]
fn flagged_lines_lost_webhooks_and_a_wrong_clock_fail() {
    let subscription = |id: &str, url: &str| json!({"id": id, "target_url": url, "is_active": true});
    let subscriptions = json!([
        subscription("private", "https://10.0.0.1/hook"),
        subscription("unknown", "https://no-such-host.invalid/"),
        subscription("relay", "https://webhook.linqapp.com/relay/abc"),
        subscription("public", "https://8.8.8.8/"),
        subscription("nasty", "https://10.0.0.2/\u{1b}"),
        subscription("local", "http://localhost:1/"),
        {"id": "off", "target_url": "http://10.0.0.1", "is_active": false},
    ]);
    let lines = json!([{"id": "1", "phone_number": "+12025550100", "reputation": {"status": "AT_RISK", "doc_url": "https://d.example"}}]);
    let home = home("+12025550100").env("LINQ_API_URL", &account(&lines, &subscriptions));
    let (code, stdout, _) = home.run(&["doctor"]);
    assert_eq!(code, 1);
    for part in
        ["failed   clock ", "failed   lines         +12025550100 is AT_RISK\n", "see https://d.example\n"]
    {
        assert!(stdout.contains(part), "{part}: {stdout}");
    }
    let mut webhooks = String::new();
    for (id, problem) in [
        ("private", "points to 10.0.0.1, which is a private address"),
        ("unknown", "points to no-such-host.invalid, which does not resolve"),
        ("relay", "is left over from a listener, unless one runs now"),
        ("nasty", "has an invalid URL"),
    ] {
        let remedy = format!("linq webhooks delete {id}, or linq webhooks update {id} --url URL");
        webhooks += &format!("failed   webhooks      {id} {problem}\n{:23}{remedy}\n", "");
    }
    assert!(stdout.ends_with(&webhooks), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_that_responds_with_errors_is_unreachable() {
    let fault: Fault = "phone_numbers.list: 503".parse().unwrap();
    let sandbox = Sandbox::builder().api_key(KEY).fault(fault).start().await.unwrap();
    let (code, checks) = results(&home(sandbox.phone_number().as_str()).calls(&sandbox), &[]);
    assert_eq!((code, &checks[2]), (6, &expected(&[("connection", "failed")])[0]));
}
