//! Usage errors, without anything that could be a secret.

use std::{env, ffi::OsString, process::ExitCode};

use clap::{
    Error,
    error::{ContextKind, ContextValue},
};

/// The options whose values may be secret; URLs can contain passwords.
const SECRET_OPTIONS: [&str; 4] = ["--secret", "--key", "--forward", "--header"];
const SECRET_VARIABLES: [&str; 2] = ["LINQ_WEBHOOK_SECRET", "LINQ_API_V3_API_KEY"];
const SECRET_PREFIX: &str = "whsec_";
const HIDDEN: &str = "<hidden>";

/// Prints the usage error, or the help that was requested.
pub(crate) fn print(mut error: Error, arguments: &[OsString]) -> ExitCode {
    hide(&mut error, arguments);
    // A closed pipe is not an error.
    let _ = error.print();
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// Hides what could be a secret in an error that quotes it.
fn hide(error: &mut Error, arguments: &[OsString]) {
    let secrets = secrets(error, arguments);
    let without =
        |text: &str| secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, HIDDEN));
    let context = error.context().map(|(kind, value)| match value {
        ContextValue::String(text) => (kind, ContextValue::String(without(text))),
        ContextValue::Strings(texts) => {
            (kind, ContextValue::Strings(texts.iter().map(|text| without(text)).collect()))
        }
        // A suggestion that repeats a secret is dropped.
        ContextValue::StyledStrs(texts)
            if texts.iter().any(|text| without(&text.to_string()) != text.to_string()) =>
        {
            (kind, ContextValue::None)
        }
        other => (kind, other.clone()),
    });
    for (kind, value) in context.collect::<Vec<_>>() {
        error.insert(kind, value);
    }
}

/// Returns everything that could be a secret, the longest first.
fn secrets(error: &Error, arguments: &[OsString]) -> Vec<String> {
    let mut secrets: Vec<String> = SECRET_VARIABLES.iter().filter_map(|name| env::var(name).ok()).collect();
    let mut is_value = false;
    for argument in arguments.iter().map(|argument| argument.to_string_lossy()) {
        if is_value || argument.contains(SECRET_PREFIX) {
            secrets.push(argument.to_string());
        }
        is_value = SECRET_OPTIONS.contains(&argument.as_ref());
        if let Some((name, value)) = argument.split_once('=')
            && SECRET_OPTIONS.contains(&name)
        {
            secrets.push(value.to_owned());
        }
    }
    if let Some(ContextValue::String(unexpected)) = error.get(ContextKind::InvalidArg)
        && !unexpected.starts_with(['-', '<', '['])
    {
        secrets.push(unexpected.clone());
    }
    secrets.retain(|secret| !secret.is_empty());
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::command_line::CommandLine;

    fn message(arguments: &[&str]) -> String {
        let arguments: Vec<OsString> = ["linq"].iter().chain(arguments).map(OsString::from).collect();
        let mut error = CommandLine::try_parse_from(&arguments).unwrap_err();
        hide(&mut error, &arguments);
        error.to_string()
    }

    #[test]
    fn usage_errors_contain_no_secrets() {
        const SECRET: &str = "hunter2-hunter2";
        let header = format!("no colon {SECRET}");
        let url = format!("ftp://user:{SECRET}@example.com");
        let typo = format!("--secert={SECRET}");
        let equals = format!("--secret={SECRET}");
        for arguments in [
            &["webhook", "verify", "--secret", SECRET, "--now", "soon", "-"][..],
            &["webhook", "verify", "--secret", "a", "-", SECRET],
            &["webhook", "verify", "--secret", "a", "--header", &header, "-"],
            &["webhook", "verify", &typo, "-"],
            &["webhook", "sign", &equals, &equals, "-"],
            &["webhook", "sign", "--scheme", "whsec_hunter2-hunter2", "-"],
            &["listen", "--secret", SECRET, "--port", SECRET],
            &["listen", "--secret", SECRET, "--forward", &url],
            &["sandbox", "--key", SECRET, "--key", SECRET],
        ] {
            let message = message(arguments);
            assert!(
                message.starts_with("error: ") && !message.contains("hunter2"),
                "{arguments:?}: {message}"
            );
        }
    }

    #[test]
    fn values_that_are_not_secret_are_printed() {
        assert!(message(&["listen", "--secret", "geheim", "--port", "many"]).contains("'many'"));
        assert!(message(&["listen", "--invented"]).contains("'--invented'"));
        assert!(message(&["webhook", "verify", "--secret", "geheim"]).contains("<FILE>"));
    }
}
