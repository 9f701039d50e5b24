use anyhow::Result;
use linq_types::events::{Event, RawBody};

use crate::Body;

const EVENT_ID: &str = "1d883680-6cdd-5d76-bd52-e1e3b671169a";
const CHAT_ID: &str = "85d0fdbb-f989-5d5d-a0f1-f045b1abe9d6";
const CHATS: u64 = 1000;
/// Every tenth event is of the busiest chat.
const BUSY: u64 = 10;

/// The small event again and again, each with an id of its own, in a thousand chats.
#[derive(Default)]
pub(super) struct Events {
    count: u64,
}

impl Events {
    /// Returns the bodies of the next events.
    pub(super) fn bodies(&mut self, count: u32) -> Result<Vec<String>> {
        let body = Body::Small.bytes()?;
        let body = std::str::from_utf8(&body)?;
        let next = || {
            self.count += 1;
            let chat = if self.count.is_multiple_of(BUSY) { 0 } else { self.count % CHATS };
            body.replace(EVENT_ID, &uuid(self.count)).replace(CHAT_ID, &uuid(chat))
        };
        Ok(std::iter::repeat_with(next).take(usize::try_from(count)?).collect())
    }

    pub(super) fn next(&mut self, count: u32) -> Result<Vec<Event>> {
        let parse = |body: String| Ok(Event::parse_unverified(RawBody::new(body))?);
        self.bodies(count)?.into_iter().map(parse).collect()
    }
}

fn uuid(number: u64) -> String {
    format!("00000000-0000-5000-8000-{number:012x}")
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn one_of_a_thousand_chats_has_a_tenth_of_the_events_and_no_two_events_have_one_id() {
        let events = Events::default().next(10_000).unwrap();
        let ids: BTreeSet<_> = events.iter().map(|event| event.event_id.clone().unwrap()).collect();
        let mut chats = BTreeMap::new();
        for event in &events {
            *chats.entry(event.chat_id().unwrap().to_string()).or_insert(0) += 1;
        }
        assert_eq!((ids.len(), chats.values().max()), (10_000, Some(&1000)));
        assert!((890..=1000).contains(&chats.len()), "{}", chats.len());
        assert_eq!(events[0].raw().len(), Body::Small.bytes().unwrap().len());
    }
}
