//! `linq login` and `linq logout`.

use linq_sandbox::Sandbox;
use serde_json::json;

use super::{
    home::{Home, said},
    running::with_input,
};

const KEY: &str = "key-of-the-sandbox";

async fn sandbox() -> Sandbox {
    Sandbox::builder().api_key(KEY).start().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_tried_stored_and_its_profile_becomes_active() {
    let sandbox = sandbox().await;
    for arguments in [&["login", "--profile", "work", "--token", KEY][..], &["login", "-p", "work"]] {
        let home = Home::new().calls(&sandbox);
        let mut login = home.command(arguments);
        let (code, stdout, stderr) = said(with_input(&mut login, format!(" {KEY} \n").as_bytes()));
        let expected = "Stored the API key in profile \"work\", which is active now (1 line)\n";
        assert_eq!((code, &*stdout, &*stderr), (0, expected, ""));
        let file =
            json!({"version": 2, "profile": "work", "profiles": {"default": {}, "work": {"token": KEY}}});
        assert_eq!(home.file(), file);
        home.succeeds(&["whoami"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_name_the_key_is_stored_in_the_active_profile_but_never_in_that_of_the_trial() {
    let sandbox = sandbox().await;
    for (active, variable, expected) in
        [("work", "", "work"), ("work", "home", "home"), ("sandbox", "", "default")]
    {
        let home = Home::with_file(&json!({"profile": active, "profiles": {active: {"token": "old"}}}));
        let home = home.env("LINQ_PROFILE", variable).calls(&sandbox);
        home.succeeds(&["login", "--token", KEY]);
        let file = home.file();
        assert_eq!((&file["profile"], &file["profiles"][expected]["token"]), (&json!(expected), &json!(KEY)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_does_not_work_is_not_stored() {
    let sandbox = sandbox().await;
    for (url, key, code) in
        [(sandbox.base_url(), "wrong", 4), ("http://127.0.0.1:9", KEY, 6), (sandbox.base_url(), "", 2)]
    {
        let home = Home::new().env("LINQ_API_URL", url);
        let mut login = home.command(&["login"]);
        let (actual, stdout, stderr) = said(with_input(&mut login, format!("{key}\n").as_bytes()));
        assert_eq!((actual, &*stdout), (code, ""), "{stderr}");
        assert!(!home.path().exists(), "{stderr}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_another_account_is_warned_of() {
    let sandbox = sandbox().await;
    let home =
        Home::with_file(&json!({"profiles": {"default": {"token": "old", "fromPhone": "+12025550188"}}}));
    let (code, _, stderr) = home.calls(&sandbox).run(&["login", "--token", KEY]);
    assert_eq!(code, 0);
    assert!(
        stderr.starts_with("warning: +12025550188, the line of the profile, is not one of this account"),
        "{stderr}"
    );
}

#[test]
fn logout_removes_the_key_only_and_says_which_one_is_still_used() {
    let home = Home::with_file(&json!({"version": 2, "profile": "work", "profiles": {
        "work": {"token": "key-of-work-account", "fromPhone": "+12025550100"}, "home": {"token": "h"}}}));
    assert_eq!(home.succeeds(&["logout"]), "Removed the API key of profile \"work\"\n");
    let expected = json!({"version": 2, "profile": "work", "profiles": {
        "work": {"fromPhone": "+12025550100"}, "home": {"token": "h"}}});
    assert_eq!(home.file(), expected);
    let (code, _, stderr) = home.env("LINQ_TOKEN", "t").run(&["logout", "-p", "home"]);
    assert_eq!((code, &*stderr), (0, "warning: LINQ_TOKEN is still set, and used\n"));
}

/// `script` gives the program a terminal.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn on_a_terminal_the_key_is_asked_for_and_not_shown() {
    use std::{
        fs,
        io::{Read as _, Write as _},
        process::{Command, Stdio},
    };

    use super::running::pause;

    let sandbox = sandbox().await;
    let home = Home::new().calls(&sandbox);
    let login = home.command(&["login"]);
    let folder = tempfile::tempdir().unwrap();
    let name_of_terminal = folder.path().join("tty");
    let command = format!("tty >{}; exec {} login", name_of_terminal.display(), env!("CARGO_BIN_EXE_linq"));
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", &command, "/dev/null"]);
    for (name, value) in login.get_envs() {
        match value {
            Some(value) => script.env(name, value),
            None => script.env_remove(name),
        };
    }
    let mut script = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut stdin, mut stdout) = (script.stdin.take().unwrap(), script.stdout.take().unwrap());
    let mut shown = Vec::new();
    while !shown.ends_with(b"API key: ") {
        let mut byte = [0];
        stdout.read_exact(&mut byte).unwrap();
        shown.extend(byte);
    }
    let terminal = fs::read_to_string(name_of_terminal).unwrap();
    let has_echo = || {
        let settings = Command::new("stty").args(["-a", "-F", terminal.trim()]).output().unwrap();
        !String::from_utf8(settings.stdout).unwrap().contains(" -echo ")
    };
    assert!((0..2_000).any(|_| {
        pause();
        !has_echo()
    }));
    stdin.write_all(format!("{KEY}\n").as_bytes()).unwrap();
    stdout.read_to_end(&mut shown).unwrap();
    drop(stdin);
    let shown = String::from_utf8(shown).unwrap();
    assert!(script.wait().unwrap().success(), "{shown}");
    assert!(shown.contains("Stored the API key") && !shown.contains(KEY), "{shown}");
    assert_eq!(home.file()["profiles"]["default"]["token"], KEY);
}
