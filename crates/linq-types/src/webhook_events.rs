//! Event types that webhooks can subscribe to: `/v3/webhook-events`.

use serde::{Deserialize, Serialize};

use crate::events::EventType;

/// The response to listing event types.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookEventListResponse {
    /// The [event types](EventType). The list is complete: it has no pages.
    #[serde(default, deserialize_with = "crate::list::identifying")]
    pub events: Vec<EventType>,
    /// The URL of their documentation; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc_url: Option<String>,
}
