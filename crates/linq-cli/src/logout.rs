//! `linq logout`: removes an API key.

use std::env;

use clap::Args;
use linq::types::escape;

use crate::{
    account::unknown_profile,
    failure::Failure,
    profile::{chosen_name, names},
    profile_file,
    terminal::{print, say_warning},
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
        let (name, _) = chosen_name(self.profile.as_deref())?;
        let removed = profile_file::change(|file, fields| {
            file.profile(Some(&name)).map_err(|_| unknown_profile(&name, &names(file)))?;
            Ok(fields
                .get_mut("profiles")
                .and_then(|profiles| profiles.get_mut(&name)?.as_object_mut()?.remove("token")))
        })?;
        for variable in ["LINQ_TOKEN", "LINQ_API_V3_API_KEY"] {
            if env::var_os(variable).is_some_and(|key| !key.is_empty()) {
                say_warning(&format!("{variable} is still set, and used"))?;
            }
        }
        match removed {
            Some(_) => print(&format!("Removed the API key of profile \"{}\"\n", escape(&name))),
            None => print(&format!("Profile \"{}\" has no API key\n", escape(&name))),
        }
    }
}
