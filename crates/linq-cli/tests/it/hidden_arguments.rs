//! The command line of a running process, which other users can read.
#![cfg(target_os = "linux")]

use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    net::TcpListener,
};

use super::{
    home::Home,
    running::{Running, pause},
};

const SECRET: &str = "hunter2-hunter2";

/// Returns the command line of a process as soon as it has no secret, or after a long time.
fn masked_command_line(process: u32) -> String {
    let read = || String::from_utf8(fs::read(format!("/proc/{process}/cmdline")).unwrap()).unwrap();
    for _ in 0..2_000 {
        if read().contains("****") {
            break;
        }
        pause();
    }
    read().replace('\0', " ")
}

#[test]
fn the_key_of_a_call_is_not_in_the_command_line_and_is_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let home = Home::new().env("LINQ_API_URL", &url);
    for arguments in [
        &["call", "phone_numbers.list", "--token", SECRET][..],
        &["call", "phone_numbers.list", &format!("--token={SECRET}")],
        &["call", "-t", SECRET, "phone_numbers.list"],
        &["call", "phone_numbers.list", &format!("-t{SECRET}")],
        &["call", "phone_numbers.list", &format!("-t={SECRET}")],
        &["login", "--token", SECRET, "--profile", "work"],
        &["doctor", "-t", SECRET],
    ] {
        let running = Running::spawn(&mut home.command(arguments));
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let length = stream.read(&mut request).unwrap();
        let request = String::from_utf8_lossy(&request[..length]).into_owned();
        assert!(request.contains(&format!("Bearer {SECRET}\r\n")), "{request}");
        let shown = masked_command_line(running.id());
        assert!(shown.contains(arguments[0]) && shown.contains("****") && !shown.contains(SECRET), "{shown}");
        let _ =
            stream.write_all(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        assert_eq!(running.wait().code(), Some(4), "{arguments:?}");
    }
}

#[test]
fn the_key_of_a_profile_is_not_in_the_command_line_and_is_stored() {
    for arguments in [
        &["profile", "create", "work", "--token", SECRET][..],
        &["profile", "create", "work", "-t", SECRET],
        &["profile", "set", "token", SECRET, "--profile", "work"],
        &["profile", "set", "-p", "work", "token", SECRET],
    ] {
        let home = Home::with_file("{}");
        let lock = File::create(home.path().with_extension("json.lock")).unwrap();
        lock.lock().unwrap();
        let running = Running::spawn(&mut home.command(arguments));
        let shown = masked_command_line(running.id());
        assert!(shown.contains("profile") && !shown.contains(SECRET), "{shown}");
        drop(lock);
        assert_eq!(running.wait().code(), Some(0));
        assert_eq!(home.file()["profiles"]["work"]["token"], SECRET);
    }
}

#[test]
fn arguments_that_look_like_secrets_keep_their_value() {
    let home = Home::new();
    home.succeeds(&["profile", "create", "--from-phone=+12025550100", "--", "-t"]);
    home.succeeds(&["profile", "create", "--", "--token=****"]);
    let file = home.file();
    assert_eq!(file["profiles"]["-t"]["fromPhone"], "+12025550100");
    assert!(file["profiles"]["--token=****"].is_object(), "{file}");
}

#[test]
fn a_variable_of_another_process_changes_no_argument() {
    let home = Home::new().env("LINQ_HIDDEN_1_3", "other");
    home.succeeds(&["profile", "create", "work"]);
    assert!(home.file()["profiles"]["work"].is_object());
}
