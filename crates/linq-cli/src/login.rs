//! `linq login`: stores an API key.

use std::io::{IsTerminal as _, stdin};

use clap::Args;
use linq::types::{Handle, Secret, phone_numbers::PhoneNumber};

use crate::{
    account::{client, first_line, parse_key, read_token, warn_of_variables},
    failure::Failure,
    profile::chosen_name,
    profile_file::{self, RESERVED, usage_failure},
    secret::Secret as SecretOption,
    terminal::{print, say_warning},
};

/// Store an API key in a profile, after trying it with one call, and make the profile active.
///
/// Without --token, the key is read without echo from the terminal, or from the first line of standard input. It is in the
/// dashboard, https://zero.linqapp.com/api-tooling/. The file is ~/.linq/config.json, which the official command line shares.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  linq login\n  linq login --profile work\n  linq login --token @key.txt")]
pub(crate) struct Arguments {
    /// The profile to store the API key in, instead of LINQ_PROFILE or the active one. It is created if it does not exist.
    #[arg(long, short, value_name = "NAME")]
    profile: Option<String>,
    /// The API key. `-` reads it from the first line of standard input, `@FILE` from a file.
    #[arg(long, short, value_name = "KEY", allow_hyphen_values = true)]
    token: Option<SecretOption>,
}

impl Arguments {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let name = self.profile_name()?;
        let key = match &self.token {
            Some(token) => read_token(token)?,
            None => ask()?,
        };
        let lines = client(&key, |builder| builder)?.phone_numbers().list().await?.phone_numbers;
        let line = profile_file::change(|_, fields| {
            let profile = profile_file::profile(fields, &name)?;
            profile.insert("token".to_owned(), key.expose().into());
            let line = profile.get("fromPhone").and_then(|line| line.as_str()).map(Handle::from);
            fields.insert("profile".to_owned(), name.clone().into());
            Ok(line)
        })?;
        if let Some(line) = line.filter(|line| !has_line(&lines, line)) {
            say_warning(&format!(
                "{line}, the line of the profile, is not one of this account; set another one with `linq profile set fromPhone`"
            ))?;
        }
        warn_of_variables(&["LINQ_TOKEN"])?;
        let count = match lines.len() {
            1 => "1 line".to_owned(),
            count => format!("{count} lines"),
        };
        print(&format!(
            "Stored the API key in profile \"{}\", which is active now ({count})\n",
            linq::types::escape(&name)
        ))
    }

    /// Refuses a name before the key is asked for.
    fn profile_name(&self) -> Result<String, Failure> {
        let (name, is_chosen) = chosen_name(self.profile.as_deref())?;
        match (&*name, is_chosen) {
            (RESERVED, false) => Ok(profile_file::DEFAULT.to_owned()),
            _ => profile_file::profile(&mut profile_file::Fields::new(), &name).map(|_| name.clone()),
        }
    }
}

pub(crate) fn has_line(lines: &[PhoneNumber], line: &Handle) -> bool {
    lines.iter().any(|known| known.phone_number == *line)
}

fn ask() -> Result<Secret, Failure> {
    let line = if stdin().is_terminal() {
        rpassword::prompt_password("API key: ").map(String::into_bytes)
    } else {
        first_line(stdin().lock())
    };
    parse_key(line)?
        .ok_or_else(|| usage_failure("missing API key: type it, pass --token, or pipe it to standard input"))
}
