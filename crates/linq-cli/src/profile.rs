//! `linq profile`: the profiles of the profile file.

mod create;
mod delete;
mod get;
mod key;
mod list;
mod set;
mod switch;

use clap::{Args, Subcommand};
use linq::profile::ProfileFile;

use crate::{account::Account, failure::Failure, profile_file};

/// Create, list and change profiles: API keys and lines by name, in ~/.linq/config.json.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(create::Arguments),
    Delete(delete::Arguments),
    Get(get::Arguments),
    List(list::Arguments),
    Set(set::Arguments),
    Use(switch::Arguments),
}

impl Arguments {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        match &self.command {
            Command::Create(arguments) => arguments.run(),
            Command::Delete(arguments) => arguments.run(),
            Command::Get(arguments) => arguments.run(),
            Command::List(arguments) => arguments.run(),
            Command::Set(arguments) => arguments.run(),
            Command::Use(arguments) => arguments.run(),
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        match &self.command {
            Command::Get(arguments) => arguments.output.json,
            Command::List(arguments) => arguments.output.json,
            Command::Create(_) | Command::Delete(_) | Command::Set(_) | Command::Use(_) => false,
        }
    }
}

/// Returns the name of the profile that a command works with: of the option, of LINQ_PROFILE, or the active one. `true` if it
/// was chosen by name.
pub(crate) fn chosen_name(option: Option<&str>) -> Result<(String, bool), Failure> {
    match Account::of_profile(option.map(str::to_owned)).profile_name()? {
        Some(name) => Ok((name.value, true)),
        None => Ok((profile_file::read()?.active().to_owned(), false)),
    }
}

pub(crate) fn names(file: &ProfileFile) -> Vec<String> {
    file.names().into_iter().map(str::to_owned).collect()
}

/// Returns the first and last four characters of an API key, or none of a short one.
pub(crate) fn masked(key: &str) -> String {
    let characters: Vec<_> = key.chars().collect();
    match characters.len() {
        0..=8 => "****".to_owned(),
        count => {
            let text = |range: &[char]| range.iter().collect::<String>();
            format!("{}****{}", text(&characters[..4]), text(&characters[count - 4..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_key_has_four_characters_at_each_end_and_none_of_a_short_one() {
        for (key, expected) in [
            ("", "****"),
            ("12345678", "****"),
            ("abcdefghwxyz", "abcd****wxyz"),
            ("ääääbcccc", "ääää****cccc"),
        ] {
            assert_eq!(masked(key), expected);
        }
    }
}
