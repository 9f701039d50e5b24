use clap::Args;
use linq::types::escape;
use serde_json::Value;

use super::{
    chosen_name,
    key::{Key, check_line},
};
use crate::{
    account::read_optional_token,
    failure::Failure,
    profile_file::{self, usage_failure},
    secret::Secret,
    terminal::print,
};

/// Change a setting of a profile, which is created if it does not exist.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq profile set fromPhone +12025550100\n  linq profile set token @key.txt --profile work\n  linq profile set telemetry false"
)]
pub(super) struct Arguments {
    /// The setting: token, fromPhone, or telemetry, which is for all profiles and for the official command line; this one sends
    /// no telemetry.
    key: String,
    /// The value: an API key (`-` reads it from the first line of standard input, `@FILE` from a file), a phone number in E.164
    /// form, or true or false.
    value: Secret,
    /// The profile, instead of LINQ_PROFILE or the active one.
    #[arg(long, short, value_name = "NAME")]
    profile: Option<String>,
}

impl Arguments {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let key = Key::parse(&self.key)?;
        let value: Value = match (key, self.value.expose()) {
            (Key::Token, _) => {
                let token = read_optional_token(&self.value)?.ok_or_else(|| {
                    usage_failure("invalid token: the value is empty; pass an API key, or run `linq logout` to remove it")
                })?;
                token.expose().into()
            }
            (Key::FromPhone, line) => {
                check_line(line)?;
                line.into()
            }
            (Key::Telemetry, text) => {
                let value: bool =
                    text.parse().map_err(|_| usage_failure("invalid telemetry: expected true or false"))?;
                value.into()
            }
        };
        let name = match key {
            Key::Telemetry => None,
            _ => Some(chosen_name(self.profile.as_deref())?.0),
        };
        profile_file::change(|_, fields| {
            let fields = match &name {
                Some(name) => profile_file::profile(fields, name)?,
                None => fields,
            };
            fields.insert(key.name().to_owned(), value);
            Ok(())
        })?;
        match name {
            Some(name) => print(&format!("Set {} of profile \"{}\"\n", key.name(), escape(&name))),
            None => print(&format!("Set {}\n", key.name())),
        }
    }
}
