use std::collections::VecDeque;

const MAX_IDS: usize = 1024;
/// Longer ids are not remembered.
const MAX_BYTES: usize = 256;

/// The ids of the latest events.
#[derive(Debug, Default)]
pub(super) struct RecentIds(VecDeque<Box<str>>);

impl RecentIds {
    /// Returns `true` if the id was there already, and remembers it.
    pub(super) fn contains_or_insert(&mut self, id: &str) -> bool {
        if self.0.iter().any(|recent| **recent == *id) {
            return true;
        }
        if id.len() <= MAX_BYTES {
            if self.0.len() == MAX_IDS {
                self.0.pop_front();
            }
            self.0.push_back(id.into());
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_ids_are_remembered_and_long_ones_are_not() {
        let mut recent = RecentIds::default();
        for n in 0..=MAX_IDS {
            assert!(!recent.contains_or_insert(&n.to_string()));
        }
        assert!(recent.contains_or_insert(&MAX_IDS.to_string()));
        assert!(!recent.contains_or_insert("0"));
        let long = "x".repeat(MAX_BYTES + 1);
        assert!(!recent.contains_or_insert(&long) && !recent.contains_or_insert(&long));
        assert_eq!(recent.0.len(), MAX_IDS);
    }
}
