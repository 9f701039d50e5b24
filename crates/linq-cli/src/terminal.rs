//! What is printed, and how.

use std::{
    env,
    ffi::OsStr,
    io::{self, IsTerminal, Write},
};

use anstyle::{AnsiColor, Style};
use linq::types::Timestamp;
use serde_json::json;

/// How to write what happens.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Format {
    /// For people.
    Text {
        /// With colours.
        coloured: bool,
    },
    /// For machines: one object a line.
    Json,
}

impl Format {
    /// The format of what goes to standard output.
    pub(crate) fn of_stdout(is_json: bool) -> Self {
        if is_json { Self::Json } else { Self::Text { coloured: is_coloured(&io::stdout()) } }
    }
}

/// Whether colours are welcome: on a terminal, unless `NO_COLOR` says no.
pub(crate) fn is_coloured(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && are_colours_welcome(env::var_os("NO_COLOR").as_deref())
}

fn are_colours_welcome(no_color: Option<&OsStr>) -> bool {
    no_color.is_none_or(OsStr::is_empty)
}

/// Green if it is good, else red.
pub(crate) fn painted(text: &str, good: bool, coloured: bool) -> String {
    let style = match (coloured, good) {
        (false, _) => Style::new(),
        (true, true) => AnsiColor::Green.on_default(),
        (true, false) => AnsiColor::Red.on_default(),
    };
    format!("{style}{text}{style:#}")
}

/// The time of day in UTC, to the second.
pub(crate) fn time_of_day(time: &Timestamp) -> String {
    let text = time.to_string();
    text.get(11..19).unwrap_or(&text).to_owned()
}

/// Takes away what would do something to a terminal.
pub(crate) fn printable(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// Prints a line on standard output.
pub(crate) fn print(line: &str) {
    write(io::stdout(), format!("{line}\n").as_bytes());
}

/// Writes at once. That nobody reads it, as after `| head -1`, is no reason to stop.
pub(crate) fn write(mut to: impl Write, bytes: &[u8]) {
    let _ = to.write_all(bytes).and_then(|()| to.flush());
}

/// Says on standard error what went wrong.
pub(crate) fn say_error(message: &str, is_json: bool) {
    if is_json {
        write(io::stderr(), format!("{}\n", json!({"error": {"message": message}})).as_bytes());
    } else {
        say("error", AnsiColor::Red.on_default().bold(), message);
    }
}

/// Says on standard error what is to be kept in mind.
pub(crate) fn say_warning(message: &str) {
    say("warning", AnsiColor::Yellow.on_default().bold(), message);
}

fn say(word: &str, style: Style, message: &str) {
    let style = if is_coloured(&io::stderr()) { style } else { Style::new() };
    write(io::stderr(), format!("{style}{word}{style:#}: {message}\n").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonempty_no_color_disables_colors() {
        for (no_color, welcome) in [(None, true), (Some(""), true), (Some("1"), false), (Some("0"), false)] {
            assert_eq!(are_colours_welcome(no_color.map(OsStr::new)), welcome, "{no_color:?}");
        }
    }

    #[test]
    fn painted_text_has_color_codes_if_colored() {
        assert_eq!(painted("204", true, false), "204");
        assert_eq!(painted("204", true, true), "\u{1b}[32m204\u{1b}[0m");
        assert_eq!(painted("502", false, true), "\u{1b}[31m502\u{1b}[0m");
    }

    #[test]
    fn control_characters_are_replaced() {
        assert_eq!(printable("a\u{1b}[2J\r\nb\u{9b}c"), "a [2J  b c");
    }
}
