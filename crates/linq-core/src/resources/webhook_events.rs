//! `/v3/webhook-events`

use http::Method;
use linq_types::webhook_events::WebhookEventListResponse;

use crate::{Call, request::RequestSpec};

resource! {
    /// The events that can be subscribed to.
    WebhookEvents
}

impl<'c, C> WebhookEvents<'c, C> {
    /// Lists the types of events that can be subscribed to, all at once.
    ///
    /// `GET /v3/webhook-events`
    pub fn list(self) -> Call<'c, C, WebhookEventListResponse> {
        Call::json(self.client, RequestSpec::new(Method::GET, "/v3/webhook-events", &[]))
    }
}
