//! Horizontal bars as SVG, readable in light and dark pages: the text stays text, and the background is the chart's own.

use std::fmt::Write as _;

use crate::table::{Group, Ratio, Row, Table, number};

const WIDTH: u32 = 760;
const LABELS: u32 = 210;
/// The longest bar; the rest is for the text after it.
const BARS: f64 = 330.0;
const ROW: u32 = 22;
const TITLE: u32 = 38;
const GROUP: u32 = 34;

const STYLE: &str = "\
text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-size:15px;font-weight:600}.group{font-weight:600}\
.label{text-anchor:end}.ground{fill:#fff;stroke:#d1d9e0}.bar{fill:#6ea8fe}.base{fill:#3aa675}.spread{stroke:#1f2328}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.ground{fill:#161b22;stroke:#3d444d}.bar{fill:#3d6fc4}\
.base{fill:#2e8b62}.spread{stroke:#e6edf3}}";

/// Returns a chart with one bar per row. A line over its end shows the quartiles. Rows without a ratio have another color.
pub(crate) fn svg(table: &Table) -> String {
    let rows: usize = table.groups.iter().map(|group| group.rows.len()).sum();
    let height = TITLE + GROUP * count(table.groups.len()) + ROW * count(rows) + 12;
    let title = escaped(&table.title);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         <rect class=\"ground\" x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"6\"/>\n\
         <text class=\"title\" x=\"16\" y=\"26\">{title}</text>\n",
        WIDTH - 1,
        height - 1,
    );
    let mut y = TITLE;
    for group in &table.groups {
        // Writing to a string cannot fail.
        let _ =
            writeln!(svg, "<text class=\"group\" x=\"16\" y=\"{}\">{}</text>", y + 22, escaped(&group.title));
        y += GROUP;
        let longest = group.rows.iter().filter_map(|row| row.value.spread());
        let longest = longest.map(|spread| spread.high.max(spread.median)).fold(f64::EPSILON, f64::max);
        for row in &group.rows {
            svg.push_str(&bar(group, row, y, BARS / longest));
            y += ROW;
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn bar(group: &Group, row: &Row, y: u32, scale: f64) -> String {
    let (value, _) = row.value.cells(group.unit);
    let text = match &row.ratio {
        Some(Ratio { spread, .. }) => format!("{value} · {}×", number(spread.median)),
        None => value,
    };
    let (x, middle) = (LABELS + 10, y + ROW / 2);
    let mut bar =
        format!("<text class=\"label\" x=\"{LABELS}\" y=\"{}\">{}</text>", middle + 4, escaped(&row.label));
    let mut end = f64::from(x);
    if let Some(spread) = row.value.spread() {
        let [low, median, high] = [spread.low, spread.median, spread.high].map(|value| value * scale);
        let class = if row.ratio.is_some() { "bar" } else { "base" };
        let _ = write!(
            bar,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{}\" width=\"{median:.1}\" height=\"{}\"/>\
             <line class=\"spread\" x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{middle}\" y2=\"{middle}\"/>",
            y + 3,
            ROW - 6,
            f64::from(x) + low,
            f64::from(x) + high,
        );
        end += high.max(median);
    }
    let _ = writeln!(bar, "<text x=\"{:.1}\" y=\"{}\">{}</text>", end + 6.0, middle + 4, escaped(&text));
    bar
}

fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::table;

    #[test]
    fn a_chart_has_a_bar_for_each_value_and_a_text_for_each_row() {
        let chart = svg(&table());
        assert_eq!(chart.matches("<rect class=\"bar\"").count(), 1);
        assert_eq!(chart.matches("<rect class=\"base\"").count(), 2);
        for text in ["verify", "1,431 µs · 177×", "2.46 µs", "not installed", "&lt;python&gt;"] {
            assert!(chart.contains(&format!(">{text}</text>")), "{text}");
        }
    }

    #[test]
    fn the_longest_bar_with_its_spread_fills_the_width_and_the_others_are_in_proportion() {
        let chart = svg(&table());
        // The median is 1/1.2 of the upper quartile, which determines the scale.
        for width in ["width=\"275.0\"", "width=\"0.5\"", "width=\"0.0\""] {
            assert!(chart.contains(width), "{width}: {chart}");
        }
    }
}
