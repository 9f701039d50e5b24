use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead as _, BufReader},
    path::Path,
};

use serde_json::value::RawValue;

use super::source::{Budget, Source};

/// A line takes months to send more than this at its daily limit.
const MAX_ROWS: u64 = 1_000_000;

/// A row of the file: the values by the names of their columns.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) values: BTreeMap<String, String>,
}

/// What is wrong with a line of the file.
#[derive(Debug, PartialEq)]
pub(super) struct Invalid {
    pub(super) line: u64,
    pub(super) reason: String,
}

impl Invalid {
    pub(super) fn new(line: u64, reason: impl Into<String>) -> Self {
        Self { line, reason: reason.into() }
    }
}

/// The rows of a file: CSV with the names of the columns in the first line, or JSON lines.
pub(super) struct Rows {
    format: Format,
    budget: Budget,
    count: u64,
    /// Whether reading failed, so that there are no more rows.
    has_ended: bool,
}

enum Format {
    Csv { reader: Box<csv::Reader<BufReader<Source>>>, names: Vec<String> },
    Json { reader: BufReader<Source>, line: u64 },
}

impl Rows {
    pub(super) fn open(path: &Path) -> Result<Self, Invalid> {
        let source =
            Source::open(path).map_err(|error| Invalid::new(0, format!("cannot read the file: {error}")))?;
        let budget = source.budget();
        let mut reader = BufReader::new(source);
        let start = reader.fill_buf().map_err(|error| unreadable(1, &error))?;
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        let is_json = start.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        let format = match is_json {
            true => Format::Json { reader, line: 0 },
            false => {
                let mut reader = Box::new(csv::Reader::from_reader(reader));
                let names = column_names(&mut reader)?;
                Format::Csv { reader, names }
            }
        };
        Ok(Self { format, budget, count: 0, has_ended: false })
    }

    /// Returns the hash of what was read.
    pub(super) fn digest(&self) -> String {
        match &self.format {
            Format::Csv { reader, .. } => reader.get_ref().get_ref().digest(),
            Format::Json { reader, .. } => reader.get_ref().digest(),
        }
    }
}

fn column_names(reader: &mut csv::Reader<BufReader<Source>>) -> Result<Vec<String>, Invalid> {
    let header = reader.headers().map_err(|error| Invalid::new(1, csv_reason(&error)))?;
    let names: Vec<_> = header.iter().map(|name| name.trim().to_owned()).collect();
    if !names.iter().any(|name| name == "to") {
        let reason = "missing column `to`: the first line must name the columns, such as to,name";
        return Err(Invalid::new(1, reason));
    }
    let mut seen = BTreeSet::new();
    match names.iter().find(|name| !seen.insert(*name)) {
        Some(name) => Err(Invalid::new(1, format!("two columns are named `{name}`"))),
        None => Ok(names),
    }
}

impl Iterator for Rows {
    type Item = Result<Row, Invalid>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        let Self { format, budget, count, has_ended } = self;
        let row = match format {
            Format::Csv { reader, names } => {
                budget.renew();
                next_csv(reader, names, has_ended)
            }
            Format::Json { reader, line } => next_json(reader, line, budget, has_ended),
        }?;
        *count += 1;
        if *count > MAX_ROWS {
            *has_ended = true;
            let line = row.map_or_else(|invalid| invalid.line, |row| row.line);
            return Some(Err(Invalid::new(line, format!("more than {MAX_ROWS} rows; split the file"))));
        }
        Some(row)
    }
}

fn next_csv(
    reader: &mut csv::Reader<BufReader<Source>>,
    names: &[String],
    has_ended: &mut bool,
) -> Option<Result<Row, Invalid>> {
    let mut record = csv::StringRecord::new();
    let read = reader.read_record(&mut record);
    // The position of a record is that of the empty lines in front of it, so it is counted from the end.
    let last_line = reader.position().line().saturating_sub(1);
    match read {
        Ok(false) => None,
        Ok(true) => {
            let breaks = record.as_slice().bytes().filter(|byte| *byte == b'\n').count();
            let values = names.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
            Some(Ok(Row { line: last_line.saturating_sub(breaks as u64), values }))
        }
        Err(error) => {
            *has_ended = matches!(error.kind(), csv::ErrorKind::Io(_));
            Some(Err(Invalid::new(last_line, csv_reason(&error))))
        }
    }
}

fn csv_reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) => format!("cannot read the file: {error}"),
        csv::ErrorKind::Utf8 { .. } => "invalid UTF-8".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} columns in place of {expected_len}; quote values with commas")
        }
        _ => error.to_string(),
    }
}

fn next_json(
    reader: &mut BufReader<Source>,
    line: &mut u64,
    budget: &Budget,
    has_ended: &mut bool,
) -> Option<Result<Row, Invalid>> {
    loop {
        budget.renew();
        let mut bytes = Vec::new();
        *line += 1;
        match reader.read_until(b'\n', &mut bytes) {
            Ok(0) => return None,
            Ok(_) => {}
            Err(error) => {
                *has_ended = true;
                return Some(Err(unreadable(*line, &error)));
            }
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").filter(|_| *line == 1).unwrap_or(&bytes);
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let values = read_json(bytes).map_err(|reason| Invalid::new(*line, reason));
        return Some(values.map(|values| Row { line: *line, values }));
    }
}

fn read_json(bytes: &[u8]) -> Result<BTreeMap<String, String>, String> {
    let text = str::from_utf8(bytes).map_err(|_| "invalid UTF-8")?;
    let fields: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).map_err(
        |_| "invalid JSON: expected an object, such as {\"to\": \"+12025550199\", \"text\": \"Hello\"}",
    )?;
    let read = |(name, value): (String, Box<RawValue>)| {
        let value = match value.get().as_bytes() {
            [b'"', ..] => serde_json::from_str(value.get()).ok(),
            // A number keeps its digits.
            [b'-' | b'0'..=b'9' | b't' | b'f', ..] => Some(value.get().to_owned()),
            _ => None,
        };
        match value {
            Some(value) => Ok((name, value)),
            None => Err(format!("invalid value of `{name}`: expected a text, a number, true or false")),
        }
    };
    fields.into_iter().map(read).collect()
}

fn unreadable(line: u64, error: &std::io::Error) -> Invalid {
    Invalid::new(line, format!("cannot read the file: {error}"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn read(content: &[u8]) -> Vec<Result<Row, Invalid>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("people");
        fs::write(&path, content).unwrap();
        match Rows::open(&path) {
            Ok(rows) => rows.collect(),
            Err(invalid) => vec![Err(invalid)],
        }
    }

    /// The lines and columns of rows, and the lines and reasons of what is invalid.
    fn shown(content: &[u8]) -> Vec<String> {
        let show = |row| match row {
            Ok(Row { line, values }) => format!("{line} {values:?}"),
            Err(Invalid { line, reason }) => format!("{line} {reason}"),
        };
        read(content).into_iter().map(show).collect()
    }

    #[test]
    fn csv_and_json_lines_are_read_with_bom_crlf_quotes_and_empty_lines() {
        let row = |line: u64, name: &str| format!(r#"{line} {{"name": {name:?}, "to": "a"}}"#);
        for (content, rows) in [
            (&b"to,name\na,Ann\n\na,Bob"[..], vec![row(2, "Ann"), row(4, "Bob")]),
            (
                b"\xef\xbb\xbfto,name\r\na,\"Ann, \"\"A\"\"\r\nB\"\r\na,C\r\n",
                vec![row(2, "Ann, \"A\"\nB"), row(4, "C")],
            ),
            (
                b"\xef\xbb\xbf{\"to\":\"a\",\"name\":1.50}\r\n\r\n{\"to\":\"a\",\"name\":true}",
                vec![row(1, "1.50"), row(3, "true")],
            ),
            (
                b"",
                vec![
                    "1 missing column `to`: the first line must name the columns, such as to,name".to_owned(),
                ],
            ),
            (
                b"+12025550199,Ann\n",
                vec![
                    "1 missing column `to`: the first line must name the columns, such as to,name".to_owned(),
                ],
            ),
            (b"to,a,a\n", vec!["1 two columns are named `a`".to_owned()]),
        ] {
            assert_eq!(shown(content), rows, "{}", String::from_utf8_lossy(content));
        }
    }

    #[test]
    fn invalid_rows_have_their_lines_and_do_not_end_the_file() {
        let columns = "3 columns in place of 2; quote values with commas";
        let csv = shown(b"to,name\na,\xff\na,b,c\na,Ann\n");
        assert_eq!(csv[..2], ["2 invalid UTF-8".to_owned(), format!("3 {columns}")]);
        assert!(csv[2].starts_with("4 {"), "{csv:?}");
        let json = shown(b"{\"to\":\"\xff\"}\n{\"to\":[]}\nto\n{\"to\":\"a\"}");
        assert_eq!(json[0], "1 invalid UTF-8");
        assert!(
            json[1].starts_with("2 invalid value of `to`") && json[2].starts_with("3 invalid JSON"),
            "{json:?}"
        );
        assert_eq!(json[3], r#"4 {"to": "a"}"#);
    }

    #[test]
    fn a_row_of_more_than_a_mebibyte_is_an_error_and_the_end() {
        for start in ["to\n\"", "{\"to\":\""] {
            let content = start.to_owned() + &"a".repeat(3 << 20);
            let rows = shown(content.as_bytes());
            assert!(rows.len() == 1 && rows[0].contains("more than 1 MiB"), "{rows:?}");
        }
        let many = "to\n".to_owned() + &"+12025550199\n".repeat(200_000);
        assert_eq!(read(many.as_bytes()).iter().filter(|row| row.is_ok()).count(), 200_000);
    }
}
