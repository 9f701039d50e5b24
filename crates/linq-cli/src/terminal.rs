//! Output to the terminal.

use std::{
    env,
    ffi::OsStr,
    io::{self, IsTerminal, Write},
};

use anstyle::{AnsiColor, Style};
use linq::types::Timestamp;
use serde_json::json;

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

/// Returns `true` for a terminal, unless `NO_COLOR` is set and not empty.
pub(crate) fn is_colored(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && are_colors_enabled(env::var_os("NO_COLOR").as_deref())
}

fn are_colors_enabled(no_color: Option<&OsStr>) -> bool {
    no_color.is_none_or(OsStr::is_empty)
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

/// Replaces control characters, which could change the terminal.
pub(crate) fn printable(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// Prints a line on standard output.
pub(crate) fn print(line: &str) {
    write(io::stdout(), format!("{line}\n").as_bytes());
}

/// Writes and flushes. A closed pipe, as after `| head -1`, is not an error.
pub(crate) fn write(mut to: impl Write, bytes: &[u8]) {
    let _ = to.write_all(bytes).and_then(|()| to.flush());
}

/// Prints an error on standard error.
pub(crate) fn say_error(message: &str, is_json: bool) {
    if is_json {
        write(io::stderr(), format!("{}\n", json!({"error": {"message": message}})).as_bytes());
    } else {
        say("error", AnsiColor::Red.on_default().bold(), message);
    }
}

/// Prints a warning on standard error.
pub(crate) fn say_warning(message: &str) {
    say("warning", AnsiColor::Yellow.on_default().bold(), message);
}

fn say(word: &str, style: Style, message: &str) {
    let style = if is_colored(&io::stderr()) { style } else { Style::new() };
    write(io::stderr(), format!("{style}{word}{style:#}: {message}\n").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonempty_no_color_disables_colors() {
        for (no_color, welcome) in [(None, true), (Some(""), true), (Some("1"), false), (Some("0"), false)] {
            assert_eq!(are_colors_enabled(no_color.map(OsStr::new)), welcome, "{no_color:?}");
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
