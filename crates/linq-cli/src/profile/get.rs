use clap::Args;
use linq::types::escape;
use serde_json::{Map, Value};

use super::{chosen_name, key::Key};
use crate::{
    account::of_profile_error,
    failure::Failure,
    output::{Output, print_json},
    profile_file,
    terminal::print,
};

/// Print a setting of a profile, or all of them. The API key is masked.
///
/// These are the settings in the file; `linq whoami` shows those that are used, also from the environment.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  linq profile get\n  linq profile get fromPhone --profile work")]
pub(super) struct Arguments {
    /// The setting: token, fromPhone, or telemetry, which is for all profiles.
    key: Option<String>,
    /// The profile, instead of LINQ_PROFILE or the active one.
    #[arg(long, short, value_name = "NAME")]
    profile: Option<String>,
    #[command(flatten)]
    pub(super) output: Output,
}

impl Arguments {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let key = self.key.as_deref().map(Key::parse).transpose()?;
        let file = profile_file::read()?;
        let (name, is_chosen) = chosen_name(self.profile.as_deref())?;
        let profile = file.profile(is_chosen.then_some(&*name)).map_err(of_profile_error)?;
        let telemetry =
            serde_json::to_value(&file).ok().and_then(|file| file.get("telemetry").map(Value::to_string));
        let value = |key: Key| match key {
            Key::Telemetry => telemetry.clone(),
            key => key.shown(&profile),
        };
        let keys = key.map_or(Key::ALL.to_vec(), |key| vec![key]);
        if self.output.json {
            let values = keys.into_iter().map(|key| (key.name().to_owned(), value(key).into()));
            let name = ("profile".to_owned(), profile.name.clone().into());
            return print_json(&Value::Object([name].into_iter().chain(values).collect::<Map<_, _>>()));
        }
        let lines = keys.into_iter().filter_map(|key| match (value(key), self.key.is_some()) {
            (Some(value), _) => Some(format!("{}={}\n", key.name(), escape(value))),
            (None, true) => Some(format!("{} is not set\n", key.name())),
            (None, false) => None,
        });
        let lines: String = lines.collect();
        match self.key {
            Some(_) => print(&lines),
            None => print(&format!("profile={}\n{lines}", escape(&profile.name))),
        }
    }
}
