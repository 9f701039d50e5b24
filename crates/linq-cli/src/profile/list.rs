use clap::Args;
use linq::profile::Profile;
use serde_json::{Value, json};

use super::key::Key;
use crate::{
    account::Account,
    failure::Failure,
    output::{Output, print_json},
    profile_file,
    table::table,
    terminal::print,
};

/// List the profiles. API keys are masked.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  linq profile list\n  linq profile list --json")]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) output: Output,
}

impl Arguments {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let file = profile_file::read()?;
        let chosen =
            Account::default().profile_name()?.map_or_else(|| file.active().to_owned(), |name| name.value);
        let profiles = file.names().into_iter().filter_map(|name| file.profile(Some(name)).ok());
        let profiles: Vec<_> = profiles.map(|profile| (profile.name == chosen, profile)).collect();
        if self.output.json {
            let profiles = profiles.iter().map(|(is_active, profile)| {
                json!({
                    "name": profile.name,
                    "active": is_active,
                    "token": Key::Token.shown(profile),
                    "fromPhone": profile.from_phone,
                    "expiresAt": profile.expires_at,
                })
            });
            return print_json(&profiles.collect::<Vec<Value>>().into());
        }
        let cell = |key: Key, profile: &Profile| key.shown(profile).unwrap_or("-".to_owned());
        let rows: Vec<_> = profiles
            .iter()
            .map(|(is_active, profile)| {
                let mark = if *is_active { "*" } else { "" };
                [
                    mark.to_owned(),
                    profile.name.clone(),
                    cell(Key::Token, profile),
                    cell(Key::FromPhone, profile),
                ]
            })
            .collect();
        print(&table(
            &rows,
            &[
                ("", |row| (&row[0]).into()),
                ("PROFILE", |row| (&row[1]).into()),
                ("API KEY", |row| (&row[2]).into()),
                ("LINE", |row| (&row[3]).into()),
            ],
            true,
        ))
    }
}
