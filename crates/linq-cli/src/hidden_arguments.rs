//! Secrets of the command line, which other users of the machine can see as long as the program runs.

use std::{env, ffi::OsString, process};

const OPTIONS: [&str; 3] = ["--key", "--secret", "--token"];
const SHORT_OPTION: &str = "-t";
const MASK: &str = "****";

/// Returns the arguments, without secrets that others can see: on Unix, a command line with a secret is executed again with
/// the secret in the environment, which only the same user can read.
///
/// The process keeps its id, so that programs that it starts ignore the variables.
pub(crate) fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<_> = env::args_os().collect();
    let variable = |index| format!("LINQ_HIDDEN_{}_{index}", process::id());
    let hidden: Vec<_> =
        (0..arguments.len()).filter_map(|index| Some((index, env::var_os(variable(index))?))).collect();
    if hidden.is_empty() {
        #[cfg(unix)]
        execute_masked(&arguments, variable);
    }
    for (index, argument) in hidden {
        arguments[index] = argument;
    }
    arguments
}

/// Returns if there is nothing to mask, or the program cannot be executed again.
#[cfg(unix)]
fn execute_masked(arguments: &[OsString], variable: impl Fn(usize) -> String) {
    use std::{os::unix::process::CommandExt as _, process::Command};

    let masked = masked(arguments);
    let (Some(name), Ok(program)) = (arguments.first(), env::current_exe()) else { return };
    if masked == arguments {
        return;
    }
    let pairs = arguments.iter().zip(&masked).enumerate();
    let variables = pairs.filter(|(_, (argument, masked))| argument != masked);
    let _ = Command::new(program)
        .arg0(name)
        .args(&masked[1..])
        .envs(variables.map(|(index, (argument, _))| (variable(index), argument)))
        .exec();
}

/// Masks the values of options with secrets, and the API key of `profile set token`. It may mask more, such as the value of
/// another option that looks like one of these.
fn masked(arguments: &[OsString]) -> Vec<OsString> {
    let has = |text: &str| arguments.iter().any(|argument| argument == text);
    let is_profile_set = has("profile:set") || (has("profile") && has("set"));
    let (mut is_value, mut is_rest) = (false, false);
    let mask = |argument: &OsString| {
        let text = argument.to_string_lossy();
        let shown = match text.split_once('=') {
            _ if is_value || is_rest => MASK.to_owned(),
            Some((option, _)) if OPTIONS.contains(&option) => format!("{option}={MASK}"),
            _ if text.starts_with(SHORT_OPTION) && text != SHORT_OPTION => format!("{SHORT_OPTION}{MASK}"),
            _ => {
                is_value = *text == *SHORT_OPTION || OPTIONS.contains(&&*text);
                is_rest = is_profile_set && text == "token";
                return argument.clone();
            }
        };
        is_value = false;
        OsString::from(shown)
    };
    arguments.iter().map(mask).collect()
}

#[cfg(test)]
mod tests {
    use std::{any::TypeId, ffi::OsStr};

    use clap::{Command, CommandFactory as _};

    use super::*;
    use crate::{command_line::CommandLine, secret::Secret};

    fn shown(arguments: &[&str]) -> String {
        let arguments: Vec<_> = arguments.iter().map(OsString::from).collect();
        masked(&arguments).join(OsStr::new(" ")).into_string().unwrap()
    }

    #[test]
    fn secrets_are_masked_in_every_form_and_nothing_else() {
        for (arguments, expected) in [
            (&["linq", "chats", "list", "--token", "s"][..], "linq chats list --token ****"),
            (&["linq", "--token=s", "-p", "work"], "linq --token=**** -p work"),
            (&["linq", "-t", "s", "-t=s", "-ts", "a"], "linq -t **** -t**** -t**** a"),
            (&["linq", "listen", "--secret", "-t", "--secret=s"], "linq listen --secret **** --secret=****"),
            (&["linq", "profile", "set", "token", "s", "-p", "a"], "linq profile set token **** **** ****"),
            (&["linq", "profile", "set", "-p", "a", "token", "s"], "linq profile set -p a token ****"),
            (&["linq", "profile:set", "token", "s"], "linq profile:set token ****"),
            (&["linq", "profile", "set", "fromPhone", "+1"], "linq profile set fromPhone +1"),
            (&["linq", "profile", "get", "token"], "linq profile get token"),
            (
                &["linq", "chats", "create", "--to", "+1", "--message", "s"],
                "linq chats create --to +1 --message s",
            ),
        ] {
            assert_eq!(shown(arguments), expected);
        }
    }

    #[test]
    fn every_option_of_a_command_that_is_a_secret_is_masked() {
        fn check(command: &Command, found: &mut usize) {
            for argument in command.get_arguments() {
                if argument.get_value_parser().type_id() != TypeId::of::<Secret>() || argument.is_positional()
                {
                    continue;
                }
                let long = argument.get_long().map(|long| format!("--{long}"));
                let short = argument.get_short().map(|short| format!("-{short}"));
                for option in long.into_iter().chain(short) {
                    for arguments in
                        [vec![option.clone(), "hunter2".to_owned()], vec![format!("{option}=hunter2")]]
                    {
                        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
                        let shown = shown(&arguments);
                        assert!(!shown.contains("hunter2"), "{}: {shown}", command.get_name());
                        *found += 1;
                    }
                }
            }
            command.get_subcommands().for_each(|command| check(command, found));
        }
        let mut found = 0;
        check(&CommandLine::command(), &mut found);
        assert!(found > 8, "{found}");
    }
}
