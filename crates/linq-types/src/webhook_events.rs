//! The events that can be subscribed to: `/v3/webhook-events`.

use serde::{Deserialize, Serialize};

use crate::events::EventType;

/// The events that can be subscribed to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookEventListResponse {
    /// The types, all of them: this list has no pages.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub events: Vec<EventType>,
    /// A page of Linq's documentation about them.
    pub doc_url: String,
}
