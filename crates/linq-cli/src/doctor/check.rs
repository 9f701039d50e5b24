use linq::types::escape;
use serde::Serialize;

use crate::{exit_code, failure::Failure, terminal::painted};

/// The result of a check.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Check {
    #[serde(rename = "check")]
    name: &'static str,
    #[serde(rename = "result")]
    pub(super) outcome: Outcome,
    message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
    #[serde(skip)]
    pub(super) exit_code: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outcome {
    Ok,
    /// Worth knowing, and not a failure.
    Warning,
    Failed,
    Skipped,
}

impl Check {
    pub(super) fn ok(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(name, Outcome::Ok, message.into(), None)
    }

    pub(super) fn warning(name: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(name, Outcome::Warning, message.into(), Some(remedy.into()))
    }

    pub(super) fn failed(name: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(name, Outcome::Failed, message.into(), Some(remedy.into()))
    }

    /// A check that could not be made. The message of a failure is its cause and, after a semicolon, what to do.
    pub(super) fn of_failure(name: &'static str, failure: &Failure) -> Self {
        let (cause, remedy) = failure.message.split_once("; ").unwrap_or((&failure.message, "try again"));
        Self::failed(name, cause, remedy).with_exit_code(failure.exit_code)
    }

    pub(super) fn skipped(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(name, Outcome::Skipped, message.into(), None)
    }

    fn new(name: &'static str, outcome: Outcome, message: String, remedy: Option<String>) -> Self {
        Self { name, outcome, message, remedy, exit_code: exit_code::FAILURE }
    }

    pub(super) fn with_exit_code(self, exit_code: u8) -> Self {
        Self { exit_code, ..self }
    }

    /// Returns the check as text, with the remedy in a line of its own.
    pub(super) fn line(&self, colored: bool) -> String {
        let outcome = match self.outcome {
            Outcome::Ok => painted("ok     ", true, colored),
            Outcome::Warning => "warning".to_owned(),
            Outcome::Failed => painted("failed ", false, colored),
            Outcome::Skipped => "skipped".to_owned(),
        };
        let line = format!("{outcome}  {:<12}  {}\n", self.name, escape(&self.message));
        match &self.remedy {
            Some(remedy) => format!("{line}{:23}{}\n", "", escape(remedy)),
            None => line,
        }
    }
}
