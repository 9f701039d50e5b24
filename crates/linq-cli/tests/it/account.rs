//! Where the API key, the base URL and the line come from.

use std::fs;

use linq_sandbox::Sandbox;
use serde_json::{Value, json};

use super::{
    home::{Home, said},
    running::with_input,
};

const RIGHT: &str = "right-key-of-the-sandbox";
const WRONG: &str = "wrong";

/// The places that a key can come from, in the order of precedence of those that are possible together.
const SOURCES: [&str; 5] = ["--token", "LINQ_TOKEN", "profile work", "LINQ_API_V3_API_KEY", "profile home"];

async fn sandbox() -> Sandbox {
    Sandbox::builder().api_key(RIGHT).start().await.unwrap()
}

/// Runs `whoami` with keys in these places, of which only the first one is right. The profile `work` is named, and `home` is
/// active.
fn whoami(sandbox: &Sandbox, sources: &[&str], names_by_variable: bool) -> Value {
    let key = |source: &str| match sources.iter().position(|given| *given == source) {
        Some(0) => Some(RIGHT),
        Some(_) => Some(WRONG),
        None => None,
    };
    let mut home = Home::with_file(&json!({
        "profile": "home",
        "profiles": {"home": {"token": key(SOURCES[4])}, "work": {"token": key(SOURCES[2])}},
    }))
    .calls(sandbox);
    let mut arguments = vec!["whoami", "--json"];
    if let Some(token) = key(SOURCES[0]) {
        arguments.extend(["--token", token]);
    }
    for variable in [SOURCES[1], SOURCES[3]] {
        home = home.env(variable, key(variable).unwrap_or_default());
    }
    if key(SOURCES[2]).is_some() {
        match names_by_variable {
            true => home = home.env("LINQ_PROFILE", "work"),
            false => arguments.extend(["--profile", "work"]),
        }
    }
    serde_json::from_str(&home.succeeds(&arguments)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_the_first_one_of_option_token_variable_named_profile_key_variable_and_active_profile() {
    let sandbox = sandbox().await;
    for first in 0..SOURCES.len() {
        for names_by_variable in [true, false] {
            let shown = whoami(&sandbox, &SOURCES[first..], names_by_variable);
            assert_eq!(shown["token_source"], SOURCES[first], "{shown}");
            assert_eq!(shown["token"], "righ****dbox");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_profile_without_a_key_is_an_error_and_no_other_key_is_used() {
    let sandbox = sandbox().await;
    let file = json!({"profile": "home", "profiles": {"home": {"token": RIGHT}, "empty": {}, "work": {}}});
    for (arguments, variables, code, message) in [
        (
            &["-p", "empty"][..],
            &[][..],
            4,
            "profile \"empty\" has no API key; run `linq login --profile empty`",
        ),
        (&["-p", "empty"], &[("LINQ_API_V3_API_KEY", RIGHT)], 4, "profile \"empty\" has no API key"),
        (&[], &[("LINQ_PROFILE", "empty")], 4, "profile \"empty\" has no API key"),
        (
            &["-p", "wrok"],
            &[],
            2,
            "unknown profile; did you mean \"work\"? expected one of empty, home, work",
        ),
        (&["-p", "wrok"], &[("LINQ_TOKEN", RIGHT)], 2, "unknown profile"),
        (&["-p", "wrok", "--token", RIGHT], &[], 2, "unknown profile"),
        (&[], &[("LINQ_PROFILE", "nothing-like-it")], 2, "unknown profile; expected one of"),
        (&["--token", " "], &[], 4, "missing API key: the value of --token is empty"),
        (&["--token", "@no/such/file"], &[], 2, "cannot read the API key: No such file"),
    ] {
        let home = variables.iter().fold(Home::with_file(&file), |home, (name, value)| home.env(name, value));
        let (actual, stdout, stderr) = home.calls(&sandbox).run(&[&["whoami"], arguments].concat());
        assert_eq!((actual, &*stdout), (code, ""), "{arguments:?} {variables:?}: {stderr}");
        assert!(stderr.starts_with(&format!("error: {message}")), "{arguments:?} {variables:?}: {stderr}");
    }
}

#[test]
fn without_any_key_the_error_says_how_to_set_one() {
    for home in
        [Home::new(), Home::with_file("{}"), Home::new().env("LINQ_TOKEN", "").env("LINQ_PROFILE", "")]
    {
        let (code, _, stderr) = home.run(&["whoami"]);
        assert_eq!(code, 4);
        assert!(
            stderr.contains("has no API key; run `linq login")
                || stderr.contains("missing API key; run `linq login`"),
            "{stderr}"
        );
    }
    let (code, _, stderr) = Home::new().run(&["whoami", "--json"]);
    let error: Value = serde_json::from_str(&stderr).unwrap();
    assert_eq!((code, &error["error"]["kind"]), (4, &json!("MissingKey")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_can_be_read_from_standard_input_or_a_file() {
    let sandbox = sandbox().await;
    let home = Home::new().calls(&sandbox);
    for input in [format!("{RIGHT}\n"), format!(" {RIGHT}\r\nmore\n"), RIGHT.to_owned()] {
        let mut whoami = home.command(&["whoami", "--token", "-"]);
        let (code, stdout, stderr) = said(with_input(&mut whoami, input.as_bytes()));
        assert_eq!(code, 0, "{stderr}");
        assert!(stdout.contains("righ****dbox (--token)"), "{stdout}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    fs::write(&file, format!("{RIGHT}\n")).unwrap();
    home.succeeds(&["whoami", &format!("-t@{}", file.display())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_more_than_4_kib_is_refused_and_not_sent() {
    let sandbox = sandbox().await;
    let home = Home::new().calls(&sandbox);
    let file = home.path().parent().unwrap().with_extension("key");
    for (key, code) in [
        ("k".repeat(4096), 4),
        (format!("{}\r", "k".repeat(4096)), 4),
        ("k".repeat(4097), 2),
        ("\u{fc}".repeat(100_000), 2),
        (format!("   {}", "k".repeat(5_000)), 2),
    ] {
        fs::write(&file, format!("{key}\nmore\n")).unwrap();
        let at_file = format!("@{}", file.display());
        for arguments in
            [&["login"][..], &["login", "-t", "-"], &["whoami", "-t", "-"], &["whoami", "-t", &at_file]]
        {
            let mut command = home.command(arguments);
            let (actual, stdout, stderr) =
                said(with_input(&mut command, format!("{key}\nmore\n").as_bytes()));
            assert_eq!((actual, &*stdout), (code, ""), "{arguments:?}: {stderr}");
            let is_too_long =
                stderr.starts_with("error: invalid API key: the line is longer than 4096 bytes; ");
            assert_eq!(is_too_long, code == 2, "{arguments:?}: {stderr}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_line_and_the_base_url_come_from_variables_first_and_say_from_where() {
    let sandbox = sandbox().await;
    let file = json!({"profile": "home", "profiles": {
        "home": {"token": RIGHT, "fromPhone": "+12025550101"},
        "work": {"token": RIGHT, "fromPhone": "+12025550102"},
    }});
    for (arguments, line, expected, source) in [
        (&[][..], None, "+12025550101", "profile home"),
        (&["-p", "work"], None, "+12025550102", "profile work"),
        (&["-p", "work"], Some("+12025550103"), "+12025550103", "LINQ_FROM_PHONE"),
    ] {
        let home = Home::with_file(&file)
            .env("LINQ_API_V3_BASE_URL", "http://127.0.0.1:9")
            .env("LINQ_FROM_PHONE", line.unwrap_or_default())
            .calls(&sandbox);
        let shown = home.succeeds(&[&["whoami", "--json"], arguments].concat());
        let shown: Value = serde_json::from_str(&shown).unwrap();
        assert_eq!((&shown["from_phone"], &shown["from_phone_source"]), (&json!(expected), &json!(source)));
        assert_eq!(shown["base_url_source"], "LINQ_API_URL");
    }
    let home = Home::with_file(&file).env("LINQ_API_V3_BASE_URL", sandbox.base_url()).env("LINQ_API_URL", "");
    let shown: Value = serde_json::from_str(&home.succeeds(&["whoami", "--json"])).unwrap();
    assert_eq!(
        (&shown["base_url"], &shown["base_url_source"]),
        (&json!(sandbox.base_url()), &json!("LINQ_API_V3_BASE_URL"))
    );
    assert_eq!(shown["phone_numbers"][0]["phone_number"], sandbox.phone_number().as_str());
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_utf_8_is_an_error() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

    let home = Home::with_file(&json!({"profiles": {"default": {"token": RIGHT}}}));
    let mut whoami = home.command(&["whoami"]);
    let (code, _, stderr) = said(whoami.env("LINQ_TOKEN", OsStr::from_bytes(b"k\xff")).output().unwrap());
    assert_eq!((code, &*stderr), (2, "error: invalid environment variable LINQ_TOKEN: not UTF-8\n"));
}
