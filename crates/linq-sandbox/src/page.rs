//! The page in the browser: its files, and the stream that feeds it.

mod events;
mod files;
mod rows;
mod view;

pub(crate) use events::EventStream;
pub(crate) use files::{confine, serve};
pub(crate) use rows::{ChatRow, EntryRow, LineRow, PersonRow};
