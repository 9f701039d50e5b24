use std::{fmt, vec};

use linq_types::page::Page;
use serde::de::DeserializeOwned;

use crate::{Call, Client, Error, request::RequestSpec};

/// A list that comes in pages: take one [`page`](Self::page), or all [`items`](Self::items).
#[must_use = "a list asks for nothing until its page or its items are awaited"]
pub struct List<'c, C, P> {
    client: &'c C,
    spec: RequestSpec,
    limit: Option<u32>,
    cursor: Option<String>,
    page: std::marker::PhantomData<fn() -> P>,
}

impl<'c, C, P: Page + DeserializeOwned> List<'c, C, P> {
    pub(crate) fn new(client: &'c C, spec: RequestSpec) -> Self {
        Self { client, spec, limit: None, cursor: None, page: std::marker::PhantomData }
    }

    pub(crate) fn with_query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.spec.query.set(name, value);
        self
    }

    /// Sets how many items a page has at most.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Starts at this cursor, which an earlier page gave as its next one.
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }

    /// One page, with the cursor of the next.
    pub fn page(&self) -> Call<'c, C, P> {
        let mut spec = self.spec.without_payload();
        if let Some(cursor) = self.cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
            spec.query.set("cursor", cursor);
        }
        if let Some(limit) = self.limit {
            spec.query.set("limit", limit.to_string());
        }
        Call::json(self.client, spec)
    }

    /// All items from here on, page after page. Only one page is held at a time.
    pub fn items(self) -> Items<'c, C, P> {
        Items { list: self, page: Vec::new().into_iter(), end: None, cycle: Cycle::default() }
    }
}

impl<C, P> fmt::Debug for List<'_, C, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("request", &self.spec)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

/// The items of a list, fetched page by page as they are asked for.
///
/// An empty page that names a next one is passed over. After an error, asking again repeats the page that failed:
/// no item is lost or given twice by it. Cursors that run in a circle end in an error, at once when a page names its own
/// cursor, else after at most a few rounds.
#[must_use = "items are fetched only when they are asked for"]
pub struct Items<'c, C, P: Page> {
    pub(crate) list: List<'c, C, P>,
    page: vec::IntoIter<P::Item>,
    end: Option<End>,
    cycle: Cycle,
}

/// What comes after the page at hand.
enum End {
    /// Nothing: it was the last.
    Last,
    /// The error that the cursor runs in a circle.
    Circle,
}

impl<'c, P: Page + DeserializeOwned + 'c> Items<'c, Client, P> {
    /// The next item; `None` after the last.
    ///
    /// Dropping the future loses nothing: the list moves on only when a page has arrived.
    ///
    /// # Errors
    ///
    /// What the call for a page gives, and [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) when the service's
    /// cursors run in a circle, for such a list never ends.
    pub async fn next(&mut self) -> Option<Result<P::Item, Error>> {
        loop {
            if let Some(outcome) = self.at_hand() {
                return outcome;
            }
            match self.list.page().await {
                Ok(page) => self.turn(page),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<C, P: Page> Items<'_, C, P> {
    /// What can be given without asking for a page; `None` when one must be asked for.
    pub(crate) fn at_hand(&mut self) -> Option<Option<Result<P::Item, Error>>> {
        if let Some(item) = self.page.next() {
            return Some(Some(Ok(item)));
        }
        match self.end.take()? {
            End::Last => {
                self.end = Some(End::Last);
                Some(None)
            }
            End::Circle => {
                self.end = Some(End::Last);
                Some(Some(Err(Error::endless_list())))
            }
        }
    }

    pub(crate) fn turn(&mut self, page: P) {
        let (items, next) = page.into_parts();
        self.page = items.into_iter();
        match next.filter(|cursor| !cursor.is_empty()) {
            None => self.end = Some(End::Last),
            Some(cursor) if self.list.cursor.as_ref() == Some(&cursor) || self.cycle.closes(&cursor) => {
                self.end = Some(End::Circle);
            }
            cursor => self.list.cursor = cursor,
        }
    }
}

impl<C, P: Page> fmt::Debug for Items<'_, C, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("list", &self.list).finish_non_exhaustive()
    }
}

/// Notices a circle of cursors of any length while remembering a single one (Brent's algorithm).
#[derive(Debug, Default)]
struct Cycle {
    mark: Option<String>,
    steps: u64,
}

impl Cycle {
    fn closes(&mut self, cursor: &str) -> bool {
        if self.mark.as_deref() == Some(cursor) {
            return true;
        }
        self.steps += 1;
        if self.steps.is_power_of_two() {
            self.mark = Some(cursor.to_owned());
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_of_any_length_is_noticed_and_a_straight_line_is_not() {
        for length in 1..20 {
            let mut cycle = Cycle::default();
            assert!((0..1000).any(|step| cycle.closes(&(step % length).to_string())), "{length}");
        }
        let mut cycle = Cycle::default();
        assert!(!(0..1000).any(|step| cycle.closes(&step.to_string())));
    }
}
