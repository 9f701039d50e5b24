use std::{fmt, marker::PhantomData, mem, time::Duration, vec};

use linq_types::{Handle, page::Page};
use serde::de::DeserializeOwned;

use crate::{
    Call, Client, Error, config::Settings, deadline::Deadline, error::EndlessList, exchange::Options,
    request::RequestSpec,
};

mod cursor;

pub use cursor::ListCursor;

/// The most empty pages in a row. A list that has more gets nowhere.
const MAX_EMPTY_PAGES: u32 = 100;

/// A list that comes in pages: request one [`page`](Self::page), or iterate over all [`items`](Self::items).
///
/// The options of a list apply to each of its pages.
#[cfg_attr(
    feature = "blocking",
    doc = "On the [`blocking::Client`](crate::blocking::Client) it is an iterator: `for item in list`."
)]
///
/// ```
/// # async fn doc(client: linq_core::Client, id: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
/// use std::time::Duration;
///
/// let mut messages = client.chats().messages(&id).list().limit(100).timeout(Duration::from_secs(5)).items();
/// while let Some(message) = messages.next().await {
///     println!("{}", message?.id);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a list requests nothing until its page or its items are awaited"]
pub struct List<'c, C, P> {
    pub(crate) client: &'c C,
    spec: RequestSpec,
    options: Options,
    limit: Option<u32>,
    /// The page to request next.
    cursor: Option<String>,
    /// How many items are left out from there on.
    skip: usize,
    page: PhantomData<fn() -> P>,
}

impl<'c, C, P: Page + DeserializeOwned> List<'c, C, P> {
    pub(crate) fn new(client: &'c C, spec: RequestSpec) -> Self {
        Self {
            client,
            spec,
            options: Options::default(),
            limit: None,
            cursor: None,
            skip: 0,
            page: PhantomData,
        }
    }

    pub(crate) fn with_query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.spec.query.set(name, value);
        self
    }

    pub(crate) fn with_handle(mut self, name: &'static str, handle: impl Into<Handle>) -> Self {
        self.spec.query.set_handle(name, handle.into());
        self
    }

    /// Limits a page to this many items. The number of items in the list is not limited.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Starts at this cursor, which an earlier page named as the next one, or which [`Items::cursor`] returned.
    ///
    /// A list that is paged by number has the number of items to skip as its cursor.
    pub fn cursor(mut self, cursor: impl Into<ListCursor>) -> Self {
        let ListCursor { page, taken } = cursor.into();
        (self.cursor, self.skip) = (page, taken);
        self
    }

    time_options!();
    request_options!();

    /// Requests one page, whole even if the cursor is in the middle of it.
    pub fn page(&self) -> Call<'c, C, P> {
        let mut spec = self.spec.without_payload();
        if let Some(cursor) = self.cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
            spec.query.set(P::CURSOR_PARAMETER, cursor);
        }
        if let Some(limit) = self.limit {
            spec.query.set("limit", limit.to_string());
        }
        Call { options: self.options.clone(), ..Call::json(self.client, spec) }
    }

    /// Iterates over all items from the cursor on, page after page. One page is held in memory at a time.
    pub fn items(self) -> Items<'c, C, P> {
        Items {
            list: self,
            page: Vec::new().into_iter(),
            fetched: None,
            taken: 0,
            empty_pages: 0,
            end: None,
            cycle: Cycle::default(),
        }
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

/// The items of a list, requested page by page as they are needed.
///
/// An empty page that names a next one is skipped. After an error, the next request repeats the page that failed: no item
/// is lost or returned twice. A list that never ends is an error, and its end: if the cursors form a cycle, at once when a
/// page names its own cursor, otherwise after a few rounds at most; and after 100 empty pages in a row.
///
/// A deadline limits each item: all pages that it takes to find the next one.
#[must_use = "items are requested only when they are needed"]
pub struct Items<'c, C, P: Page> {
    pub(crate) list: List<'c, C, P>,
    page: vec::IntoIter<P::Item>,
    /// The cursor of the buffered page, unless it is the last one, whose cursor is still that of the list.
    fetched: Option<String>,
    /// How many items of the buffered page were taken or skipped.
    taken: usize,
    empty_pages: u32,
    end: Option<End>,
    cycle: Cycle,
}

/// What follows the buffered page.
enum End {
    /// Nothing: it was the last one.
    Last,
    /// The error that the list never ends.
    Endless(EndlessList),
}

impl<'c, P: Page + DeserializeOwned + 'c> Items<'c, Client, P> {
    /// Returns the next item, or `None` after the last one.
    ///
    /// Dropping the future loses nothing: the list advances only when a page has arrived.
    ///
    /// # Errors
    ///
    /// Returns an error if the request for a page fails, or if the list would never end because its cursors form a cycle or
    /// 100 pages in a row are empty ([`ErrorKind::Decode`](crate::ErrorKind::Decode)).
    pub async fn next(&mut self) -> Option<Result<P::Item, Error>> {
        let mut deadline = None;
        loop {
            if let Some(item) = self.next_buffered() {
                return item;
            }
            let deadline = deadline.get_or_insert_with(|| {
                let client = self.list.client;
                Deadline::after(self.deadline(&client.setup.config.settings), &*client.backend)
            });
            match self.list.page().within(Some(deadline)).await {
                Ok(page) => self.advance(page.value),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<C, P: Page> Items<'_, C, P> {
    /// Returns the position of the next item: [`List::cursor`] goes on from there, in this process or another one.
    ///
    /// The position is the cursor of a page and the number of its items that were taken. If the same list is resumed, with any
    /// [`limit`](List::limit), no item is lost and none is returned twice, as long as the API returns the same items from that
    /// page on. Items that were added in front of them in the meantime, such as new messages in a list of the newest first,
    /// shift a list whose cursors are numbers, and the first page of any list: take the items again that you want to be sure of.
    ///
    /// ```
    /// # use linq_core as linq;
    /// # use linq_core::types::messages::Message;
    /// # fn write(_: &Message) -> std::io::Result<()> { Ok(()) }
    /// use linq::{Client, ListCursor, types::ChatId};
    ///
    /// async fn export(client: &Client, chat: &ChatId, file: &str) -> Result<(), Box<dyn std::error::Error>> {
    ///     let cursor: ListCursor = match std::fs::read(file) {
    ///         Ok(stored) => serde_json::from_slice(&stored)?,
    ///         Err(_) => ListCursor::default(), // the beginning
    ///     };
    ///     let mut messages = client.chats().messages(chat).list().cursor(cursor).items();
    ///     while let Some(message) = messages.next().await {
    ///         write(&message?)?;
    ///         std::fs::write(file, serde_json::to_vec(&messages.cursor())?)?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub fn cursor(&self) -> ListCursor {
        let (page, taken) = match &self.end {
            None if self.page.len() == 0 => (&self.list.cursor, self.list.skip),
            None => (&self.fetched, self.taken),
            Some(_) => (&self.list.cursor, self.taken + self.list.skip),
        };
        ListCursor { page: page.clone(), taken }
    }

    /// How long it may take to find the next item.
    pub(crate) fn deadline(&self, settings: &Settings) -> Option<Duration> {
        self.list.options.deadline.or(settings.deadline)
    }

    /// Returns what needs no request; `None` when a page must be requested.
    pub(crate) fn next_buffered(&mut self) -> Option<Option<Result<P::Item, Error>>> {
        if let Some(item) = self.page.next() {
            self.taken += 1;
            return Some(Some(Ok(item)));
        }
        match self.end.take()? {
            End::Last => {
                self.end = Some(End::Last);
                Some(None)
            }
            End::Endless(reason) => {
                self.end = Some(End::Last);
                Some(Some(Err(Error::endless_list(reason))))
            }
        }
    }

    pub(crate) fn advance(&mut self, page: P) {
        let (items, next) = page.into_parts(self.list.cursor.as_deref());
        self.empty_pages = if items.is_empty() { self.empty_pages + 1 } else { 0 };
        self.page = items.into_iter();
        self.taken = self.page.by_ref().take(self.list.skip).count();
        self.list.skip -= self.taken;
        match next.filter(|cursor| !cursor.is_empty()) {
            None => self.end = Some(End::Last),
            Some(cursor) if self.list.cursor.as_ref() == Some(&cursor) || self.cycle.closes(&cursor) => {
                self.end = Some(End::Endless(EndlessList::Cycle));
            }
            Some(_) if self.empty_pages == MAX_EMPTY_PAGES => {
                self.end = Some(End::Endless(EndlessList::EmptyPages(MAX_EMPTY_PAGES)));
            }
            cursor => self.fetched = mem::replace(&mut self.list.cursor, cursor),
        }
    }
}

impl<C, P: Page> fmt::Debug for Items<'_, C, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("list", &self.list).finish_non_exhaustive()
    }
}

/// Detects a cycle of cursors of any length while remembering one of them (Brent's algorithm).
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
    fn a_cycle_of_any_length_is_detected_and_a_straight_line_is_not() {
        for length in 1..20 {
            let mut cycle = Cycle::default();
            assert!((0..1000).any(|step| cycle.closes(&(step % length).to_string())), "{length}");
        }
        let mut cycle = Cycle::default();
        assert!(!(0..1000).any(|step| cycle.closes(&step.to_string())));
    }
}
