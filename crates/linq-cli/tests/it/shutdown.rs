//! Signals.
#![cfg(unix)]

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use super::{
    listen::{BODY, SECRET, post, signed, start},
    running::{Running, kill, linq, pause, with_input},
    sandbox::phone_numbers,
};

const SIGNALS: [&str; 4] = ["-INT", "-TERM", "-HUP", "-QUIT"];
const COMMANDS: [&[&str]; 2] = [&["listen", "--port", "0", "--secret", "a"], &["sandbox", "--port", "0"]];

#[test]
fn each_signal_ends_each_server_with_exit_code_0() {
    for command in COMMANDS {
        for signal in SIGNALS {
            let mut running = Running::start(command);
            running.line();
            kill(signal, running.id());
            assert_eq!(running.wait().code(), Some(0), "{command:?} {signal}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn signals_end_a_server_that_is_the_first_process_of_a_container() {
    let isolated = |program: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--pid", "--fork", "--mount-proc"]).args(program);
        command
    };
    if !isolated(&["true"]).status().is_ok_and(|status| status.success()) {
        eprintln!("not tested: `unshare` is missing or not permitted");
        return;
    }
    for command in COMMANDS {
        for signal in SIGNALS {
            let program = [&[env!("CARGO_BIN_EXE_linq")], command].concat();
            let mut running = Running::spawn(&mut isolated(&program));
            running.line();
            let id = running.id();
            let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
            kill(signal, children.trim().parse().unwrap());
            assert_eq!(running.wait().code(), Some(0), "{command:?} {signal}");
        }
    }
}

/// A receiver that responds to each request with 418 on command.
struct SlowTarget {
    address: String,
    requests: Receiver<TcpStream>,
}

impl SlowTarget {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (sender, requests) = channel();
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let _ = stream.read(&mut [0; 64 * 1024]).unwrap();
                if sender.send(stream).is_err() {
                    return;
                }
            }
        });
        Self { address, requests }
    }

    fn request(&self) -> TcpStream {
        self.requests.recv_timeout(Duration::from_secs(20)).unwrap()
    }
}

fn answer(mut request: TcpStream) {
    request.write_all(b"HTTP/1.1 418 Teapot\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
}

/// Waits until connections are refused: the signal has arrived.
fn until_refused(address: &str) {
    while TcpStream::connect(address).is_ok() {
        pause();
    }
}

#[test]
fn a_delivery_that_is_being_forwarded_is_finished_and_idle_connections_are_closed() {
    let target = SlowTarget::start();
    let (mut running, address) = start(&["--forward", &format!("http://{}/", target.address)]);
    let mut idle = TcpStream::connect(&address).unwrap();
    let delivery = {
        let address = address.clone();
        thread::spawn(move || post(&address, &signed(SECRET, BODY), BODY))
    };
    let request = target.request();
    kill("-TERM", running.id());
    until_refused(&address);
    answer(request);
    assert_eq!(delivery.join().unwrap(), 418);
    assert!(running.line().ends_with(" 418"));
    assert_eq!(idle.read(&mut [0; 1]).unwrap(), 0);
    assert_eq!(running.wait().code(), Some(0));
}

#[test]
fn a_second_signal_ends_the_process_at_once() {
    let target = SlowTarget::start();
    let (running, address) = start(&["--forward", &format!("http://{}/", target.address)]);
    let delivery = {
        let address = address.clone();
        thread::spawn(move || {
            let mut stream = TcpStream::connect(&address).unwrap();
            let headers = signed(SECRET, BODY);
            let mut head = format!("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n", BODY.len());
            for (name, value) in &headers {
                head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
            }
            stream.write_all(format!("{head}\r\n{BODY}").as_bytes()).unwrap();
            let mut answer = String::new();
            let _ = stream.read_to_string(&mut answer);
            answer
        })
    };
    let _request = target.request();
    kill("-TERM", running.id());
    until_refused(&address);
    kill("-TERM", running.id());
    assert_eq!(running.wait().code(), Some(1));
    assert_eq!(delivery.join().unwrap(), "");
}

#[test]
fn requests_and_webhooks_in_progress_are_finished_by_the_sandbox() {
    let target = SlowTarget::start();
    let target_url = format!("http://{}/", target.address);
    let fault = ["--fault", "phone_numbers.list: timeout 1s"];
    let arguments = ["sandbox", "--port", "0", "--key", "k", "--subscribe", &target_url, fault[0], fault[1]];
    let mut running = Running::start(&arguments);
    let base_url = running.line().strip_prefix("export LINQ_API_V3_BASE_URL=").unwrap().to_owned();
    while !running.line().starts_with("export LINQ_WEBHOOK_SECRET=") {}
    running.line();
    let chat = br#"{"body":{"from":"+12025550100","to":["+12025550199"],"message":{"parts":[{"type":"text","value":"Hi"}]}}}"#;
    let mut create = linq(&["call", "chats.create", "--json", "-"]);
    create.env("LINQ_API_V3_BASE_URL", &base_url).env("LINQ_API_V3_API_KEY", "k");
    assert_eq!(with_input(&mut create, chat).status.code(), Some(0));
    let delivery = target.request();
    let listed = {
        let base_url = base_url.clone();
        thread::spawn(move || phone_numbers(&base_url, "k"))
    };
    // The request is logged when it is executed, and the fault holds the response back.
    while !running.line().contains("/phone_numbers") {}
    kill("-TERM", running.id());
    until_refused(base_url.split('/').nth(2).unwrap());
    assert!(listed.join().unwrap().starts_with("HTTP/1.1 200 OK\r\n"));
    answer(delivery);
    let mut line = running.line();
    while !line.contains(" -> ") {
        line = running.line();
    }
    assert!(line.contains(&target_url) && line.contains(" 418"), "{line}");
    assert_eq!(running.wait().code(), Some(0));
}
