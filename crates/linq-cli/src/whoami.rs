//! `linq whoami`: the account that commands work with.

use clap::Args;
use linq::{profile::ProfileFile, types::escape};
use serde_json::json;

use crate::{
    account::{self, Account},
    failure::Failure,
    output::Output,
    profile::masked,
    terminal::print,
};

/// Show the account that commands work with: the profile, the API key and the line, each with where it comes from, and all
/// lines.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  linq whoami\n  linq whoami --profile work --json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    account: Account,
    #[command(flatten)]
    pub(crate) output: Output,
}

impl Arguments {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        let key = self.account.key()?;
        let base_url = account::base_url()?;
        let from = self.account.default_line()?;
        let profile = match self.account.profile_name()? {
            Some(name) => Some(name.value),
            None => ProfileFile::read().ok().map(|file| file.active().to_owned()),
        };
        let lines = account::client(&key.value, |builder| builder)?.phone_numbers().list().await?;
        let masked = masked(key.value.expose());
        if self.output.json {
            return crate::output::print_json(&json!({
                "profile": profile,
                "token": masked,
                "token_source": key.source.to_string(),
                "base_url": base_url.value,
                "base_url_source": base_url.source.to_string(),
                "from_phone": from.as_ref().map(|from| &from.value),
                "from_phone_source": from.as_ref().map(|from| from.source.to_string()),
                "phone_numbers": lines.phone_numbers,
            }));
        }
        let numbers: Vec<_> = lines.phone_numbers.iter().map(|line| line.phone_number.as_str()).collect();
        let from = from.map_or("none; set one with `linq profile set fromPhone NUMBER`".to_owned(), |from| {
            format!("{} ({})", from.value, from.source)
        });
        let rows = [
            ("profile", profile.unwrap_or("none".to_owned())),
            ("API key", format!("{masked} ({})", key.source)),
            ("base URL", format!("{} ({})", base_url.value, base_url.source)),
            ("sender", from),
            ("lines", if numbers.is_empty() { "none".to_owned() } else { numbers.join(", ") }),
        ];
        print(&rows.map(|(name, value)| format!("{name:<8}  {}\n", escape(value))).concat())
    }
}
