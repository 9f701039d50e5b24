use super::{examples, running::linq};

/// All it says, and what it exits with.
fn said(arguments: &[&str], environment: &[(&str, &str)]) -> (String, Option<i32>) {
    let output = linq(arguments).envs(environment.iter().copied()).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8(said).unwrap(), output.status.code())
}

#[test]
fn secrets_are_never_printed() {
    const SECRET: &str = "hunter2-hunter2";
    let file = examples::path("v3-0.65.0/message.read.min.json");
    let environment = [
        ("LINQ_WEBHOOK_SECRET", SECRET),
        ("LINQ_API_V3_API_KEY", SECRET),
        ("LINQ_API_URL", "http://127.0.0.1:9"),
    ];
    let surrounded = format!(" {SECRET}");
    let url = format!("ftp://user:{SECRET}@example.com");
    let named = format!("@{SECRET}");
    for (arguments, code) in [
        (&["webhook", "sign", "--secret", SECRET, &file][..], 0),
        (&["webhook", "sign", "--json", &file], 0),
        (&["webhook", "verify", "--secret", SECRET, &file], 1),
        (&["webhook", "verify", "--secret", &surrounded, &file], 1),
        (&["webhook", "verify", "--secret", "other", SECRET], 1),
        (&["webhook", "verify", &file, SECRET], 2),
        (&["webhook", "verify", "--header", SECRET, &file], 2),
        (&["webhook", "verify", "--now", SECRET, &file], 2),
        (&["listen", "--port", SECRET, "--secret", SECRET], 2),
        (&["listen", "--forward", &url], 2),
        (&["sandbox", "--key", SECRET, "--port", "x"], 2),
        (&["sandbox", "--subscribe", &url, "--port", "0"], 1),
        (&["sandbox", "--line", SECRET], 2),
        (&["sandbox", "--rule", SECRET], 2),
        (&["sandbox", "--rule", "hunter2=true"], 2),
        (&["sandbox", "--rule", "reuse_returns_201=hunter2"], 2),
        (&["sandbox", "--delays", SECRET], 2),
        (&["sandbox", "--starts-at", SECRET], 2),
        (&["listen", "--tolerance", SECRET], 2),
        (&["call", SECRET], 2),
        (&["call", "phone_numbers.list", SECRET], 2),
        (&["call", "phone_numbers.list", "--api-key", SECRET], 2),
        (&["call", "phone_numbers.list", "--api-key=hunter2"], 2),
        (&["call", "phone_numbers.list", "--json", SECRET], 2),
        (&["call", "phone_numbers.list", "--json", &named], 2),
        (&["call", "phone_numbers.list", "--json", r#"{"query": "hunter2"}"#], 2),
        (&["call", "phone_numbers.list", "--json", r#"{"headers": {"Idempotency-Key": "hunter2"}}"#], 2),
        (&["inbox", "list", "--store", SECRET], 2),
        (&["inbox", "show", SECRET], 2),
        (&["outbox", "settle", "--store", "sqlite:no/such/file", "key", SECRET], 2),
        (&["store", "check", "--store", &format!("sqlite:{SECRET}")], 1),
        (&["completions", SECRET], 2),
        (&["whoami", "--profile", SECRET], 2),
        (&["whoami", "--token", SECRET], 6),
        (&["login", "--token", SECRET, "--profile", "work"], 6),
        (&["profile", "use", SECRET], 1),
        (&["profile", "get", SECRET], 2),
        (&["profile", "set", SECRET, "a"], 2),
        (&["profile", "set", "fromPhone", SECRET], 2),
        (&["profile", "set", "telemetry", SECRET], 2),
        (&["profile", "create", "work", "--from-phone", SECRET], 2),
        (&["profile", "delete", SECRET], 1),
        (&["doctor", "--token", SECRET], 6),
        (&[SECRET], 2),
        (&["webhook", "verify", "--help"], 0),
        (&["listen", "--help"], 0),
        (&["sandbox", "--help"], 0),
    ] {
        let (said, actual) = said(arguments, &environment);
        assert_eq!(actual, Some(code), "{arguments:?}: {said}");
        assert!(!said.contains("hunter2"), "{arguments:?}: {said}");
    }
}

#[test]
fn the_help_documents_exit_codes_and_environment() {
    let (help, code) = said(&["--help"], &[]);
    assert_eq!(code, Some(0));
    for documented in [
        "Exit codes:",
        "LINQ_WEBHOOK_SECRET",
        "NO_COLOR",
        "webhook",
        "listen",
        "sandbox",
        "call",
        "inbox",
        "outbox",
        "store",
        "LINQ_STORE",
        "completions",
    ] {
        assert!(help.contains(documented), "{documented}: {help}");
    }
    for command in [
        &["webhook", "verify"][..],
        &["webhook", "sign"],
        &["listen"],
        &["sandbox"],
        &["inbox"],
        &["outbox"],
        &["store"],
    ] {
        let (help, code) = said(&[command, &["--help"]].concat(), &[]);
        assert_eq!(code, Some(0));
        assert!(help.contains("Exit codes: 0 "), "{help}");
    }
    assert_eq!(said(&[], &[]).1, Some(0));
}

#[test]
fn completions_are_printed_for_each_shell() {
    for (shell, sign) in [
        ("bash", "complete -F _linq"),
        ("zsh", "#compdef linq"),
        ("fish", "complete -c linq"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion:arg-completer[linq]"),
    ] {
        let (script, code) = said(&["completions", shell], &[]);
        assert_eq!(code, Some(0));
        for option in ["forward", "tolerance", "sign-with-wall-time", "relay-frames"] {
            assert!(script.contains(sign) && script.contains(option), "{shell}, {option}: {script}");
        }
    }
    assert_eq!(said(&["completions", "tcsh"], &[]).1, Some(2));
}

#[test]
fn output_has_no_colors_unless_it_is_a_terminal() {
    for arguments in [&["webhook", "sign", "--secret", "a", "no/such/file"][..], &["invented"], &["--help"]] {
        let (said, _) = said(arguments, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]);
        assert!(!said.contains('\u{1b}'), "{said:?}");
    }
}

#[test]
fn a_group_of_commands_alone_prints_its_help() {
    for group in [&[][..], &["chats"], &["chats", "participants"], &["webhooks"], &["profile"], &["inbox"]] {
        let output = linq(group).output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        assert_eq!((output.status.code(), output.stderr.is_empty()), (Some(0), true), "{group:?}");
        assert!(help.contains("Usage: ") && help.contains("Commands:"), "{group:?}: {help}");
    }
}

#[test]
fn usage_errors_are_json_with_json() {
    for arguments in [
        &["chats", "list", "--json", "--limit", "x"][..],
        &["messages", "send", "--json"],
        &["invented", "--json"],
    ] {
        let output = linq(arguments).output().unwrap();
        let error: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), &error["error"]["kind"]),
            (Some(2), &"Usage".into()),
            "{arguments:?}"
        );
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_value_like_an_option_is_explained_without_the_value() {
    let (said, code) = said(&["send", "+12025550199", "-5 degrees"], &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("a value that starts with `-` goes after `--`") && !said.contains("degrees"),
        "{said}"
    );
}

#[test]
fn commands_that_only_the_official_one_has_name_ours() {
    for command in ["init", "signup"] {
        let (said, code) = said(&[command, "--phone", "+12025550199"], &[]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("`linq login`"), "{said}");
    }
}
