//! `linq profile`, and how the profile file is written.

use std::{fs, thread};

use serde_json::{Value, json};

use super::home::Home;

#[test]
fn profiles_are_created_changed_listed_used_and_deleted() {
    let home = Home::new();
    for (arguments, printed) in [
        (&["profile", "list"][..], "   PROFILE  API KEY  LINE\n*  default  -        -\n"),
        (
            &["profile", "create", "work", "-t", "abcdefghijkl", "-f", "+12025550100"],
            "Created profile \"work\"\n",
        ),
        (&["profile", "get"], "profile=default\n"),
        (&["profile", "get", "token"], "token is not set\n"),
        (&["profile", "get", "telemetry"], "telemetry is not set\n"),
        (&["profile", "use", "work"], "Profile \"work\" is active now\n"),
        (&["profile", "get"], "profile=work\ntoken=abcd****ijkl\nfromPhone=+12025550100\n"),
        (&["profile", "get", "token"], "token=abcd****ijkl\n"),
        (&["profile", "get", "fromPhone", "-p", "default"], "fromPhone is not set\n"),
        (&["profile", "set", "fromPhone", "+12025550101"], "Set fromPhone of profile \"work\"\n"),
        (&["profile", "set", "token", "short", "--profile", "new"], "Set token of profile \"new\"\n"),
        (&["profile", "set", "telemetry", "false"], "Set telemetry\n"),
        (&["profile", "get", "telemetry"], "telemetry=false\n"),
        (
            &["profile", "list"],
            "   PROFILE  API KEY       LINE\n   default  -             -\n   new      ****          -\n*  work     abcd****ijkl  +12025550101\n",
        ),
        (&["profile", "delete", "work"], "Deleted profile \"work\"; \"default\" is active now\n"),
        (&["profile", "delete", "new"], "Deleted profile \"new\"\n"),
        (&["logout"], "Profile \"default\" has no API key\n"),
    ] {
        assert_eq!(home.succeeds(arguments), printed, "{arguments:?}");
    }
    let expected =
        json!({"version": 2, "profile": "default", "profiles": {"default": {}}, "telemetry": false});
    assert_eq!(home.file(), expected);
}

#[test]
fn json_has_the_same_with_masked_keys() {
    let home = Home::with_file(&json!({"profiles": {"default": {"token": "abcdefghijkl"}}}));
    let json = |arguments: &[&str]| serde_json::from_str::<Value>(&home.succeeds(arguments)).unwrap();
    let profile = json!({"name": "default", "active": true, "token": "abcd****ijkl", "fromPhone": null, "expiresAt": null});
    assert_eq!(json(&["profile", "list", "--json"]), json!([profile]));
    assert_eq!(
        json(&["profile", "get", "--json"]),
        json!({"profile": "default", "token": "abcd****ijkl", "fromPhone": null, "telemetry": null})
    );
}

#[test]
fn what_is_refused_changes_nothing_and_exits_with_2() {
    let file = json!({"version": 2, "profile": "work", "profiles": {"default": {}, "work": {}, "sandbox": {"token": "t"}}});
    for (arguments, message) in [
        (&["profile", "create", "work"][..], "the profile exists already; change it with `linq profile set`"),
        (&["profile", "create", "sandbox"], "the profile \"sandbox\" is reserved for trial accounts"),
        (&["profile", "create", ""], "invalid profile name: must not be empty"),
        (&["profile", "set", "token", "t", "-p", "sandbox"], "the profile \"sandbox\" is reserved"),
        (&["login", "--profile", "sandbox", "--token", "t"], "the profile \"sandbox\" is reserved"),
        (&["profile", "delete", "default"], "the profile \"default\" cannot be deleted"),
        (
            &["profile", "delete", "sandbox"],
            "this deletes the API key of the trial account; to do so, pass --yes",
        ),
        (&["profile", "delete", "nowhere"], "unknown profile; expected one of default, sandbox, work"),
        (&["profile", "use", "wrk"], "unknown profile; did you mean \"work\"? "),
        (&["profile", "get", "-p", "wrk"], "unknown profile; did you mean \"work\"? "),
        (&["logout", "-p", "wrk"], "unknown profile; did you mean \"work\"? "),
        (
            &["profile", "get", "tokn"],
            "unknown key; did you mean token? expected one of token, fromPhone, telemetry",
        ),
        (&["profile", "set", "from-phone", "+12025550100"], "unknown key; did you mean fromPhone? "),
        (
            &["profile", "set", "fromPhone", "2025550100"],
            "invalid phone number of the line: expected E.164 form",
        ),
        (&["profile", "set", "fromPhone", "a@example.com"], "invalid phone number of the line"),
        (&["profile", "set", "token", ""], "invalid token: the value is empty; pass an API key"),
        (&["profile", "set", "token", " "], "invalid token: the value is empty; pass an API key"),
        (&["profile", "set", "telemetry", "no"], "invalid telemetry: expected true or false"),
    ] {
        let home = Home::with_file(&file);
        let (code, stdout, stderr) = home.run(arguments);
        assert_eq!((code, &*stdout), (2, ""), "{arguments:?}: {stderr}");
        assert!(stderr.starts_with(&format!("error: {message}")), "{arguments:?}: {stderr}");
        assert_eq!(home.file(), file, "{arguments:?}");
    }
    let home = Home::with_file(&file);
    home.succeeds(&["profile", "delete", "sandbox", "--yes"]);
    assert_eq!(home.file()["profiles"], json!({"default": {}, "work": {}}));
}

#[test]
fn a_missing_active_profile_is_an_error_that_names_the_others() {
    let file = json!({"version": 2, "profile": "gone", "profiles": {"home": {"token": "h"}, "work": {}}});
    let message = "error: the active profile \"gone\" is missing; run `linq profile use NAME` with one of home, work, or `linq login`\n";
    for arguments in [&["whoami"][..], &["profile", "get"], &["profile", "get", "token"], &["logout"]] {
        let home = Home::with_file(&file);
        let (code, stdout, stderr) = home.run(arguments);
        assert_eq!((code, &*stdout, &*stderr), (2, "", message), "{arguments:?}");
        assert_eq!(home.file(), file, "{arguments:?}");
    }
    let home = Home::with_file(&file);
    home.succeeds(&["profile", "use", "home"]);
    home.succeeds(&["profile", "get"]);
}

#[test]
fn the_wait_for_another_process_is_announced_and_bounded() {
    let home = Home::with_file("{}");
    let path = home.path().with_extension("json.lock");
    let lock = fs::File::create(&path).unwrap();
    lock.lock().unwrap();
    let (code, stdout, stderr) = home.run(&["profile", "create", "work"]);
    let expected = format!(
        "warning: waiting for another process, which has locked {path}\nerror: timed out waiting for another process, which has locked {path}; end that process, or try again later\n",
        path = path.display()
    );
    assert_eq!((code, &*stdout, stderr), (1, "", expected));
    drop(lock);
    home.succeeds(&["profile", "create", "work"]);
}

#[test]
fn unknown_fields_are_kept_at_every_level() {
    let home = Home::with_file(&json!({
        "version": 3, "new": {"a": [1.5, null]}, "profile": "work",
        "profiles": {"work": {"token": "t", "orgId": "o", "new": {"b": true}}, "other": {"new": 1}},
    }));
    home.succeeds(&["profile", "set", "fromPhone", "+12025550100"]);
    home.succeeds(&["logout"]);
    let expected = json!({
        "version": 3, "new": {"a": [1.5, null]}, "profile": "work",
        "profiles": {"work": {"fromPhone": "+12025550100", "orgId": "o", "new": {"b": true}}, "other": {"new": 1}},
    });
    assert_eq!(home.file(), expected);
}

#[test]
fn the_order_of_fields_and_the_digits_of_numbers_are_kept() {
    let home = Home::with_file(
        r#"{"version":2,"z":123456789012345678901234567890,"profile":"work","profiles":{"work":{"token":"t","a":1.10}}}"#,
    );
    home.succeeds(&["profile", "set", "fromPhone", "+12025550100"]);
    let expected = r#"{
  "version": 2,
  "z": 123456789012345678901234567890,
  "profile": "work",
  "profiles": {
    "work": {
      "token": "t",
      "a": 1.10,
      "fromPhone": "+12025550100"
    }
  }
}
"#;
    assert_eq!(fs::read_to_string(home.path()).unwrap(), expected);
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_and_is_not_replaced() {
    for (content, reason) in [
        ("{\"profiles\": {", "not JSON: EOF while parsing an object at line 1 column 14"),
        ("", "not JSON: EOF while parsing a value at line 1 column 0"),
        ("[]", "expected a JSON object"),
        ("{\"profiles\": []}", "`profiles` must be an object"),
    ] {
        let home = Home::with_file(content);
        for arguments in [
            &["profile", "set", "token", "t"][..],
            &["profile", "set", "telemetry", "true"],
            &["profile", "create", "work"],
            &["profile", "use", "work"],
            &["profile", "delete", "work"],
            &["profile", "list"],
            &["logout"],
            &["login", "-t", "t"],
            &["whoami"],
        ] {
            let (code, stdout, stderr) = home.run(arguments);
            assert_eq!((code, &*stdout), (2, ""), "{arguments:?}: {stderr}");
            let expected =
                format!("error: invalid profile file {}: {reason}; correct it", home.path().display());
            assert!(stderr.starts_with(&expected), "{arguments:?}: {stderr}");
            assert_eq!(fs::read_to_string(home.path()).unwrap(), content);
        }
    }
}

#[test]
fn a_file_that_cannot_be_written_is_an_error_that_names_it() {
    for folder in ["/dev/null", "/no/such/home"] {
        let (code, _, stderr) = Home::new().env("HOME", folder).run(&["profile", "create", "work"]);
        assert_eq!(code, 1, "{stderr}");
        let expected = format!("error: cannot write the profile file {folder}/.linq/config.json: ");
        assert!(
            stderr.starts_with(&expected) && stderr.ends_with("check the permissions of its folder\n"),
            "{stderr}"
        );
    }
}

#[test]
fn writers_at_the_same_time_lose_no_change() {
    let home = Home::new();
    let names: Vec<_> = (0..16).map(|number| format!("profile{number}")).collect();
    thread::scope(|scope| {
        for name in &names {
            scope.spawn(|| home.succeeds(&["profile", "create", name]));
        }
    });
    let file = home.file();
    assert!(names.iter().all(|name| file["profiles"][name].is_object()), "{file}");
    let left: Vec<_> = fs::read_dir(home.path().parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[cfg(unix)]
mod unix {
    use std::{
        fs,
        os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink},
        process::Command,
    };

    use super::super::home::Home;

    #[test]
    fn the_file_has_mode_0600_and_its_folder_0700() {
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let home = Home::new();
        home.succeeds(&["profile", "create", "work"]);
        assert_eq!((mode(&home.path()), mode(home.path().parent().unwrap())), (0o600, 0o700));
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o644)).unwrap();
        home.succeeds(&["profile", "use", "work"]);
        assert_eq!(mode(&home.path()), 0o600);
    }

    #[test]
    fn the_file_is_replaced_at_once_and_indented_by_two() {
        let home = Home::with_file("{}");
        let old = fs::metadata(home.path()).unwrap().ino();
        let open = fs::File::open(home.path()).unwrap();
        home.succeeds(&["profile", "use", "default"]);
        assert_ne!(fs::metadata(home.path()).unwrap().ino(), old);
        assert_eq!(std::io::read_to_string(open).unwrap(), "{}");
        let expected = "{\n  \"profile\": \"default\",\n  \"profiles\": {\n    \"default\": {}\n  },\n  \"version\": 2\n}\n";
        assert_eq!(fs::read_to_string(home.path()).unwrap(), expected);
    }

    #[test]
    fn a_fifo_in_place_of_the_file_or_its_lock_is_refused_without_waiting() {
        for (name, kind, arguments) in [
            ("config.json", "profile", &["profile", "list"][..]),
            ("config.json", "profile", &["profile", "create", "work"]),
            ("config.json", "profile", &["whoami"]),
            ("config.json.lock", "lock", &["profile", "create", "work"]),
        ] {
            let home = Home::with_file("{}");
            let path = home.path().with_file_name(name);
            let _ = fs::remove_file(&path);
            assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
            let (code, stdout, stderr) = home.run(arguments);
            assert_eq!((code, &*stdout), (2, ""), "{arguments:?}: {stderr}");
            let expected = format!("error: invalid {kind} file {}: not a regular file; ", path.display());
            assert!(stderr.starts_with(&expected), "{arguments:?}: {stderr}");
        }
    }

    #[test]
    fn a_symbolic_link_stays_one_and_a_dangling_one_is_an_error() {
        let home = Home::with_file("{}");
        let target = home.path().with_file_name("elsewhere.json");
        fs::rename(home.path(), &target).unwrap();
        symlink("elsewhere.json", home.path()).unwrap();
        home.succeeds(&["profile", "create", "work"]);
        assert!(home.path().is_symlink());
        assert!(fs::read_to_string(&target).unwrap().contains("work"));
        fs::remove_file(&target).unwrap();
        let (code, _, stderr) = home.run(&["profile", "create", "work"]);
        assert_eq!(code, 1, "{stderr}");
        assert!(home.path().is_symlink() && !target.exists());
    }
}
