use http::HeaderMap;
use linq::{types::Timestamp, webhooks::Signer};
use serde_json::{Value, json};

use super::{
    examples::{self, Example, meaning},
    running::{linq, with_input},
};

const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const NOW: &str = "1790000000";
const READ: &str = "v3-0.65.0/message.read.min.json";

/// The output of a command that succeeded.
#[derive(Debug)]
struct Report {
    stdout: String,
    stderr: String,
}

/// Runs `linq webhook`; the error is its message.
fn webhook(arguments: &[&str], stdin: &str) -> Result<Report, String> {
    let output = with_input(&mut linq(&[&["webhook"], arguments].concat()), stdin.as_bytes());
    let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    match output.status.code() {
        Some(0) => Ok(Report { stdout, stderr }),
        code => {
            assert_eq!((code, &*stdout), (Some(1), ""), "{stderr}");
            Err(stderr.strip_prefix("error: ").unwrap().trim_end().to_owned())
        }
    }
}

/// The headers that sign a body, as lines.
fn signed(body: &str, options: &[&str]) -> Vec<String> {
    let sign = ["sign", "--secret", SECRET, "--timestamp", NOW, "-"];
    let report = webhook(&[&sign[..], options].concat(), body).unwrap();
    report.stdout.lines().map(str::to_owned).collect()
}

/// Headers as lines.
fn lines(headers: &HeaderMap) -> Vec<String> {
    headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
}

/// Verifies a body with these headers, now.
fn verify(body: &str, headers: &[String], options: &[&str]) -> Result<Report, String> {
    let headers = headers.iter().flat_map(|header| ["--header", header]);
    let verify = ["verify", "--secret", SECRET, "--now", NOW, "-"];
    webhook(&verify.into_iter().chain(options.iter().copied()).chain(headers).collect::<Vec<_>>(), body)
}

/// `phone_number.status_updated` names the type `PhoneNumberStatusUpdated`.
fn type_name(example: &Example) -> String {
    let event_type = example.text("event_type").unwrap();
    if ["call.ringing", "hologram.projected"].contains(&event_type.as_str()) {
        return "unknown".to_owned();
    }
    let module = match (example.text("api_version").as_deref(), example.text("webhook_version").as_deref()) {
        (Some("v2"), _) => "v2::",
        (_, Some("2025-01-01")) if event_type.starts_with("message.") && event_type != "message.failed" => {
            "v2025_01_01::"
        }
        _ => "",
    };
    let words = event_type.replace('_', ".");
    let name = words.split('.').map(|word| word[..1].to_uppercase() + &word[1..]);
    format!("{module}{}", name.collect::<String>())
}

/// The examples whose payload is not what its type says, with the place.
const BROKEN: [(&str, &str); 1] = [("forward-compat/message.received.null-data.json", "`data`")];

#[test]
fn every_example_is_verified_by_every_scheme_and_printed_unchanged() {
    let (signer, now) =
        (Signer::new(SECRET).unwrap(), Timestamp::from_unix(NOW.parse().unwrap(), 0).unwrap());
    let mut count = 0;
    for example in examples::all() {
        if BROKEN.iter().any(|(name, _)| *name == example.name) {
            continue;
        }
        let (name, event_type) = (&example.name, example.text("event_type").unwrap());
        let version = example.text("webhook_version").or(example.text("api_version"));
        let rest = format!("{event_type} {} {}\n", version.as_deref().unwrap_or("-"), type_name(&example));
        let id = example.text("event_id").unwrap();
        let v3 = lines(&signer.headers(&id, now, example.body.as_bytes()).unwrap());
        let v2 = lines(&signer.v2_headers(example.body.as_bytes()));
        for (scheme, headers) in [("standard", &v3[..3]), ("legacy", &v3[3..]), ("v2", &v2[..])] {
            let report =
                verify(&example.body, headers, &[]).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(report.stderr, format!("{scheme} {rest}"), "{name}");
            let written: Value = serde_json::from_str(&report.stdout).unwrap();
            assert_eq!(meaning(written), meaning(example.json()), "{name}");
            assert_eq!(report.stdout.lines().count(), 1, "{name}");
        }
        count += 1;
    }
    assert!(count > 200, "{count}");
}

#[test]
fn an_example_with_an_invalid_payload_is_an_error_that_names_the_place() {
    for (name, place) in BROKEN {
        let body = examples::one(name).body;
        let error = verify(&body, &signed(&body, &[]), &[]).unwrap_err();
        assert!(
            error.starts_with(
                "invalid payload of a `message.received` event: missing or unexpected value at "
            ),
            "{error}"
        );
        assert!(error.contains(place), "{error}");
    }
}

#[test]
fn the_headers_determine_the_scheme_unless_it_is_restricted() {
    let body = examples::one(READ).body;
    let both = signed(&body, &[]);
    assert_eq!(both.len(), 5);
    let v2 = signed(&body, &["--scheme", "v2"]);
    for (headers, options, scheme) in [
        (&both, &[][..], Ok("standard")),
        (&both, &["--scheme", "legacy"], Ok("legacy")),
        (&both, &["--scheme", "legacy", "--scheme", "standard"], Ok("standard")),
        (&both, &["--scheme", "v2"], Err("`standard` is not accepted")),
        (&v2, &[], Ok("v2")),
        (&v2, &["--scheme", "v2"], Ok("v2")),
        (&v2, &["--scheme", "legacy"], Err("`v2` is not accepted")),
        (&v2, &["--scheme", "standard", "--scheme", "legacy"], Err("`v2` is not accepted")),
    ] {
        match (verify(&body, headers, options), scheme) {
            (Ok(report), Ok(scheme)) => {
                assert_eq!(report.stderr.split(' ').next(), Some(scheme), "{options:?}")
            }
            (Err(error), Err(reason)) => assert!(error.contains(reason), "{options:?}: {error}"),
            (result, _) => panic!("{options:?}: {result:?}"),
        }
    }
}

#[test]
fn each_failed_verification_prints_its_reason() {
    let body = examples::one(READ).body;
    let headers = signed(&body, &[]);
    let with = |name: &str, value: &str| -> Vec<String> {
        let changed = headers.iter().map(|header| match header.split_once(": ") {
            Some((its, _)) if its == name => format!("{name}: {value}"),
            _ => header.clone(),
        });
        changed.collect()
    };
    let twice: Vec<_> = headers.iter().chain(&headers).cloned().collect();
    for (body, headers, now, reason) in [
        (&*format!("{body} "), headers.clone(), NOW, "signature mismatch"),
        (&body, headers.clone(), "1790000301", "timestamp is 301 s old"),
        (&body, headers.clone(), "1789999699", "301 s in the future"),
        (&body, Vec::new(), NOW, "missing signature headers"),
        (&body, twice, NOW, "repeated header `webhook-id`"),
        (&body, with("webhook-signature", "v2,AAAA"), NOW, "missing `v1` signature"),
        (&body, with("webhook-signature", "v1,AAAA"), NOW, "invalid signature header"),
        (&body, with("webhook-timestamp", "soon"), NOW, "invalid timestamp header"),
        (
            "{}",
            signed("{}", &["--id", "e1"]),
            NOW,
            "invalid webhook body: expected a JSON object with an `event_type`",
        ),
        ("<html>", signed("<html>", &["--id", "e1"]), NOW, "invalid webhook body: not JSON"),
    ] {
        let headers = headers.iter().flat_map(|header| ["-H", header]);
        let verify = ["verify", "--secret", SECRET, "--now", now, "-"];
        let error = webhook(&verify.into_iter().chain(headers).collect::<Vec<_>>(), body).unwrap_err();
        assert!(error.contains(reason), "{reason}: {error}");
    }
}

#[test]
fn an_invalid_secret_is_an_error() {
    for (arguments, reason) in [
        (&["verify", "--secret", "", "-"][..], "empty signing secret"),
        (&["verify", "--secret", "a ", "-"], "invalid signing secret: it has whitespace in or around it"),
        (&["verify", "--secret", "no_base64", "--scheme", "standard", "-"], "not base64"),
        (&["sign", "--secret", "", "-"], "empty signing secret"),
        (&["sign", "--secret", "no_base64", "--scheme", "standard", "-"], "not base64"),
    ] {
        let error = webhook(arguments, "{}").unwrap_err();
        assert!(error.contains(reason), "{arguments:?}: {error}");
    }
}

#[test]
fn one_of_several_secrets_is_enough() {
    let body = examples::one(READ).body;
    let headers = signed(&body, &[]);
    let headers: Vec<_> = headers.iter().flat_map(|header| ["-H", header]).collect();
    let verify = [
        "verify",
        "--now",
        NOW,
        "--secret",
        "whsec_dGhlIHNlY3JldCBvZiBhIHN0cmFuZ2Vy",
        "--secret",
        SECRET,
        "-",
    ];
    webhook(&[&verify[..], &headers].concat(), &body).unwrap();
}

#[test]
fn unknown_fields_are_printed_unchanged() {
    let body = r#"{"event_id":"e1","event_type":"reaction.added","new":[1.0,1E400],"data":{"is_from_me":true,"reaction_type":"like","newer":{"a":null}}}"#;
    let report = verify(body, &signed(body, &[]), &[]).unwrap();
    assert_eq!(report.stderr, "standard reaction.added - ReactionAdded\n");
    let written = r#"{"data":{"is_from_me":true,"newer":{"a":null},"reaction_type":"like"},"event_id":"e1","event_type":"reaction.added","new":[1.0,1E400]}"#;
    assert_eq!(report.stdout, format!("{written}\n"));
}

#[test]
fn control_characters_in_an_event_type_are_escaped() {
    let body = r#"{"event_id":"e1","event_type":"comet\u001b[2J\nsighted","data":{}}"#;
    let report = verify(body, &signed(body, &[]), &[]).unwrap();
    assert_eq!(report.stderr, "standard comet\\u001b[2J\\nsighted - unknown\n");
}

#[test]
fn headers_are_printed_as_lines_or_as_an_object() {
    let body = r#"{"event_id":"0192a000-0000-7000-8000-000000000001","event_type":"message.received"}"#;
    assert_eq!(
        signed(body, &[]),
        [
            "webhook-id: 0192a000-0000-7000-8000-000000000001",
            "webhook-timestamp: 1790000000",
            "webhook-signature: v1,BxjO+uH7yua459+gEw7nNr+RuYZzUllxRjUsyBnp+Sg=",
            "x-webhook-timestamp: 1790000000",
            "x-webhook-signature: 05c1160d02d7155749d7a21ef4f35f48d8943072f8a6c562c4551e9b7595f3d2",
        ]
    );
    assert_eq!(signed(body, &["--id", "mine"])[0], "webhook-id: mine");
    assert_eq!(signed(body, &["--scheme", "standard"]), signed(body, &[])[..3]);
    assert_eq!(signed(body, &["--scheme", "legacy"]), signed(body, &[])[3..]);
    let v2 = ["sign", "--secret", "my-v2-secret", "--scheme", "v2", "--json", "-"];
    let v2: Value = serde_json::from_str(&webhook(&v2, body).unwrap().stdout).unwrap();
    let signature = "sha256=6d06c5877221f6d23f993d2d7dda932d16bc0dfdc8b8e8dc2b45cadc4b0bae8d";
    assert_eq!(v2, json!({ "x-webhook-signature": signature }));
}

#[test]
fn only_the_standard_scheme_needs_an_id() {
    let sign = |secret: &str, options: &[&str]| {
        webhook(&[&["sign", "--secret", secret, "-"], options].concat(), "no event")
    };
    assert!(sign(SECRET, &[]).unwrap_err().contains("pass one with --id"));
    assert!(sign(SECRET, &["--id", ""]).unwrap_err().contains("pass one with --id"));
    assert!(sign(SECRET, &["--id", "a\nb"]).unwrap_err().contains("pass another one with --id"));
    assert_eq!(sign(SECRET, &["--scheme", "legacy"]).unwrap().stdout.lines().count(), 2);
    assert_eq!(sign(SECRET, &["--scheme", "v2"]).unwrap().stdout.lines().count(), 1);
    assert_eq!(sign("not_base64", &[]).unwrap().stdout.lines().count(), 2);
}

#[test]
fn the_body_is_a_file_or_standard_input_and_the_secret_may_be_in_the_environment() {
    let path = examples::path(READ);
    let body = examples::one(READ).body;
    let headers = linq(&["webhook", "sign", &path]).env("LINQ_WEBHOOK_SECRET", SECRET).output().unwrap();
    assert_eq!(headers.status.code(), Some(0));
    let headers = String::from_utf8(headers.stdout).unwrap();
    let headers: Vec<_> = headers.lines().flat_map(|header| ["--header", header]).collect();

    for file in [&*path, "-"] {
        let arguments = [&["webhook", "verify"], &headers[..], &[file]].concat();
        let output = with_input(linq(&arguments).env("LINQ_WEBHOOK_SECRET", SECRET), body.as_bytes());
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert_eq!(
            String::from_utf8(output.stderr).unwrap(),
            "standard message.read 2026-02-03 MessageRead\n"
        );
        let written: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(meaning(written), meaning(serde_json::from_str(&body).unwrap()));
    }
}

#[test]
fn failures_exit_with_1_and_usage_errors_with_2() {
    let path = examples::path(READ);
    for (arguments, code, reason) in [
        (&["verify", "--secret", SECRET, &path][..], 1, "error: missing signature headers"),
        (&["verify", "--secret", SECRET, "no/such/file"], 1, "error: cannot read the file: "),
        (&["sign", "--secret", SECRET, "no/such/file"], 1, "error: cannot read the file: "),
        (&["verify", &path], 2, "--secret <SECRET>"),
        (&["verify", "--secret", SECRET], 2, "<FILE>"),
        (&["verify", "--secret", SECRET, "--header", "no colon", &path], 2, "missing colon"),
        (&["verify", "--secret", SECRET, "--header", "a b: c", &path], 2, "invalid header name"),
        (
            &["verify", "--secret", SECRET, "--scheme", "v1", &path],
            2,
            "possible values: standard, legacy, v2",
        ),
        (&["verify", "--secret", SECRET, "--now", "soon", &path], 2, "--now"),
    ] {
        let output = linq(&[&["webhook"], arguments].concat()).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(stderr.contains(reason) && output.stdout.is_empty(), "{arguments:?}: {stderr}");
    }
}

#[test]
fn json_output_has_the_verdict() {
    let body = examples::one(READ).body;
    let report = verify(&body, &signed(&body, &[]), &["--json"]).unwrap();
    let verdict: Value = serde_json::from_str(&report.stderr).unwrap();
    let expected = json!({
        "scheme": "standard", "event_type": "message.read", "version": "2026-02-03", "payload_type": "MessageRead",
    });
    assert_eq!(verdict, expected);

    let output = linq(&["webhook", "verify", "--json", "--secret", SECRET, &examples::path(READ)]).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert!(error["error"]["message"].as_str().unwrap().starts_with("missing signature headers"));
}

#[test]
fn the_output_in_the_docs_is_what_the_commands_print() {
    let page = include_str!("../../../../docs/cli.md");
    assert!(page.contains(SECRET));
    let mut blocks = page.split("\n```json\n").filter_map(|rest| rest.split("\n```").next());
    let event = blocks.find(|block| block.contains("event_id")).unwrap();
    let headers = signed(event, &[]);
    assert!(page.contains(&format!("\n```text\n{}\n```", headers.join("\n"))), "{headers:#?}");
    for header in &headers[..3] {
        assert!(page.contains(&format!("--header '{header}'")), "{header}");
    }
    let report = verify(event, &headers, &[]).unwrap();
    assert_eq!(report.stdout.trim_end(), event);
    assert!(page.contains(&format!("\n```text\n{}```", report.stderr)), "{}", report.stderr);
}

#[test]
fn a_timestamp_is_accepted_within_the_tolerance() {
    let file = "{\"event_id\":\"e1\",\"event_type\":\"message.read\",\"webhook_version\":\"2026-02-03\",\"data\":{}}";
    let headers = signed(file, &[]);
    let now: i64 = NOW.parse().unwrap();
    for (tolerance, away, accepted) in [
        (None, 300, true),
        (None, 301, false),
        (Some("0s"), 0, true),
        (Some("0s"), 1, false),
        (Some("90s"), 90, true),
        (Some("90s"), 91, false),
        (Some("366d"), 366 * 24 * 60 * 60, true),
        (Some("366d"), 366 * 24 * 60 * 60 + 1, false),
    ] {
        for seconds in [now + away, now - away] {
            let seconds = seconds.to_string();
            let mut verify = vec!["verify", "--secret", SECRET, "--now", &seconds, "-"];
            verify.extend(tolerance.iter().flat_map(|tolerance| ["--tolerance", *tolerance]));
            verify.extend(headers.iter().flat_map(|header| ["--header", header.as_str()]));
            let error = webhook(&verify, file).err();
            let rejected = error.is_some_and(|error| error.contains("outside the tolerance"));
            assert_eq!(!rejected, accepted, "{tolerance:?} {away}");
        }
    }
}

#[test]
#[cfg(unix)]
fn an_endless_body_is_an_error() {
    for arguments in [
        &["webhooks", "sign", "--secret", SECRET, "/dev/zero"][..],
        &["webhooks", "verify", "--secret", SECRET, "/dev/zero"],
        &["call", "chats.create", "--params", "@/dev/zero"],
    ] {
        let output = linq(arguments).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code().is_some_and(|code| code == 1 || code == 2), "{arguments:?}: {stderr}");
        assert!(stderr.contains("longer than 67108864 bytes"), "{arguments:?}: {stderr}");
    }
}
