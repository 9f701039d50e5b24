//! The figures of one run, as a Markdown table. `docs/benchmarks.md` shows it with its chart.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context as _, Result};

use crate::{chart, spread::Spread};

#[path = "../../tests/tests/it/generated/part.rs"]
mod part;

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");

pub struct Table {
    /// The name of the generated part in `docs/benchmarks.md` and of the chart.
    pub name: &'static str,
    pub title: String,
    /// When, on which machine and with what it was measured.
    pub measured: String,
    pub groups: Vec<Group>,
}

/// Rows that can be compared with each other.
pub struct Group {
    pub title: String,
    pub unit: Unit,
    pub rows: Vec<Row>,
}

pub struct Row {
    pub label: String,
    pub value: Value,
    pub ratio: Option<Ratio>,
}

pub enum Value {
    Timing(Spread),
    Count(usize),
    /// Why there is no value.
    Missing(String),
}

/// The ratio to another row of the group.
pub struct Ratio {
    pub spread: Spread,
    pub over: String,
}

#[derive(Debug, Clone, Copy)]
pub enum Unit {
    Microseconds,
    Milliseconds,
    PerSecond,
    /// Without a unit.
    Number,
}

impl Unit {
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Microseconds => " µs",
            Self::Milliseconds => " ms",
            Self::PerSecond => "/s",
            Self::Number => "",
        }
    }
}

impl Table {
    /// Prints the table. With `write`, it also replaces the part of `docs/benchmarks.md` and the chart.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be written, or if the page lacks the part.
    pub fn publish(&self, write: bool) -> Result<()> {
        self.publish_with(write, &[])
    }

    /// Publishes the table with a list below it.
    pub(crate) fn publish_with(&self, write: bool, list: &[String]) -> Result<()> {
        let list: String = list.iter().map(|line| format!("- {line}\n")).collect();
        let figures = format!("{}\n{list}", self.markdown());
        println!("{}\n\nMeasured {}.\n\n{figures}", self.title, self.measured);
        if write {
            let docs = Path::new(DOCS);
            fs::create_dir_all(docs.join("benchmarks"))?;
            fs::write(docs.join(format!("benchmarks/{}.svg", self.name)), chart::svg(self))?;
            let page = docs.join("benchmarks.md");
            let generated = format!(
                "Measured {}.\n\n![{}](./benchmarks/{}.svg)\n\n{}",
                self.measured,
                self.title,
                self.name,
                figures.trim_end()
            );
            let text = part::with_part(&fs::read_to_string(&page)?, self.name, &generated)
                .with_context(|| format!("docs/benchmarks.md lacks a part `{}`", self.name))?;
            fs::write(page, text)?;
        }
        Ok(())
    }

    fn markdown(&self) -> String {
        let mut table = "| | | median | quartiles | relative to | quartiles |\n".to_owned();
        table.push_str("| --- | --- | ---: | ---: | ---: | ---: |\n");
        for group in &self.groups {
            let mut title = group.title.as_str();
            for row in &group.rows {
                let (value, quartiles) = row.value.cells(group.unit);
                let (ratio, of_ratio) = match &row.ratio {
                    Some(Ratio { spread, over }) => {
                        (format!("{}× {over}", number(spread.median)), range(spread))
                    }
                    None => Default::default(),
                };
                // Writing to a string cannot fail.
                let _ = writeln!(
                    table,
                    "| {title} | {} | {value} | {quartiles} | {ratio} | {of_ratio} |",
                    row.label
                );
                title = "";
            }
        }
        table
    }
}

impl Value {
    /// Returns the value with its unit, and the quartiles of a timing.
    pub(crate) fn cells(&self, unit: Unit) -> (String, String) {
        match self {
            Self::Timing(spread) => (format!("{}{}", number(spread.median), unit.suffix()), range(spread)),
            Self::Count(count) => (with_commas(&count.to_string()), String::new()),
            Self::Missing(reason) => (reason.clone(), String::new()),
        }
    }

    /// Returns the lower quartile, the median and the upper quartile.
    pub(crate) fn spread(&self) -> Option<Spread> {
        match self {
            Self::Timing(spread) => Some(*spread),
            Self::Count(count) => u32::try_from(*count).ok().map(|count| Spread::of([f64::from(count)])),
            Self::Missing(_) => None,
        }
    }
}

fn range(spread: &Spread) -> String {
    format!("{} to {}", number(spread.low), number(spread.high))
}

/// Returns the number with three digits or more; fewer if it is small.
pub(crate) fn number(value: f64) -> String {
    let decimals = match value.abs() {
        0.001..0.1 => 3,
        0.0..10.0 => 2,
        10.0..100.0 => 1,
        _ => 0,
    };
    with_commas(&format!("{value:.decimals$}"))
}

fn with_commas(number: &str) -> String {
    let integer = number.find('.').unwrap_or(number.len());
    let mut grouped = String::new();
    for (at, character) in number.char_indices() {
        if at > 0 && at < integer && (integer - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(character);
    }
    grouped
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn table() -> Table {
        let spread = |median: f64| Spread { low: median * 0.9, median, high: median * 1.2 };
        let row = |label: &str, value, ratio| Row { label: label.to_owned(), value, ratio };
        let slow = Ratio { spread: spread(177.2), over: "ours".to_owned() };
        Table {
            name: "peers",
            title: "Peers".to_owned(),
            measured: "on a machine".to_owned(),
            groups: vec![
                Group {
                    title: "verify".to_owned(),
                    unit: Unit::Microseconds,
                    rows: vec![
                        row("<python>", Value::Timing(spread(1431.0)), Some(slow)),
                        row("ours", Value::Timing(spread(2.456)), None),
                    ],
                },
                Group {
                    title: "doubled".to_owned(),
                    unit: Unit::Number,
                    rows: vec![
                        row("ours", Value::Count(0), None),
                        row("none", Value::Missing("not installed".to_owned()), None),
                    ],
                },
            ],
        }
    }

    #[test]
    fn a_row_has_the_median_the_quartiles_and_the_ratio() {
        let lines = [
            "| | | median | quartiles | relative to | quartiles |",
            "| --- | --- | ---: | ---: | ---: | ---: |",
            "| verify | <python> | 1,431 µs | 1,288 to 1,717 | 177× ours | 159 to 213 |",
            "|  | ours | 2.46 µs | 2.21 to 2.95 |  |  |",
            "| doubled | ours | 0 |  |  |  |",
            "|  | none | not installed |  |  |  |",
        ];
        assert_eq!(table().markdown().lines().collect::<Vec<_>>(), lines);
    }

    #[test]
    fn numbers_have_three_digits_or_all_of_an_integer() {
        let numbers = [0.0, 0.0164, 0.582, 9.994, 12.34, 99.94, 123.4, 999.6, 1234.0, 1234567.8];
        let written = ["0.00", "0.016", "0.58", "9.99", "12.3", "99.9", "123", "1,000", "1,234", "1,234,568"];
        assert_eq!(numbers.map(number), written);
    }

    /// The tables in the page are regenerated with their charts.
    #[test]
    fn every_chart_in_the_page_shows_the_medians_of_its_table() {
        let page = fs::read_to_string(format!("{DOCS}/benchmarks.md")).unwrap();
        let mut charts = 0;
        for part in page.split("<!-- generated: ").skip(1) {
            let (name, part) = part.split_once(" -->").unwrap();
            let (part, _) = part.split_once("<!-- end -->").unwrap();
            assert!(part.contains(&format!("](./benchmarks/{name}.svg)")), "{name}");
            let chart = fs::read_to_string(format!("{DOCS}/benchmarks/{name}.svg")).unwrap();
            let rows: Vec<_> = part.lines().filter(|line| line.starts_with('|')).skip(2).collect();
            assert!(!rows.is_empty(), "{name}");
            for row in rows {
                let cells: Vec<_> = row.split('|').map(str::trim).collect();
                assert!(chart.contains(&format!(">{}", chart::escaped(cells[3]))), "{name}: {row}");
            }
            charts += 1;
        }
        assert_eq!(charts, 5);
    }
}
