use std::{collections::BTreeMap, ops::Bound};

use linq_types::{MessageId, messages::ThreadOrder};

use crate::error::ApiError;

/// Messages ordered by the number that each one was assigned on arrival.
///
/// A page starts at its cursor without visiting the messages before it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Timeline(BTreeMap<u64, MessageId>);

/// A page of a timeline, and the cursor of the next one if there is one.
pub(crate) struct TimelinePage<'a> {
    pub(crate) ids: Vec<&'a MessageId>,
    pub(crate) next_cursor: Option<String>,
}

impl<const N: usize> From<[(u64, MessageId); N]> for Timeline {
    fn from(messages: [(u64, MessageId); N]) -> Self {
        Self(messages.into())
    }
}

impl Timeline {
    pub(crate) fn insert(&mut self, number: u64, id: MessageId) {
        self.0.insert(number, id);
    }

    pub(crate) fn remove(&mut self, number: u64) {
        self.0.remove(&number);
    }

    pub(crate) fn get(&self, number: u64) -> Option<&MessageId> {
        self.0.get(&number)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the number of the newest message; 0 if there is none.
    pub(crate) fn last_number(&self) -> u64 {
        self.0.last_key_value().map_or(0, |(number, _)| *number)
    }

    /// Oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &MessageId> {
        self.0.values()
    }

    pub(crate) fn page(
        &self,
        cursor: Option<&str>,
        order: &ThreadOrder,
        limit: usize,
    ) -> Result<TimelinePage<'_>, ApiError> {
        let last = cursor
            .map(str::parse::<u64>)
            .transpose()
            .map_err(|_| ApiError::invalid("`cursor` is not a `next_cursor` of this list"))?;
        Ok(match order {
            ThreadOrder::Desc => {
                let before = last.map_or(Bound::Unbounded, Bound::Excluded);
                take(self.0.range((Bound::Unbounded, before)).rev(), limit)
            }
            _ => {
                let after = last.map_or(Bound::Unbounded, Bound::Excluded);
                take(self.0.range((after, Bound::Unbounded)), limit)
            }
        })
    }
}

fn take<'a>(mut entries: impl Iterator<Item = (&'a u64, &'a MessageId)>, limit: usize) -> TimelinePage<'a> {
    let mut page = TimelinePage { ids: Vec::new(), next_cursor: None };
    let mut last = None;
    for (number, id) in entries.by_ref().take(limit) {
        page.ids.push(id);
        last = Some(number);
    }
    if entries.next().is_some() {
        page.next_cursor = last.map(u64::to_string);
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_go_on_where_the_last_one_ended_though_messages_come_and_go() {
        let mut timeline = Timeline::default();
        for number in 1..=6 {
            timeline.insert(number * 10, MessageId::from(number.to_string()));
        }
        let page = timeline.page(None, &ThreadOrder::Desc, 2).unwrap();
        assert_eq!(page.ids, ["6", "5"]);
        let cursor = page.next_cursor.unwrap();
        timeline.remove(50);
        timeline.insert(70, "7".into());
        let page = timeline.page(Some(&cursor), &ThreadOrder::Desc, 4).unwrap();
        assert_eq!(
            (page.ids, page.next_cursor),
            (vec![&"4".into(), &"3".into(), &"2".into(), &"1".into()], None)
        );
        let page = timeline.page(Some("20"), &ThreadOrder::Asc, 2).unwrap();
        assert_eq!((page.ids, page.next_cursor.as_deref()), (vec![&"3".into(), &"4".into()], Some("40")));
        assert!(timeline.page(Some("none"), &ThreadOrder::Asc, 2).is_err());
    }
}
