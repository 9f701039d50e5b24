use serde::Serialize;
use serde_json::value::RawValue;

use crate::clock::Moment;

/// Something that happened in a chat besides messages.
#[derive(Debug, Serialize)]
pub(crate) struct Note {
    /// The position among all notes.
    pub(crate) number: u64,
    /// The number of the message before it; 0 if there was none.
    pub(crate) after: u64,
    pub(crate) event_type: String,
    pub(crate) at: Moment,
    /// The data of the event in its newest format; `None` if it is too large.
    pub(crate) data: Option<Box<RawValue>>,
}
