//! Tables of text.

use std::borrow::Cow;

use linq::types::escape;

/// The header of a column, and its cell of an entry.
pub(crate) type Column<T> = (&'static str, fn(&T) -> Cow<'_, str>);

/// Returns a line for each entry, with aligned columns.
pub(crate) fn table<T>(entries: &[T], columns: &[Column<T>], has_header: bool) -> String {
    let mut lines: Vec<Vec<String>> = Vec::new();
    if has_header {
        lines.push(columns.iter().map(|(header, _)| (*header).to_owned()).collect());
    }
    lines.extend(entries.iter().map(|entry| cells(entry, columns).collect()));
    let widths: Vec<_> = (0..columns.len())
        .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default())
        .collect();
    let print = |line: Vec<String>| {
        let padded = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}  "));
        format!("{}\n", padded.collect::<String>().trim_end())
    };
    lines.into_iter().map(print).collect()
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
}
