use std::collections::VecDeque;

use linq_types::ChatId;

use super::{
    bodies::Bodies,
    entry::{Delivery, RequestLog},
};

/// The number of requests, and of deliveries, that are kept.
const MAX_ENTRIES: usize = 10_000;
/// The maximum memory of all headers and bodies, in bytes.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The newest entries. Those that are older lose their headers and bodies when these take too much memory.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    requests: Ring<RequestLog>,
    deliveries: Ring<Sent>,
    /// The number of the newest entry; 0 before the first one.
    newest: u64,
    /// The memory of headers and bodies, in bytes.
    bytes: usize,
    /// How many times the log was cleared.
    cleared: u64,
}

/// An attempt to deliver a webhook, and the chat it is about.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) delivery: Delivery,
    pub(crate) chat_id: Option<ChatId>,
}

#[derive(Debug)]
pub(crate) struct Row<T> {
    /// The position in the log. Requests and deliveries are numbered together.
    pub(crate) number: u64,
    pub(crate) value: T,
    /// `None` if they are not kept any more.
    pub(crate) bodies: Option<Bodies>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Entry<'a> {
    Request(&'a Row<RequestLog>),
    Delivery(&'a Row<Sent>),
}

impl Entry<'_> {
    pub(crate) fn number(&self) -> u64 {
        match self {
            Self::Request(row) => row.number,
            Self::Delivery(row) => row.number,
        }
    }
}

/// Rows in order of their numbers.
#[derive(Debug)]
struct Ring<T> {
    rows: VecDeque<Row<T>>,
    /// The number of rows at the front that have lost their bodies.
    bare: usize,
}

impl<T> Default for Ring<T> {
    fn default() -> Self {
        Self { rows: VecDeque::new(), bare: 0 }
    }
}

impl<T> Ring<T> {
    /// Appends a row, and returns the memory that was freed.
    fn push(&mut self, row: Row<T>) -> usize {
        let mut freed = 0;
        if self.rows.len() == MAX_ENTRIES {
            let oldest = self.rows.pop_front();
            freed = oldest.and_then(|row| row.bodies).map_or(0, |bodies| bodies.size());
            self.bare = self.bare.saturating_sub(1);
        }
        self.rows.push_back(row);
        freed
    }

    /// Returns the number of the oldest row that has its bodies.
    fn oldest_with_bodies(&self) -> u64 {
        self.rows.get(self.bare).map_or(u64::MAX, |row| row.number)
    }

    /// Drops the oldest bodies, and returns the memory that was freed.
    fn drop_bodies(&mut self) -> usize {
        let bodies = self.rows.get_mut(self.bare).and_then(|row| row.bodies.take());
        self.bare = (self.bare + 1).min(self.rows.len());
        bodies.map_or(0, |bodies| bodies.size())
    }

    /// Returns the rows after this number, oldest first.
    fn after(&self, number: u64) -> impl Iterator<Item = &Row<T>> {
        let start = self.rows.partition_point(|row| row.number <= number);
        self.rows.range(start..)
    }

    fn find(&self, number: u64) -> Option<&Row<T>> {
        let at = self.rows.binary_search_by_key(&number, |row| row.number).ok()?;
        self.rows.get(at)
    }
}

impl Kept {
    pub(super) fn push_request(&mut self, value: RequestLog, bodies: Bodies) {
        let size = bodies.size();
        let row = Row { number: self.next(), value, bodies: Some(bodies) };
        let freed = self.requests.push(row);
        self.account(size, freed);
    }

    pub(super) fn push_delivery(&mut self, value: Sent, bodies: Bodies) {
        let size = bodies.size();
        let row = Row { number: self.next(), value, bodies: Some(bodies) };
        let freed = self.deliveries.push(row);
        self.account(size, freed);
    }

    fn next(&mut self) -> u64 {
        self.newest += 1;
        self.newest
    }

    fn account(&mut self, added: usize, freed: usize) {
        self.bytes = (self.bytes + added).saturating_sub(freed);
        while self.bytes > MAX_BYTES {
            let requests_are_older =
                self.requests.oldest_with_bodies() < self.deliveries.oldest_with_bodies();
            self.bytes -= match requests_are_older {
                true => self.requests.drop_bodies(),
                false => self.deliveries.drop_bodies(),
            };
        }
    }

    /// Removes all entries. The numbers go on.
    pub(super) fn clear(&mut self) {
        *self = Self { newest: self.newest, cleared: self.cleared + 1, ..Self::default() };
    }

    /// Returns the number of the newest entry.
    pub(crate) fn newest(&self) -> u64 {
        self.newest
    }

    /// Returns how many times the log was cleared.
    pub(crate) fn cleared(&self) -> u64 {
        self.cleared
    }

    /// Oldest first.
    pub(crate) fn requests(&self) -> impl DoubleEndedIterator<Item = &Row<RequestLog>> {
        self.requests.rows.iter()
    }

    /// Oldest first.
    pub(crate) fn deliveries(&self) -> impl DoubleEndedIterator<Item = &Row<Sent>> {
        self.deliveries.rows.iter()
    }

    /// Returns the entries after this number, oldest first.
    pub(crate) fn after(&self, number: u64) -> impl Iterator<Item = Entry<'_>> {
        let mut requests = self.requests.after(number).peekable();
        let mut deliveries = self.deliveries.after(number).peekable();
        std::iter::from_fn(move || match (requests.peek(), deliveries.peek()) {
            (Some(request), Some(delivery)) if delivery.number < request.number => {
                deliveries.next().map(Entry::Delivery)
            }
            (Some(_), _) => requests.next().map(Entry::Request),
            (None, _) => deliveries.next().map(Entry::Delivery),
        })
    }

    /// Returns the number before those of the newest `count` entries.
    pub(crate) fn before_newest(&self, count: usize) -> u64 {
        let requests = self.requests().rev().map(|row| row.number).take(count);
        let deliveries = self.deliveries().rev().map(|row| row.number).take(count);
        let mut numbers: Vec<_> = requests.chain(deliveries).collect();
        numbers.sort_unstable();
        let oldest = numbers.len().saturating_sub(count);
        numbers.get(oldest).map_or(self.newest, |number| number - 1)
    }

    pub(crate) fn find(&self, number: u64) -> Option<Entry<'_>> {
        let request = self.requests.find(number).map(Entry::Request);
        request.or_else(|| self.deliveries.find(number).map(Entry::Delivery))
    }
}
