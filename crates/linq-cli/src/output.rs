//! The output of commands that show a response: text for people, or exact JSON.

use std::io::{self, IsTerminal as _};

use clap::Args;
use linq::types::{Timestamp, escape};
use serde::Serialize;
use serde_json::Value;

use crate::{failure::Failure, terminal::print};

/// The format of a command's output.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Output {
    /// Print JSON: the response as the API sent it, and errors as one object on standard error.
    #[arg(long)]
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
}

/// How text for people looks: on a terminal with colors, relative times and shortened cells, else plain and complete.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) is_terminal: bool,
    pub(crate) colored: bool,
    pub(crate) now: Timestamp,
}

impl Style {
    pub(crate) fn of_stdout() -> Self {
        let stdout = io::stdout();
        Self {
            is_terminal: stdout.is_terminal(),
            colored: crate::terminal::is_colored(&stdout),
            now: crate::webhook::now(),
        }
    }
}

/// Prints indented JSON. Characters that could control the terminal are escaped, which changes no value.
pub(crate) fn print_json(value: &Value) -> Result<(), Failure> {
    print(&format!("{value:#}").lines().map(|line| format!("{}\n", escape(line))).collect::<String>())
}
