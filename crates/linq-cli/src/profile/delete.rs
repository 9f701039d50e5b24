use clap::Args;
use linq::types::escape;

use super::names;
use crate::{
    account::unknown_profile,
    failure::Failure,
    profile_file::{self, DEFAULT, RESERVED, usage_failure},
    terminal::print,
};

/// Delete a profile. If it is the active one, `default` becomes active.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  linq profile delete work\n  linq profile delete sandbox --yes")]
pub(super) struct Arguments {
    /// The name of the profile.
    name: String,
    /// Delete the profile of the trial account, `sandbox`, too. Its API key cannot be shown again.
    #[arg(long)]
    yes: bool,
}

impl Arguments {
    pub(super) fn run(&self) -> Result<(), Failure> {
        match &*self.name {
            DEFAULT => {
                return Err(usage_failure(
                    "the profile \"default\" cannot be deleted; `linq logout` removes its API key",
                ));
            }
            RESERVED if !self.yes => {
                return Err(usage_failure(
                    "this deletes the API key of the trial account; to do so, pass --yes",
                ));
            }
            _ => {}
        }
        let was_active = profile_file::change(|file, fields| {
            let profiles = fields.get_mut("profiles").and_then(|profiles| profiles.as_object_mut());
            if profiles.and_then(|profiles| profiles.remove(&self.name)).is_none() {
                return Err(unknown_profile(&self.name, &names(file)));
            }
            let was_active = file.active() == self.name;
            if was_active {
                profile_file::profile(fields, DEFAULT)?;
                fields.insert("profile".to_owned(), DEFAULT.into());
            }
            Ok(was_active)
        })?;
        let name = escape(&self.name);
        match was_active {
            true => print(&format!("Deleted profile \"{name}\"; \"default\" is active now\n")),
            false => print(&format!("Deleted profile \"{name}\"\n")),
        }
    }
}
