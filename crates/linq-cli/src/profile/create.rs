use clap::Args;
use linq::types::escape;

use super::key::check_line;
use crate::{
    account::read_token,
    failure::Failure,
    profile_file::{self, usage_failure},
    secret::Secret,
    terminal::print,
};

/// Create a profile.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq profile create work\n  linq profile create staging --token @key.txt --from-phone +12025550100"
)]
pub(super) struct Arguments {
    /// The name of the profile.
    name: String,
    /// The API key. `-` reads it from the first line of standard input, `@FILE` from a file. It is not tried.
    #[arg(long, short, value_name = "KEY", allow_hyphen_values = true)]
    token: Option<Secret>,
    /// The line that sends unless another one is given, in E.164 form.
    #[arg(long, short, value_name = "NUMBER")]
    from_phone: Option<String>,
}

impl Arguments {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let token = self.token.as_ref().map(read_token).transpose()?;
        self.from_phone.as_deref().map_or(Ok(()), check_line)?;
        profile_file::change(|file, fields| {
            if file.profile(Some(&self.name)).is_ok() && self.name != profile_file::RESERVED {
                return Err(usage_failure("the profile exists already; change it with `linq profile set`"));
            }
            let profile = profile_file::profile(fields, &self.name)?;
            if let Some(token) = &token {
                profile.insert("token".to_owned(), token.expose().into());
            }
            if let Some(line) = &self.from_phone {
                profile.insert("fromPhone".to_owned(), line.clone().into());
            }
            Ok(())
        })?;
        print(&format!("Created profile \"{}\"\n", escape(&self.name)))
    }
}
