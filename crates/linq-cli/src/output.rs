//! The output of commands that show a response: text for people, or exact JSON.

mod json;
mod style;

use clap::Args;
use linq::{Call, Client, types::escape};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

pub(crate) use self::{
    json::{indented, print_body},
    style::Style,
};
use crate::{failure::Failure, terminal::print};

/// The format of a command's output.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Output {
    /// Print JSON: the response as the API sent it, and errors as one object on standard error.
    #[arg(long, overrides_with = "json")]
    pub(crate) json: bool,
}

impl Output {
    /// Prints a response: as JSON, or the text that `human` makes of it.
    pub(crate) fn show<T: Serialize>(
        self,
        response: &T,
        human: impl FnOnce(&T, &Style) -> String,
    ) -> Result<(), Failure> {
        match self.json {
            true => print_json(&serde_json::to_value(response).unwrap_or_default()),
            false => print(&human(response, &Style::of_stdout())),
        }
    }

    /// Makes a call and prints its response: as JSON with everything that the API sent, or the text that `human` makes of
    /// it.
    pub(crate) async fn show_call<T: DeserializeOwned>(
        self,
        call: Call<'_, Client, T>,
        human: impl FnOnce(&T, &Style) -> String,
    ) -> Result<(), Failure> {
        match self.json {
            true => print_body(&call.raw().await?),
            false => print(&human(&call.await?, &Style::of_stdout())),
        }
        .map_err(|failure| failure.with_note("the call succeeded, and its response is lost"))
    }

    /// Makes a call whose response has no body, and prints that it succeeded: as JSON this object, or a sentence.
    pub(crate) async fn confirm(
        self,
        call: Call<'_, Client, ()>,
        json: Value,
        sentence: &str,
    ) -> Result<(), Failure> {
        call.await?;
        match self.json {
            true => print_json(&json),
            false => print(&format!("{}\n", Style::of_stdout().done(sentence))),
        }
        .map_err(|failure| failure.with_note("the call succeeded"))
    }

    /// Returns the same output, but JSON for pipes, too.
    pub(crate) fn or_json_in_pipes(self) -> Self {
        Self { json: self.json || !Style::of_stdout().is_terminal }
    }
}

/// Prints indented JSON. Characters that could control the terminal are escaped, which changes no value.
pub(crate) fn print_json(value: &Value) -> Result<(), Failure> {
    print(&format!("{value:#}").lines().map(|line| format!("{}\n", escape(line))).collect::<String>())
}
