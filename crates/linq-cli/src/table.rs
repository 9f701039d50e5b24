//! Tables of text.

use std::{borrow::Cow, fmt::Display};

use anstyle::{AnsiColor, Style as Color};
use console::{measure_text_width, truncate_str};
use linq::types::escape;

use crate::output::Style;

/// The header of a column, and its cell of an entry.
pub(crate) type Column<T> = (&'static str, fn(&T) -> Cow<'_, str>);

/// Returns a line for each entry, with aligned columns.
pub(crate) fn table<T>(entries: &[T], columns: &[Column<T>], has_header: bool) -> String {
    let mut lines: Vec<Vec<String>> = Vec::new();
    if has_header {
        lines.push(columns.iter().map(|(header, _)| (*header).to_owned()).collect());
    }
    lines.extend(entries.iter().map(|entry| cells(entry, columns).collect()));
    let widths = widths(columns.len(), lines.iter().map(|line| line.iter().map(String::as_str)));
    lines.into_iter().map(|line| joined(line.into_iter(), &widths)).collect()
}

/// Returns a line for each column.
pub(crate) fn lines<T>(entry: &T, columns: &[Column<T>]) -> String {
    let width = columns.iter().map(|(header, _)| header.len()).max().unwrap_or_default();
    let lines = columns.iter().zip(cells(entry, columns));
    lines.map(|((header, _), cell)| format!("{:width$}  {cell}\n", header.to_lowercase())).collect()
}

fn cells<T>(entry: &T, columns: &[Column<T>]) -> impl Iterator<Item = String> {
    columns.iter().map(move |(_, cell)| escape(cell(entry)).to_string())
}

/// The header of a column of a [`listing`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Heading {
    /// Every cell is shown whole.
    Whole(&'static str),
    /// Cells are shortened if the terminal is too narrow.
    Shortened(&'static str),
}

impl Heading {
    const fn text(self) -> &'static str {
        match self {
            Self::Whole(text) | Self::Shortened(text) => text,
        }
    }
}

/// A cell of a [`listing`] or a line of [`details`].
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    color: Color,
}

impl Cell {
    pub(crate) fn new(text: impl Display) -> Self {
        Self { text: escape(text).to_string(), color: Color::new() }
    }

    /// A value that may be absent.
    pub(crate) fn of(text: Option<impl Display>) -> Self {
        text.map_or_else(|| Self::new("-"), Self::new)
    }

    /// A text that is green if something is as it should be, else red.
    pub(crate) fn judged(text: impl Display, good: bool) -> Self {
        let color = if good { AnsiColor::Green } else { AnsiColor::Red };
        Self { color: color.on_default(), ..Self::new(text) }
    }

    /// The result of a yes-no question that may be unanswered.
    pub(crate) fn yes_or_no(answer: Option<bool>) -> Self {
        match answer {
            Some(answer) => Self::judged(if answer { "yes" } else { "no" }, answer),
            None => Self::new("-"),
        }
    }

    fn show(&self, style: &Style) -> String {
        let color = if style.colored { self.color } else { Color::new() };
        format!("{color}{}{color:#}", self.text)
    }
}

/// Returns a line for each row, with aligned columns, within the width of the terminal if possible.
pub(crate) fn listing(
    headings: &[Heading],
    mut rows: Vec<Vec<Cell>>,
    style: &Style,
    has_header: bool,
) -> String {
    let mut widths = widths(headings.len(), rows.iter().map(|row| row.iter().map(|cell| &*cell.text)));
    for (width, heading) in widths.iter_mut().zip(headings) {
        *width = (*width).max(heading.text().len());
    }
    if style.is_terminal {
        shorten(headings, &mut widths, style.width);
        for row in &mut rows {
            for (cell, width) in row.iter_mut().zip(&widths) {
                cell.text = truncate_str(&cell.text, *width, "…").into_owned();
            }
        }
    }
    let mut text = String::new();
    if has_header {
        let header = joined(headings.iter().map(|heading| heading.text().to_owned()), &widths);
        text.push_str(&format!("{}\n", style.dim(header.trim_end())));
    }
    text.extend(rows.iter().map(|row| joined(row.iter().map(|cell| cell.show(style)), &widths)));
    text
}

/// Returns a line for each value, with its name.
pub(crate) fn details(values: &[(&str, Cell)], style: &Style) -> String {
    let width = values.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let line = |(name, cell): &(&str, Cell)| {
        format!("{}  {}\n", style.dim(&format!("{name:width$}")), cell.show(style))
    };
    values.iter().map(line).collect()
}

/// Makes the widest of the columns that may be shortened narrower until the line fits.
fn shorten(headings: &[Heading], widths: &mut [usize], total: usize) {
    const MIN: usize = 10;
    loop {
        let line: usize = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
        let widest = (0..widths.len())
            .filter(|column| matches!(headings[*column], Heading::Shortened(_)) && widths[*column] > MIN)
            .max_by_key(|column| widths[*column]);
        match widest {
            Some(column) if line > total => {
                // To the width of the next one at most, so that wide columns share what there is.
                let excess = (line - total).min(widths[column] - MIN);
                let next = (0..widths.len())
                    .filter(|other| *other != column && matches!(headings[*other], Heading::Shortened(_)));
                let next = next.map(|other| widths[other]).max().unwrap_or_default();
                let step = excess.min(widths[column].saturating_sub(next).max(1));
                widths[column] -= step;
            }
            _ => return,
        }
    }
}

fn widths<'c>(columns: usize, lines: impl Iterator<Item = impl Iterator<Item = &'c str>>) -> Vec<usize> {
    let mut widths = vec![0; columns];
    for line in lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(measure_text_width(cell));
        }
    }
    widths
}

fn joined(cells: impl Iterator<Item = String>, widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in cells.zip(widths) {
        let padding = width.saturating_sub(measure_text_width(&cell)) + 2;
        line.push_str(&cell);
        line.extend(std::iter::repeat_n(' ', padding));
    }
    format!("{}\n", line.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column<(u8, &str)>] =
        &[("NUMBER", |e| e.0.to_string().into()), ("TEXT", |e| e.1.into())];

    #[test]
    fn columns_are_aligned_and_text_is_escaped() {
        let entries = [(1, "one"), (200, "\u{1b}[2J\n"), (3, "größer")];
        let expected = "NUMBER  TEXT\n1       one\n200     \\u001b[2J\\n\n3       größer\n";
        assert_eq!(table(&entries, COLUMNS, true), expected);
        assert_eq!(table(&entries[..1], COLUMNS, false), "1  one\n");
        assert_eq!(lines(&entries[0], COLUMNS), "number  1\ntext    one\n");
    }

    const HEADINGS: &[Heading] =
        &[Heading::Whole("ID"), Heading::Shortened("NAME"), Heading::Shortened("TEXT")];

    fn rows() -> Vec<Vec<Cell>> {
        let row = |cells: [&str; 3]| cells.map(Cell::new).to_vec();
        vec![
            row([
                "c0a1d1f2-0000",
                "日本語の名前とても長い名前",
                "a text that is much longer than the others",
            ]),
            row(["c0a1d1f2-0001", "a\u{202e}b\n", "short"]),
        ]
    }

    #[test]
    fn cells_are_shortened_to_the_width_of_a_terminal_but_ids_are_whole() {
        let style = Style { width: 50, ..Style::terminal() };
        let text = listing(HEADINGS, rows(), &style, true);
        insta::assert_snapshot!(text);
        assert!(text.lines().all(|line| measure_text_width(line) <= 50), "{text}");
        let narrow = listing(HEADINGS, rows(), &Style { width: 5, ..style }, false);
        assert!(narrow.contains("c0a1d1f2-0001"), "{narrow}");
    }

    #[test]
    fn cells_are_complete_in_a_pipe() {
        insta::assert_snapshot!(listing(HEADINGS, rows(), &Style::pipe(), true));
    }

    #[test]
    fn colors_do_not_move_columns() {
        let style = Style { colored: true, ..Style::terminal() };
        let rows = vec![
            vec![Cell::judged("no", false), Cell::new("a"), Cell::new("b")],
            vec![Cell::new("maybe"), Cell::new("a"), Cell::new("b")],
        ];
        let text = listing(HEADINGS, rows, &style, false);
        assert_eq!(text, "\u{1b}[31mno\u{1b}[0m     a     b\nmaybe  a     b\n");
    }
}
