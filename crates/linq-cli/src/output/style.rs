//! How text for people looks.

use std::io::{self, IsTerminal as _};

use anstyle::{AnsiColor, Style as Color};
use jiff::{Timestamp as Instant, Zoned, tz::TimeZone};
use linq::types::{Timestamp, escape};

use crate::terminal::is_colored;

/// The text of a value that is absent.
const ABSENT: &str = "-";

/// How text for people looks: on a terminal with colors, relative times and shortened cells, else plain and complete.
#[derive(Debug, Clone)]
pub(crate) struct Style {
    pub(crate) is_terminal: bool,
    pub(crate) colored: bool,
    pub(crate) now: Timestamp,
    /// The number of columns of the terminal.
    pub(crate) width: usize,
    /// The time zone of relative times.
    pub(crate) time_zone: TimeZone,
}

impl Style {
    pub(crate) fn of_stdout() -> Self {
        let stdout = io::stdout();
        let is_terminal = stdout.is_terminal();
        Self {
            is_terminal,
            colored: is_colored(&stdout),
            now: crate::webhook::now(),
            width: console::Term::stdout().size().1.into(),
            time_zone: if is_terminal { TimeZone::system() } else { TimeZone::UTC },
        }
    }

    /// Returns the time, relative to now on a terminal, and as the API sent it otherwise.
    pub(crate) fn time(&self, time: Option<&Timestamp>) -> String {
        match time {
            None => ABSENT.to_owned(),
            Some(time) if self.is_terminal => self.relative(time).unwrap_or_else(|| time.to_string()),
            Some(time) => time.to_string(),
        }
    }

    fn relative(&self, time: &Timestamp) -> Option<String> {
        let local = |time: &Timestamp| -> Option<Zoned> {
            Some(Instant::from_second(time.unix_seconds()).ok()?.to_zoned(self.time_zone.clone()))
        };
        let (then, now) = (local(time)?, local(&self.now)?);
        let seconds = self.now.unix_seconds() - time.unix_seconds();
        let days = (now.date() - then.date()).get_days();
        Some(match (seconds, days) {
            // The clocks of the API and of this machine may differ by some seconds.
            (-10..60, _) => "just now".to_owned(),
            (60..3600, _) => format!("{} min ago", seconds / 60),
            (0.., 0) => then.strftime("today %H:%M").to_string(),
            (0.., 1) => then.strftime("yesterday %H:%M").to_string(),
            (0.., 2..7) => then.strftime("%a %H:%M").to_string(),
            _ if then.year() == now.year() => then.strftime("%-d %b %H:%M").to_string(),
            _ => then.strftime("%-d %b %Y").to_string(),
        })
    }

    /// Returns a sentence about something that succeeded.
    pub(crate) fn done(&self, sentence: &str) -> String {
        format!("{} {}", self.painted("✓", AnsiColor::Green.on_default()), escape(sentence))
    }

    /// Returns a heading or another text of less importance.
    pub(crate) fn dim(&self, text: &str) -> String {
        self.painted(text, Color::new().dimmed())
    }

    fn painted(&self, text: &str, color: Color) -> String {
        let color = if self.colored { color } else { Color::new() };
        format!("{color}{text}{color:#}")
    }
}

#[cfg(test)]
impl Style {
    /// The style of a terminal with 100 columns, at 2026-02-05T20:00:00Z.
    pub(crate) fn terminal() -> Self {
        Self { is_terminal: true, width: 100, ..Self::pipe() }
    }

    pub(crate) fn pipe() -> Self {
        Self {
            is_terminal: false,
            colored: false,
            now: "2026-02-05T20:00:00Z".parse().unwrap(),
            width: 80,
            time_zone: TimeZone::UTC,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_relative_on_a_terminal_and_exact_in_a_pipe() {
        let style = Style::terminal();
        for (time, expected) in [
            ("2026-02-05T20:00:05Z", "just now"),
            ("2026-02-05T19:59:01Z", "just now"),
            ("2026-02-05T19:57:00Z", "3 min ago"),
            ("2026-02-05T14:02:00Z", "today 14:02"),
            ("2026-02-04T14:02:00.5Z", "yesterday 14:02"),
            ("2026-02-02T14:02:00Z", "Mon 14:02"),
            ("2026-01-02T14:02:00Z", "2 Jan 14:02"),
            ("2026-02-07T14:02:00Z", "7 Feb 14:02"),
            ("2025-12-31T14:02:00Z", "31 Dec 2025"),
        ] {
            assert_eq!(style.time(Some(&time.parse().unwrap())), expected, "{time}");
            assert_eq!(Style::pipe().time(Some(&time.parse().unwrap())), time);
        }
        assert_eq!(style.time(None), "-");
    }

    #[test]
    fn days_begin_at_midnight_of_the_time_zone() {
        let style = Style { time_zone: TimeZone::fixed(jiff::tz::offset(5)), ..Style::terminal() };
        assert_eq!(style.time(Some(&"2026-02-05T18:30:00Z".parse().unwrap())), "yesterday 23:30");
    }
}
