/// The median of several rounds, and the quartiles between which half of the rounds are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

impl Spread {
    /// Returns NaN for all three without values.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let quartile = |quarters| {
            let rank = quarters * values.len().saturating_sub(1) / 4;
            values.get(rank).copied().unwrap_or(f64::NAN)
        };
        Self { low: quartile(1), median: quartile(2), high: quartile(3) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_values_are_between_the_quartiles() {
        let values = [9.0, 1.0, 5.0, 3.0, 7.0, 2.0, 8.0, 4.0, 6.0];
        assert_eq!(Spread::of(values), Spread { low: 3.0, median: 5.0, high: 7.0 });
    }

    #[test]
    fn the_quartiles_of_one_value_are_this_value() {
        assert_eq!(Spread::of([2.5]), Spread { low: 2.5, median: 2.5, high: 2.5 });
    }
}
