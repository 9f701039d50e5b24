use linq::{
    Client,
    types::{ChatId, Timestamp},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::exported::Exported;
use crate::failure::Failure;

/// The most messages that the API lists at once.
const LIMIT: u32 = 100;

/// A page of messages, the newest first, as the API sent them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Page {
    /// The cursor of the page after this one.
    pub(super) next_cursor: Option<String>,
    /// Whether there is nothing to export after this page.
    #[serde(default)]
    pub(super) is_last: bool,
    pub(super) messages: Vec<Box<RawValue>>,
}

/// What the export needs to know about a message.
#[derive(Debug, Deserialize)]
pub(super) struct Head {
    pub(super) id: String,
    #[serde(default)]
    pub(super) chat_id: Option<String>,
    #[serde(default)]
    created_at: Option<String>,
}

/// Requests the page at a cursor; `None` is the first one.
pub(super) async fn fetch(client: &Client, chat: &ChatId, cursor: Option<&str>) -> Result<Page, Failure> {
    let list = client.chats().messages(chat).list().limit(LIMIT).cursor(cursor.unwrap_or_default());
    let body = list.page().raw().await?;
    let mut page: Page = serde_json::from_slice(&body).map_err(|_| unexpected())?;
    page.next_cursor = page.next_cursor.filter(|cursor| !cursor.is_empty());
    if page.next_cursor.is_some() && page.next_cursor.as_deref() == cursor {
        return Err(unexpected());
    }
    page.is_last = page.next_cursor.is_none();
    for message in &mut page.messages {
        *message = single_line(message).map_err(|_| unexpected())?;
        serde_json::from_str::<Head>(message.get()).map_err(|_| unexpected())?;
    }
    Ok(page)
}

/// Returns the message on one line. In JSON, a line break is never part of a value.
fn single_line(message: &RawValue) -> serde_json::Result<Box<RawValue>> {
    RawValue::from_string(message.get().replace(['\n', '\r', '\t'], " "))
}

fn unexpected() -> Failure {
    Failure::new("invalid response: not a page of messages; check the base URL").with_kind("Decode")
}

impl Page {
    /// Removes messages that were exported or seen before, or are too old. If there are any, the page is the last one, except
    /// for messages that were seen: new messages shift the pages.
    pub(super) fn keep_new(&mut self, exported: &Exported, seen: &mut Exported, since: Option<&Timestamp>) {
        let Self { is_last, messages, .. } = self;
        messages.retain(|message| {
            let Ok(Head { id, created_at, .. }) = serde_json::from_str(message.get()) else { return false };
            let created_at = created_at.and_then(|time| time.parse::<Timestamp>().ok());
            if exported.contains(&id) || since.zip(created_at).is_some_and(|(since, time)| time < *since) {
                *is_last = true;
                return false;
            }
            seen.insert(id)
        });
    }
}
