use std::collections::{HashMap, VecDeque};

use linq_types::Handle;

/// The maximum number of messages that are kept for a person.
const MAX_KEPT: usize = 10_000;

/// The messages that people have not heard yet: their numbers, in the order in which they were sent.
#[derive(Debug, Default)]
pub(crate) struct Unheard(HashMap<Handle, VecDeque<u64>>);

impl Unheard {
    /// Appends a message. If there are too many, the oldest is removed.
    pub(crate) fn push(&mut self, person: &Handle, number: u64) {
        if !self.0.contains_key(person) {
            self.0.insert(person.clone(), VecDeque::new());
        }
        let Some(numbers) = self.0.get_mut(person) else { return };
        if numbers.len() == MAX_KEPT {
            numbers.pop_front();
        }
        numbers.push_back(number);
    }

    /// Removes the oldest message and returns its number.
    pub(crate) fn pop(&mut self, person: &Handle) -> Option<u64> {
        self.0.get_mut(person)?.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_messages_of_each_person_are_kept_in_order() {
        let (ada, ben) = (Handle::from("+12025550199"), Handle::from("+12025550198"));
        let mut unheard = Unheard::default();
        for number in 0..MAX_KEPT as u64 + 2 {
            unheard.push(&ada, number);
        }
        unheard.push(&ben, 7);
        assert_eq!((unheard.pop(&ada), unheard.pop(&ada)), (Some(2), Some(3)));
        assert_eq!((unheard.pop(&ben), unheard.pop(&ben)), (Some(7), None));
    }
}
