//! `linq doctor`: checks the configuration and the account.

mod account;
mod check;
mod clock;
mod file;
mod target;
mod webhooks;

use clap::Args;
use serde_json::json;

use self::check::{Check, Outcome};
use crate::{
    account::Account,
    exit_code,
    failure::Failure,
    output::{Output, Style, print_json},
    terminal::print,
};

/// Check the profile file, the API key, the connection, the clock, the lines and the webhook subscriptions, and print what to
/// do about each problem.
///
/// Exit codes: 0 no check failed; 4 the API key is missing or wrong; 6 the API cannot be reached; 1 another check failed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  linq doctor\n  linq doctor --profile work --json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    account: Account,
    #[command(flatten)]
    pub(crate) output: Output,
}

impl Arguments {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        let mut checks = vec![file::check()];
        account::check(&self.account, &mut checks).await;
        let failed: Vec<_> = checks.iter().filter(|check| check.outcome == Outcome::Failed).collect();
        let exit_codes = failed.iter().map(|check| check.exit_code).map(|code| match code {
            exit_code::AUTHENTICATION | exit_code::UNREACHABLE => code,
            _ => exit_code::FAILURE,
        });
        if self.output.json {
            print_json(&json!({ "ok": failed.is_empty(), "checks": checks }))?;
        } else {
            let style = Style::of_stdout();
            print(&checks.iter().map(|check| check.line(style.colored)).collect::<String>())?;
        }
        let Some(exit_code) = exit_codes.max_by_key(|code| (*code == exit_code::AUTHENTICATION, *code))
        else {
            return Ok(());
        };
        let message = format!("{} of {} checks failed", failed.len(), checks.len());
        Err(Failure::new(message).with_kind("Doctor").with_exit_code(exit_code))
    }
}
