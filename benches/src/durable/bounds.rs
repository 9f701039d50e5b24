//! What a way is compared with, and what is asked of it.

use super::Way;
use crate::{Group, Row, Value};

/// A way, the one it is compared with, and the least ratio that is asked.
pub(super) type Comparison = (Way, Way, f64);

/// Returns what says with which way another one is compared.
pub(super) fn over(compared: &[Comparison]) -> impl Fn(Way) -> Option<Way> {
    move |way| {
        let comparison = compared.iter().find(|(this, _, _)| *this == way);
        comparison.map(|(_, other, _)| *other).or_else(|| super::other::compared_with(way))
    }
}

/// Says for each comparison whether the ratio is at least what is asked.
pub(super) fn ratios(group: &Group, compared: &[Comparison]) -> Vec<String> {
    let line = |(this, other, least): &Comparison| {
        let ratio = row(group, this)?.ratio.as_ref()?.spread.median;
        Some(format!("{}: {this} at least {least}× {other}: {ratio:.2}", verdict(ratio >= *least)))
    };
    compared.iter().filter_map(line).collect()
}

/// Says whether the median of a row is at most this many of its unit.
pub(super) fn at_most(group: &Group, label: &str, most: f64) -> Option<String> {
    let Value::Timing(spread) = row(group, label)?.value else { return None };
    let (title, median) = (&group.title, spread.median);
    let unit = group.unit.suffix();
    Some(format!("{}: {title}, {label} at most {most}{unit}: {median:.3}", verdict(median <= most)))
}

fn row<'g>(group: &'g Group, label: &str) -> Option<&'g Row> {
    group.rows.iter().find(|row| row.label == label)
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "**missed**" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ratio, Spread, Unit};

    #[test]
    fn a_bound_is_met_by_the_median_of_the_ratios_and_missed_below_it() {
        let row = |label: &str, ratio: f64| Row {
            label: label.to_owned(),
            value: Value::Timing(Spread::of([3.0])),
            ratio: Some(Ratio { spread: Spread::of([ratio]), over: "floor".to_owned() }),
        };
        let rows = vec![row("fast", 0.5), row("slow", 0.49)];
        let group = Group { title: "stored".to_owned(), unit: Unit::Milliseconds, rows };
        let compared = [("fast", "floor", 0.5), ("slow", "floor", 0.5), ("absent", "floor", 0.5)];
        let lines = ["met: fast at least 0.5× floor: 0.50", "**missed**: slow at least 0.5× floor: 0.49"];
        assert_eq!(ratios(&group, &compared), lines);
        assert_eq!(at_most(&group, "fast", 3.0).unwrap(), "met: stored, fast at most 3 ms: 3.000");
        assert_eq!(at_most(&group, "fast", 2.0).unwrap(), "**missed**: stored, fast at most 2 ms: 3.000");
    }
}
