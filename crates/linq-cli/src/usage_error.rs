//! Usage errors. They contain no value of the command line, because any of them could be a secret in the wrong place.

use std::{
    error::Error as _,
    io::{stderr, stdout},
    process::ExitCode,
};

use clap::{
    CommandFactory as _, Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{
    command_line::CommandLine,
    exit_code,
    failure::Failure,
    terminal::{print, print_on_stderr, styled},
};

const HIDDEN: &str = "<hidden>";
const VALUE_TIP: &str = "a value that starts with `-` goes after `--`";

/// Prints the usage error, or the help that was requested, and returns the exit code. A group of commands without one of
/// them requests help, too.
pub(crate) fn print_error(error: &Error, is_json: bool) -> ExitCode {
    let is_help = !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    let printed = match (is_help, is_json) {
        (true, _) => print(&styled(&error.render(), &stdout())),
        (false, false) => print_on_stderr(&styled(&without_values(error).render(), &stderr())),
        (false, true) => {
            let message = without_values(error).render().to_string();
            let message = message.trim_start_matches("error: ").trim_end();
            return Failure::new(message).with_kind("Usage").with_exit_code(exit_code::USAGE).print(true);
        }
    };
    match printed {
        Ok(()) if is_help => ExitCode::SUCCESS,
        Ok(()) => ExitCode::from(exit_code::USAGE),
        Err(failure) => failure.print(is_json),
    }
}

fn without_values(error: &Error) -> Error {
    let get = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.as_str(),
        _ => "",
    };
    let value = get(ContextKind::InvalidValue);
    if error.kind() == ErrorKind::ValueValidation {
        let (argument, reason) = (get(ContextKind::InvalidArg), reason(error, value));
        let message =
            format!("invalid value for '{argument}': {reason}\n\nFor more information, try '--help'.\n");
        return Error::raw(error.kind(), message).with_cmd(&CommandLine::command());
    }
    let mut hidden = Error::new(error.kind()).with_cmd(&CommandLine::command());
    for (kind, content) in error.context() {
        let content = match kind {
            ContextKind::InvalidValue if !value.is_empty() => ContextValue::String(HIDDEN.to_owned()),
            ContextKind::InvalidSubcommand if error.kind() == ErrorKind::InvalidSubcommand => {
                ContextValue::String(HIDDEN.to_owned())
            }
            ContextKind::InvalidArg if error.kind() == ErrorKind::UnknownArgument => {
                ContextValue::String(option_name(get(kind)).unwrap_or(HIDDEN).to_owned())
            }
            // Repeats values, as in `to pass '...' as a value, use '-- ...'`.
            ContextKind::Suggested => ContextValue::StyledStrs(vec![VALUE_TIP.into()]),
            _ => content.clone(),
        };
        hidden.insert(kind, content);
    }
    hidden
}

/// Returns why the value is invalid. The parsers quote it whole at the start, or a piece of it in backticks.
fn reason(error: &Error, value: &str) -> String {
    let reason = error.source().map(ToString::to_string).unwrap_or_default();
    let reason = match reason.strip_prefix(value) {
        Some(rest) if !value.is_empty() => format!("{HIDDEN}{rest}"),
        _ => reason,
    };
    let pieces = reason.split('`').map(|piece| match value.contains(piece) {
        true if !piece.trim().is_empty() => HIDDEN,
        _ => piece,
    });
    pieces.collect::<Vec<_>>().join("`")
}

/// Returns the name of an option, without its value.
fn option_name(argument: &str) -> Option<&str> {
    let (option, _) = argument.split_once('=').unwrap_or((argument, ""));
    let name = option.strip_prefix("--")?;
    name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-').then_some(option)
}

#[cfg(test)]
mod tests {
    use std::iter;

    use clap::{Arg, Command, Parser as _};

    use super::*;

    const SENTINEL: &str = "hunter2-hunter2";

    fn message(arguments: &[&str]) -> String {
        let error = CommandLine::try_parse_from(iter::once(&"linq").chain(arguments)).unwrap_err();
        without_values(&error).to_string()
    }

    /// Returns the names of all commands, with their arguments.
    fn commands(command: &Command, names: &[String]) -> Vec<(Vec<String>, Vec<Arg>)> {
        let mut found = vec![(names.to_vec(), command.get_arguments().cloned().collect())];
        for command in command.get_subcommands() {
            found.extend(commands(command, &[names, &[command.get_name().to_owned()]].concat()));
        }
        found
    }

    #[test]
    fn no_value_of_any_option_or_argument_is_in_an_error() {
        let mut errors = 0;
        for (names, arguments) in commands(&CommandLine::command(), &[]) {
            let mut tried = vec![
                vec![SENTINEL.to_owned()],
                vec![SENTINEL.to_owned(), SENTINEL.to_owned()],
                vec![format!("--{SENTINEL}")],
                vec![format!("-{SENTINEL}")],
                vec![format!("--api-key={SENTINEL}")],
                vec!["--api-key".to_owned(), SENTINEL.to_owned()],
            ];
            for option in arguments.iter().filter_map(Arg::get_long) {
                for value in [
                    SENTINEL.to_owned(),
                    format!("*: {SENTINEL}"),
                    format!("{SENTINEL}: cut"),
                    format!("ftp://user:{SENTINEL}@example.com"),
                    format!("http://user:{SENTINEL}@[::1"),
                    format!("whsec_{SENTINEL}"),
                    format!("{SENTINEL}: a\u{1b}"),
                    "70000".to_owned(),
                ] {
                    tried.push(vec![format!("--{option}={value}")]);
                    tried.push(vec![format!("--{option}"), value.clone()]);
                    tried.push(vec![format!("--{option}"), value.clone(), format!("--{option}"), value]);
                }
            }
            for arguments in tried {
                // What is valid so far fails at the last argument.
                for last in [&["--invented".to_owned()][..], &[]] {
                    let line: Vec<_> =
                        names.iter().chain(&arguments).chain(last).map(String::as_str).collect();
                    let Err(error) = CommandLine::try_parse_from(iter::once("linq").chain(line.clone()))
                    else {
                        continue;
                    };
                    let message = without_values(&error).to_string();
                    let leaks = ["hunter2", "70000"].iter().any(|value| message.contains(value));
                    assert!(message.starts_with("error: ") && !leaks, "{line:?}: {message}");
                    errors += 1;
                }
            }
        }
        assert!(errors > 500, "{errors}");
    }

    #[test]
    fn errors_contain_the_names_of_arguments_and_the_reason() {
        for (arguments, parts) in [
            (
                &["listen", "--secret", "a", "--port", "many"][..],
                ["'--port <PORT>'", "invalid digit found in string"],
            ),
            (
                &["listen", "--secret", "a", "--port", "70000"],
                ["'--port <PORT>'", "<hidden> is not in 0..=65535"],
            ),
            (&["listen", "--invented=1"], ["'--invented'", "Usage: linq listen"]),
            (&["webhook", "verify", "--secert", "a"], ["'--secert'", "'--secret'"]),
            (&["webhook", "verify", "--secret", "a"], ["<FILE>", "Usage: linq webhooks verify"]),
            (&["webhook", "verify", "-H", "a"], ["'--header <NAME: VALUE>'", "expected `name: value`"]),
            (
                &["webhook", "sign", "--scheme", "v1", "-"],
                ["'<hidden>' for '--scheme <SCHEME>'", "standard, legacy, v2"],
            ),
            (&["sandbox", "--fault", "*: earthquake"], ["'--fault <FAULT>'", "unknown effect: `<hidden>`"]),
            (&["sandbox", "--line", "home"], ["'--line <NUMBER>'", "such as +12025550100"]),
            (&["invented"], ["'<hidden>'", "Usage: linq"]),
        ] {
            let message = message(arguments);
            assert!(parts.iter().all(|part| message.contains(part)), "{arguments:?}: {message}");
        }
    }
}
