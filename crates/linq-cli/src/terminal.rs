//! Output to the terminal. Every write is checked.

use std::{
    env,
    ffi::OsStr,
    io::{self, IsTerminal, Write},
};

use anstyle::{AnsiColor, Style};
use clap::builder::StyledStr;
use linq::types::{Timestamp, escape};

use crate::failure::Failure;

/// The format of the output.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Format {
    Text {
        colored: bool,
    },
    /// One JSON object per line.
    Json,
}

impl Format {
    /// Returns the format for standard output.
    pub(crate) fn of_stdout(is_json: bool) -> Self {
        if is_json { Self::Json } else { Self::Text { colored: is_colored(&io::stdout()) } }
    }
}

/// Returns `true` if a stream gets colors: a terminal does, unless `NO_COLOR` disables or `FORCE_COLOR` or `CLICOLOR_FORCE`
/// enables them.
pub(crate) fn is_colored(stream: &impl IsTerminal) -> bool {
    let forced = ["FORCE_COLOR", "CLICOLOR_FORCE"].map(env::var_os);
    are_colors_enabled(
        env::var_os("NO_COLOR").as_deref(),
        forced.iter().flatten().map(|value| &**value),
        stream.is_terminal(),
    )
}

/// `NO_COLOR` counts if it is not empty, and wins. The others count if they are neither empty nor 0.
fn are_colors_enabled<'e>(
    no_color: Option<&OsStr>,
    mut forced: impl Iterator<Item = &'e OsStr>,
    is_terminal: bool,
) -> bool {
    no_color.is_none_or(OsStr::is_empty)
        && (is_terminal || forced.any(|value| !value.is_empty() && value != "0"))
}

/// Colors a text green or red.
pub(crate) fn painted(text: &str, good: bool, colored: bool) -> String {
    let style = match (colored, good) {
        (false, _) => Style::new(),
        (true, true) => AnsiColor::Green.on_default(),
        (true, false) => AnsiColor::Red.on_default(),
    };
    format!("{style}{text}{style:#}")
}

/// Returns the time of day in UTC, to the second.
pub(crate) fn time_of_day(time: &Timestamp) -> String {
    let text = time.to_string();
    text.get(11..19).unwrap_or(&text).to_owned()
}

/// Returns a text of clap, with its colors if the stream has them.
pub(crate) fn styled(text: &StyledStr, stream: &impl IsTerminal) -> String {
    if is_colored(stream) { text.ansi().to_string() } else { text.to_string() }
}

/// Prints a text on standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    write(io::stdout(), text).map_err(|error| Failure::of_output("standard output", &error))
}

/// Prints a text on standard error.
pub(crate) fn print_on_stderr(text: &str) -> Result<(), Failure> {
    write(io::stderr(), text).map_err(|error| Failure::of_output("standard error", &error))
}

fn write(mut to: impl Write, text: &str) -> io::Result<()> {
    to.write_all(text.as_bytes())?;
    to.flush()
}

/// Prints an error on standard error.
pub(crate) fn say_error(message: &str) -> Result<(), Failure> {
    say("error", AnsiColor::Red.on_default().bold(), message)
}

/// Prints a warning on standard error.
pub(crate) fn say_warning(message: &str) -> Result<(), Failure> {
    say("warning", AnsiColor::Yellow.on_default().bold(), message)
}

fn say(word: &str, style: Style, message: &str) -> Result<(), Failure> {
    let style = if is_colored(&io::stderr()) { style } else { Style::new() };
    print_on_stderr(&format!("{style}{word}{style:#}: {}\n", escape(message)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonempty_no_color_disables_colors_and_others_enable_them() {
        for (no_color, forced, is_terminal, expected) in [
            (None, None, true, true),
            (Some(""), None, true, true),
            (Some("1"), None, true, false),
            (Some("0"), None, true, false),
            (None, None, false, false),
            (None, Some("1"), false, true),
            (None, Some("0"), false, false),
            (None, Some(""), false, false),
            (Some("1"), Some("1"), true, false),
        ] {
            let forced = forced.map(OsStr::new);
            let enabled = are_colors_enabled(no_color.map(OsStr::new), forced.into_iter(), is_terminal);
            assert_eq!(enabled, expected, "{no_color:?} {forced:?} {is_terminal}");
        }
    }

    #[test]
    fn painted_text_has_color_codes_if_colored() {
        assert_eq!(painted("204", true, false), "204");
        assert_eq!(painted("204", true, true), "\u{1b}[32m204\u{1b}[0m");
        assert_eq!(painted("502", false, true), "\u{1b}[31m502\u{1b}[0m");
    }
}
