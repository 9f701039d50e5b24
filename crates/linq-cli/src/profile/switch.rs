use clap::Args;
use linq::types::escape;

use super::names;
use crate::{account::unknown_profile, failure::Failure, profile_file, terminal::print};

/// Make a profile the active one.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  linq profile use work")]
pub(super) struct Arguments {
    /// The name of the profile.
    profile: String,
}

impl Arguments {
    pub(super) fn run(&self) -> Result<(), Failure> {
        profile_file::change(|file, fields| {
            file.profile(Some(&self.profile)).map_err(|_| unknown_profile(&self.profile, &names(file)))?;
            fields.insert("profile".to_owned(), self.profile.clone().into());
            Ok(())
        })?;
        print(&format!("Profile \"{}\" is active now\n", escape(&self.profile)))
    }
}
