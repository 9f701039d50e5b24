use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::running::{Running, linq};

fn start(arguments: &[&str]) -> Running {
    Running::start(&[&["sandbox"], arguments].concat())
}

/// Asks for the lines of the account and gives the whole answer.
pub(super) fn phone_numbers(base_url: &str, key: &str) -> String {
    let (address, path) = base_url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET /{path}/v3/phone_numbers HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
#[cfg(unix)]
fn it_prints_how_to_connect_and_logs_requests_until_ctrl_c() {
    let mut running = start(&["--port", "0", "--line", "+12025550142"]);
    let base_url = running.line().strip_prefix("export LINQ_API_V3_BASE_URL=").unwrap().to_owned();
    let key = running.line().strip_prefix("export LINQ_API_V3_API_KEY=").unwrap().to_owned();
    let relay = base_url.replace("api/partner", "relay").replace("http:", "ws:");
    assert_eq!(running.line(), format!("export LINQ_API_URL={base_url}"));
    assert_eq!(running.line(), format!("export LINQ_TOKEN={key}"));
    assert_eq!(running.line(), format!("export LINQ_RELAY_WS_URL={relay}"));
    assert_eq!(running.line(), format!("export LINQ_RELAY_URL={}", base_url.replace("/api/partner", "")));
    assert_eq!(running.line(), "");
    assert_eq!(running.line(), "Line      +12025550142");
    let page = running.line();
    assert!(page.starts_with(&format!("Page      {}", base_url.replace("api/partner", ""))), "{page}");
    assert_eq!(running.line(), format!("Control   {}", base_url.replace("api/partner", "sandbox/")));
    assert_eq!(running.line(), format!("Relay     {relay}"));
    assert_eq!(running.line(), "");
    let curl = running.line();
    assert!(curl.starts_with(&format!("curl {base_url}/v3/chats ")), "{curl}");
    assert!(curl.contains(&format!("Bearer {key}")) && curl.contains("+12025550142"), "{curl}");
    assert_eq!(running.line(), "");

    assert!(phone_numbers(&base_url, &key).starts_with("HTTP/1.1 200 OK\r\n"));
    let logged = running.line();
    assert!(logged.ends_with(" <- GET /api/partner/v3/phone_numbers 200"), "{logged}");
    assert!(phone_numbers(&base_url, "wrong").starts_with("HTTP/1.1 401 "));
    let logged = running.line();
    assert!(logged.ends_with(" 401 2004 the API key is missing or invalid"), "{logged}");
    assert_eq!(running.interrupt().code(), Some(0));
}

#[test]
#[cfg(unix)]
fn ctrl_c_right_after_the_start_exits_with_0() {
    let mut running = start(&["--port", "0"]);
    running.line();
    assert_eq!(running.interrupt().code(), Some(0));
}

#[test]
fn a_given_api_key_is_not_printed() {
    let mut running = start(&["--port", "0", "--key", "my-own-key"]);
    let lines: Vec<_> = (0..12).map(|_| running.line()).collect();
    assert!(!lines.concat().contains("my-own-key"), "{lines:?}");
    assert!(lines[10].contains("Bearer $LINQ_API_V3_API_KEY"), "{lines:?}");
    let base_url = lines[0].strip_prefix("export LINQ_API_V3_BASE_URL=").unwrap();
    assert!(phone_numbers(base_url, "my-own-key").starts_with("HTTP/1.1 200 OK\r\n"));
}

#[test]
fn a_subscription_is_printed_with_its_secret_as_in_the_docs() {
    let page = include_str!("../../../../docs/cli.md");
    let mut running = start(&["--port", "0", "--seed", "7", "--subscribe", "http://127.0.0.1:4011/linq"]);
    (0..14).for_each(|_| drop(running.line()));
    let told = [running.line(), running.line()].join("\n");
    assert!(
        told.starts_with("Webhooks  http://127.0.0.1:4011/linq\nexport LINQ_WEBHOOK_SECRET=whsec_"),
        "{told}"
    );
    assert!(page.contains(&told), "docs/cli.md should have these lines:\n{told}");
    assert_eq!(running.line(), "");
}

#[test]
#[cfg(unix)]
fn the_printed_commands_run_in_a_shell() {
    let mut running = start(&["--port", "0"]);
    let exports = [running.line(), running.line()].join("\n");
    let show = "\necho $LINQ_API_V3_BASE_URL $LINQ_API_V3_API_KEY";
    let output = std::process::Command::new("sh").args(["-c", &(exports + show)]).output().unwrap();
    let taken = String::from_utf8(output.stdout).unwrap();
    let (base_url, key) = taken.trim().split_once(' ').unwrap();
    assert!(phone_numbers(base_url, key).starts_with("HTTP/1.1 200 OK\r\n"));
}

#[test]
fn json_output_is_one_object_per_line() {
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    let target_url = format!("http://{}/hook", target.local_addr().unwrap());
    let mut running = start(&["--port", "0", "--json", "--seed", "7", "--subscribe", &target_url]);
    let started: Value = serde_json::from_str(&running.line()).unwrap();
    assert_eq!(started["type"], "started");
    let subscribed: Value = serde_json::from_str(&running.line()).unwrap();
    assert_eq!((&subscribed["type"], &subscribed["target_url"]), (&"subscribed".into(), &target_url.into()));
    assert!(subscribed["signing_secret"].as_str().unwrap().starts_with("whsec_"));

    phone_numbers(started["base_url"].as_str().unwrap(), started["api_key"].as_str().unwrap());
    let request: Value = serde_json::from_str(&running.line()).unwrap();
    assert_eq!((&request["type"], &request["status"]), (&"request".into(), &200.into()));
    assert_eq!(request["code"], Value::Null);
}

#[test]
fn a_port_in_use_is_one_sentence_and_exit_code_1() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = linq(&["sandbox", "--port", &port]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let expected = format!("error: address 127.0.0.1:{port} is in use; choose another port with --port\n");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
    assert!(output.stdout.is_empty());
}

#[test]
fn an_impossible_setup_is_one_sentence_and_exit_code_1() {
    let output = linq(&["sandbox", "--port", "0", "--subscribe", "http://user:hunter2@example.com"]).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    let sentence = "error: cannot subscribe the URL of `--subscribe`: 1005: ";
    assert!(stderr.starts_with(sentence) && stderr.lines().count() == 1, "{stderr}");
    assert!(!stderr.contains("hunter2"), "{stderr}");
}

#[test]
fn an_invalid_target_host_or_certificate_is_one_sentence_and_exit_code_1() {
    let here = env!("CARGO_MANIFEST_DIR");
    let no_certificate = format!("{here}/Cargo.toml");
    let no_file = format!("{here}/none.pem");
    for (option, value, sentence) in [
        (
            "--allow-target",
            "app:8080",
            "error: invalid sandbox: invalid allowed target: it must be an absolute URL",
        ),
        (
            "--allow-target",
            "http://u:secret@app:8080",
            "error: invalid sandbox: invalid allowed target: it must not",
        ),
        ("--allow-host", "sandbox:4010", "error: invalid sandbox: invalid allowed host"),
        (
            "--target-ca",
            &no_certificate,
            "error: invalid sandbox: `target_ca`: it has no certificate in PEM form",
        ),
        ("--target-ca", &no_file, "error: cannot read "),
    ] {
        let output = linq(&["sandbox", "--port", "0", option, value]).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.starts_with(sentence) && stderr.lines().count() == 1, "{stderr}");
        assert!(!stderr.contains("secret"), "{stderr}");
    }
}

#[test]
fn webhooks_go_to_another_host_only_if_it_is_allowed() {
    let target = TcpListener::bind("0.0.0.0:0").unwrap();
    let origin = format!("http://0.0.0.0:{}", target.local_addr().unwrap().port());
    let url = format!("{origin}/é");
    let refused = linq(&["sandbox", "--port", "0", "--subscribe", &url]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--allow-target"), "{refused:?}");

    let options = ["--port", "0", "--json", "--key", "k", "--allow-target", &origin, "--subscribe", &url];
    let mut running = start(&options);
    let started: Value = serde_json::from_str(&running.line()).unwrap();
    write_to_a_line(started["control_url"].as_str().unwrap());
    let (mut webhook, _) = target.accept().unwrap();
    let mut head = [0; 15];
    webhook.read_exact(&mut head).unwrap();
    assert_eq!(head.as_slice(), b"POST /%C3%A9 HT");
}

#[test]
fn https_is_delivered_with_tls() {
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}/", target.local_addr().unwrap().port());
    let mut running = start(&["--port", "0", "--json", "--key", "k", "--subscribe", &url]);
    let started: Value = serde_json::from_str(&running.line()).unwrap();
    write_to_a_line(started["control_url"].as_str().unwrap());
    let (mut webhook, _) = target.accept().unwrap();
    let mut record = [0; 2];
    webhook.read_exact(&mut record).unwrap();
    assert_eq!(record, [22, 3], "the first record of a TLS handshake");
}

/// Lets somebody write to the first line; the key is `k`.
fn write_to_a_line(control_url: &str) {
    let (address, path) = control_url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /{path}/people/+12025550199/says HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer k\r\ncontent-length: 13\r\nconnection: close\r\n\r\n{{\"text\":\"Hi\"}}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

#[test]
fn requests_for_another_host_are_refused_unless_it_is_allowed() {
    let mut running =
        start(&["--port", "0", "--json", "--key", "k", "--address", "0.0.0.0", "--allow-host", "sandbox"]);
    let started: Value = serde_json::from_str(&running.line()).unwrap();
    let base_url = started["base_url"].as_str().unwrap();
    let port = base_url.strip_prefix("http://sandbox:").unwrap().split('/').next().unwrap();
    for (host, status) in [("sandbox", 200), ("localhost", 200), ("evil.example", 421)] {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
        write!(
            stream,
            "GET /api/partner/v3/phone_numbers HTTP/1.1\r\nhost: {host}:{port}\r\nauthorization: Bearer k\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{host}: {answer}");
    }
}

#[test]
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "clients wait in real time")]
fn idle_connections_that_take_all_file_descriptors_delay_neither_requests_nor_webhooks() {
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    let target_url = format!("http://{}/hook", target.local_addr().unwrap());
    let mut command = std::process::Command::new("sh");
    let script = format!(
        "ulimit -n 64; exec {} sandbox --port 0 --json --key k --subscribe {target_url}",
        env!("CARGO_BIN_EXE_linq")
    );
    let mut running = Running::spawn(command.args(["-c", &script]));
    let started: Value = serde_json::from_str(&running.line()).unwrap();
    let base_url = started["base_url"].as_str().unwrap();
    let address = base_url.strip_prefix("http://").unwrap().split('/').next().unwrap();
    let idle: Vec<_> = (0..500).map(|_| TcpStream::connect(address).unwrap()).collect();
    let begin = Instant::now();
    for _ in 0..5 {
        assert!(phone_numbers(base_url, "k").starts_with("HTTP/1.1 200 OK\r\n"));
    }
    write_to_a_line(started["control_url"].as_str().unwrap());
    target.accept().unwrap();
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    drop(idle);
}

#[test]
fn listening_on_a_network_address_prints_a_warning() {
    let mut running = start(&["--port", "0", "--address", "0.0.0.0"]);
    running.line();
    let warning = running.stderr();
    assert!(warning.starts_with("warning: 0.0.0.0 can be reached from the network"), "{warning}");
}

#[test]
fn injected_faults_happen_and_are_logged() {
    let fault = ["--fault", "phone_numbers.list: 503 x1, ok, 429 7s"];
    let mut running =
        start(&["--port", "0", "--json", "--key", "k", fault[0], fault[1], "--fault", "*: ok x9"]);
    let started: Value = serde_json::from_str(&running.line()).unwrap();
    assert_eq!(started["api_key"], Value::Null);
    for (status, fault) in [(503, "503".into()), (200, Value::Null), (429, "429 7000ms".into())] {
        let answer = phone_numbers(started["base_url"].as_str().unwrap(), "k");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        let request: Value = serde_json::from_str(&running.line()).unwrap();
        assert_eq!((&request["status"], &request["fault"]), (&status.into(), &fault));
    }
}

#[test]
fn an_invalid_fault_exits_with_2() {
    let output = linq(&["sandbox", "--fault", "*: earthquake"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("unknown effect: `<hidden>`"), "{stderr}");
}
