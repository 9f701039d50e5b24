//! `linq logout`: removes an API key.

use clap::Args;
use linq::types::escape;

use crate::{
    account::{of_profile_error, warn_of_variables},
    failure::Failure,
    profile::chosen_name,
    profile_file,
    terminal::print,
};

/// Remove the API key of a profile from the profile file. The rest of the profile is kept.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  linq logout\n  linq logout --profile work")]
pub(crate) struct Arguments {
    /// The profile, instead of LINQ_PROFILE or the active one.
    #[arg(long, short, value_name = "NAME")]
    profile: Option<String>,
}

impl Arguments {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let (name, is_chosen) = chosen_name(self.profile.as_deref())?;
        let removed = profile_file::change(|file, fields| {
            file.profile(is_chosen.then_some(&*name)).map_err(of_profile_error)?;
            Ok(fields
                .get_mut("profiles")
                .and_then(|profiles| profiles.get_mut(&name)?.as_object_mut()?.remove("token")))
        })?;
        warn_of_variables(&["LINQ_TOKEN", "LINQ_API_V3_API_KEY"])?;
        match removed {
            Some(_) => print(&format!("Removed the API key of profile \"{}\"\n", escape(&name))),
            None => print(&format!("Profile \"{}\" has no API key\n", escape(&name))),
        }
    }
}
