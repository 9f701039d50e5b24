use linq_types::{
    EventId, Timestamp, TraceId,
    events::{EventType, WebhookVersion},
};
use serde::Serialize;
use serde_json::value::RawValue;

/// What every webhook body has.
#[derive(Serialize)]
pub(crate) struct Envelope<'a> {
    pub(crate) api_version: &'static str,
    pub(crate) webhook_version: &'a WebhookVersion,
    pub(crate) event_type: &'a EventType,
    pub(crate) event_id: &'a EventId,
    pub(crate) created_at: Timestamp,
    pub(crate) trace_id: &'a TraceId,
    pub(crate) partner_id: &'a str,
    pub(crate) data: Box<RawValue>,
}
