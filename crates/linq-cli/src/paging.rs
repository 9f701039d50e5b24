//! Lists: a number of entries, a page, or all.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashSet},
};

use clap::{Args, value_parser};
use linq::{
    Client, List,
    types::{Timestamp, escape, json, messages::ThreadOrder, page::Page},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{
    api_options::ApiOptions,
    exit_code,
    failure::Failure,
    output::{Style, indented, print_body},
    table::{Cell, Heading, listing},
    terminal::{print, print_on_stderr},
};

/// The largest page of the API.
const PAGE: u32 = 100;

/// Which entries of a list are printed.
#[derive(Debug, Args)]
pub(crate) struct Paging {
    /// The largest number of entries. More than 100 are requested page by page.
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Start at this cursor: the `next_cursor` of the page before.
    #[arg(long, value_name = "CURSOR", allow_hyphen_values = true)]
    cursor: Option<String>,
    /// Print all entries, page by page.
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

/// How the entries of a list look.
pub(crate) struct Listing<T> {
    /// The field of the page that has the entries.
    pub(crate) field: &'static str,
    pub(crate) headings: &'static [Heading],
    pub(crate) row: fn(&T, &Style) -> Vec<Cell>,
    /// The sentence for a list without entries.
    pub(crate) empty: &'static str,
    /// Sorts the entries of each page by when they were created, if it is set.
    pub(crate) order: Option<ThreadOrder>,
    pub(crate) created_at: fn(&T) -> Option<Timestamp>,
}

/// How many entries are left to be printed.
#[derive(Debug, Clone, Copy)]
enum Left {
    /// Those of one page, whose size the API determines.
    OnePage,
    Entries(u32),
    All,
}

impl Left {
    fn page_limit(self) -> Option<u32> {
        match self {
            Self::OnePage => None,
            Self::Entries(entries) => Some(entries.min(PAGE)),
            Self::All => Some(PAGE),
        }
    }
}

/// A page as the API sent it.
struct RawPage {
    entries: Vec<Box<RawValue>>,
    next_cursor: Option<String>,
}

impl Paging {
    /// Returns `true` if the entries are those of one page.
    pub(crate) fn is_one_page(&self) -> bool {
        !self.all && self.limit.is_none_or(|limit| limit <= PAGE)
    }

    /// Requests and prints the entries: `default` of them if there is no limit, or one page if that is `None` too.
    ///
    /// `command` is what continues the list if a cursor is appended.
    pub(crate) async fn print<P>(
        &self,
        list: List<'_, Client, P>,
        default: Option<u32>,
        listing: &Listing<P::Item>,
        options: &ApiOptions,
        command: &str,
    ) -> Result<(), Failure>
    where
        P: Page + DeserializeOwned,
    {
        let left = match self.limit.or(default) {
            _ if self.all => Left::All,
            Some(entries) => Left::Entries(entries),
            None => Left::OnePage,
        };
        let list = match &self.cursor {
            Some(cursor) => list.cursor(cursor),
            None => list,
        };
        match options.output.json {
            true if self.is_one_page() && listing.order.is_none() => {
                print_body(&with_limit(list, left).page().raw().await?)
            }
            true => print_pages(list, left, listing).await,
            false => {
                let limit = self.limit.map(|limit| format!(" --limit {limit}")).unwrap_or_default();
                print_rows(list, left, listing, &format!("{command}{limit}{}", options.account.as_option()))
                    .await
            }
        }
    }
}

fn with_limit<P: Page + DeserializeOwned>(list: List<'_, Client, P>, left: Left) -> List<'_, Client, P> {
    match left.page_limit() {
        Some(limit) => list.limit(limit),
        None => list,
    }
}

/// Prints the pages as one object, which has the entries of all and the last cursor.
async fn print_pages<P>(
    mut list: List<'_, Client, P>,
    mut left: Left,
    listing: &Listing<P::Item>,
) -> Result<(), Failure>
where
    P: Page + DeserializeOwned,
{
    let mut walk = Walk::default();
    let mut separator = "\n    ";
    print(&format!("{{\n  \"{}\": [", listing.field))?;
    loop {
        list = with_limit(list, left);
        let mut page = RawPage::read(&list.page().raw().await?, listing.field)?;
        sort(&mut page.entries, listing.order.as_ref(), |entry| created_at(entry));
        for entry in &page.entries {
            print(&format!("{separator}{}", indented(entry.get(), 2)))?;
            separator = ",\n    ";
        }
        match walk.next(&mut left, page.entries.len(), page.next_cursor)? {
            Next::Page(cursor) => list = list.cursor(cursor),
            Next::End(cursor) => {
                let cursor = serde_json::to_string(&cursor).unwrap_or_default();
                let end = if separator == ",\n    " { "\n  ]" } else { "]" };
                return print(&format!("{end},\n  \"next_cursor\": {}\n}}\n", escape(cursor)));
            }
        }
    }
}

async fn print_rows<P>(
    mut list: List<'_, Client, P>,
    mut left: Left,
    rows: &Listing<P::Item>,
    command: &str,
) -> Result<(), Failure>
where
    P: Page + DeserializeOwned,
{
    let style = Style::of_stdout();
    let mut walk = Walk::default();
    loop {
        list = with_limit(list, left);
        let (mut entries, cursor) = list.page().await?.into_parts(None);
        sort(&mut entries, rows.order.as_ref(), rows.created_at);
        let cells: Vec<_> = entries.iter().map(|entry| (rows.row)(entry, &style)).collect();
        if !cells.is_empty() {
            print(&listing(rows.headings, cells, &style, !walk.has_entries))?;
        }
        match walk.next(&mut left, entries.len(), cursor)? {
            Next::Page(cursor) => list = list.cursor(cursor),
            Next::End(cursor) => {
                if !walk.has_entries {
                    print(&format!("{}\n", rows.empty))?;
                }
                return match cursor {
                    Some(cursor) => print_on_stderr(&more(command, &cursor)),
                    None => Ok(()),
                };
            }
        }
    }
}

fn sort<T>(entries: &mut [T], order: Option<&ThreadOrder>, created_at: impl Fn(&T) -> Option<Timestamp>) {
    match order {
        Some(ThreadOrder::Desc) => entries.sort_by_key(|entry| Reverse(created_at(entry))),
        Some(_) => {
            // The API lists the newest first, also of those that were created at the same time.
            entries.reverse();
            entries.sort_by_key(created_at);
        }
        None => {}
    }
}

fn created_at(entry: &RawValue) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Entry {
        created_at: Option<Timestamp>,
    }

    json::from_slice::<Entry>(entry.get().as_bytes()).ok()?.created_at
}

/// Returns how to continue a list, as a command that can be pasted.
fn more(command: &str, cursor: &str) -> String {
    format!("There are more: {}\n", escape(format!("{command} --cursor {}", quoted(cursor))))
}

/// Quotes an argument for a shell, unless it needs no quotes.
pub(crate) fn quoted(argument: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+-_=.,:/@%".contains(&byte);
    match !argument.is_empty() && argument.bytes().all(is_plain) {
        true => argument.to_owned(),
        false => format!("'{}'", argument.replace('\'', r"'\''")),
    }
}

/// The way through the pages of a list.
#[derive(Default)]
struct Walk {
    cursors: HashSet<String>,
    has_entries: bool,
}

enum Next {
    Page(String),
    /// The end, with the cursor of what comes after it.
    End(Option<String>),
}

impl Walk {
    fn next(&mut self, left: &mut Left, entries: usize, cursor: Option<String>) -> Result<Next, Failure> {
        self.has_entries |= entries > 0;
        let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else { return Ok(Next::End(None)) };
        match left {
            Left::OnePage => return Ok(Next::End(Some(cursor))),
            Left::Entries(limit) => {
                let is_whole = *limit <= PAGE;
                *limit = limit.saturating_sub(u32::try_from(entries).unwrap_or(u32::MAX));
                if is_whole || *limit == 0 {
                    return Ok(Next::End(Some(cursor)));
                }
            }
            Left::All => {}
        }
        match self.cursors.insert(cursor.clone()) {
            true => Ok(Next::Page(cursor)),
            false => {
                let failure = Failure::new("the API repeats a cursor, so the list has no end");
                Err(failure.with_kind("EndlessList").with_exit_code(exit_code::FAILURE))
            }
        }
    }
}

impl RawPage {
    fn read(body: &[u8], field: &str) -> Result<Self, Failure> {
        let invalid = || Failure::new("invalid response: not a page of a list").with_kind("Decode");
        let mut fields: BTreeMap<String, Box<RawValue>> =
            serde_json::from_slice(body).map_err(|_| invalid())?;
        let mut read = |name: &str| fields.remove(name).map(|value| value.get().to_owned());
        let entries = read(field).unwrap_or_else(|| "[]".to_owned());
        let next_cursor = read("next_cursor").unwrap_or_else(|| "null".to_owned());
        Ok(Self {
            entries: serde_json::from_str::<Option<_>>(&entries).map_err(|_| invalid())?.unwrap_or_default(),
            next_cursor: json::from_slice(next_cursor.as_bytes()).map_err(|_| invalid())?,
        })
    }
}
