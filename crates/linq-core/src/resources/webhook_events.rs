//! `/v3/webhook-events`

use linq_types::{Operation, webhook_events::WebhookEventListResponse};

use crate::{Call, request::RequestSpec};

resource! {
    /// A handle on the types of events.
    WebhookEvents
}

impl<'c, C> WebhookEvents<'c, C> {
    /// Lists the types of events that can be subscribed to. This list has no pages.
    ///
    /// `GET /v3/webhook-events` ([reference](https://docs.linqapp.com/api/resources/webhook_events/methods/list)).
    pub fn list(&self) -> Call<'c, C, WebhookEventListResponse> {
        Call::json(self.client, RequestSpec::new(Operation::WebhookEventsList, &[]))
    }
}
