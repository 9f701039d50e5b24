//! What the page shows, as JSON.

use linq_types::{
    ChatId, EventId, Handle, HealthStatusKind, LineType, Service, Timestamp, TraceId, WebhookSubscriptionId,
    backgrounds::Background, error::ErrorCode, events::EventType,
};
use serde::Serialize;

use crate::{
    clock::Moment,
    log::{Delivery, Entry, RequestLog, Row},
    model::{Chat, Line, LineFault, Member, Message, PaymentRequest, Person, Poll, Sharing, Subscription},
    store::Store,
    views::{MessageView, PaymentRequestView, PollView, ReactionView},
};

/// The number of characters of a message that a list of chats shows.
const SUMMARY: usize = 200;

#[derive(Serialize)]
pub(crate) struct LineRow<'a> {
    phone_number: &'a Handle,
    is_flagged: bool,
    reputation: &'a HealthStatusKind,
    r#type: &'a LineType,
    fault: Option<&'static str>,
}

impl<'a> LineRow<'a> {
    pub(crate) fn new(line: &'a Line) -> Self {
        Self {
            phone_number: &line.phone_number,
            is_flagged: line.is_flagged,
            reputation: &line.reputation,
            r#type: &line.line_type,
            fault: line.fault.map(LineFault::as_str),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct PersonRow<'a> {
    handle: &'a Handle,
    service: &'a Service,
    has_rcs: bool,
    opted_out: bool,
    unreachable: Option<ErrorCode>,
}

impl<'a> PersonRow<'a> {
    pub(crate) fn new((handle, person): (&'a Handle, &'a Person)) -> Self {
        Self {
            handle,
            service: &person.service,
            has_rcs: person.has_rcs,
            opted_out: person.opted_out,
            unreachable: person.failure,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct ChatRow<'a> {
    id: &'a ChatId,
    line: &'a Handle,
    display_name: Option<&'a str>,
    icon: Option<&'a str>,
    is_group: bool,
    service: &'a Service,
    is_active: bool,
    members: Vec<MemberRow<'a>>,
    last: Option<LastRow<'a>>,
    messages: usize,
    sent_by_line: u64,
    shows_typing: bool,
    background: Option<&'a Background>,
    sharing: Vec<SharingRow<'a>>,
    updated_at: Moment,
}

#[derive(Serialize)]
struct MemberRow<'a> {
    handle: &'a Handle,
    is_me: bool,
    status: &'static str,
}

/// The newest message of a chat.
#[derive(Serialize)]
struct LastRow<'a> {
    text: String,
    at: Moment,
    from: &'a Handle,
}

#[derive(Serialize)]
struct SharingRow<'a> {
    handle: &'a Handle,
    latitude: f64,
    longitude: f64,
    address: Option<&'a str>,
    locality: Option<&'a str>,
    ends_at: Option<Moment>,
}

impl<'a> ChatRow<'a> {
    pub(crate) fn new(now: Moment, store: &'a Store, chat: &'a Chat) -> Self {
        let newest = chat.messages.iter().next_back();
        Self {
            id: &chat.id,
            line: &chat.line,
            display_name: chat.display_name.as_deref(),
            icon: chat.icon.as_deref(),
            is_group: chat.is_group(),
            service: &chat.service,
            is_active: chat.is_active(),
            members: chat.members.iter().map(MemberRow::new).collect(),
            last: newest.and_then(|id| store.conversations.message(id)).map(LastRow::new),
            messages: chat.messages.len(),
            sent_by_line: chat.sent_by_line,
            shows_typing: chat.typing_until.is_some_and(|until| now < until),
            background: chat.background.as_ref(),
            sharing: chat.sharings.iter().map(SharingRow::new).collect(),
            updated_at: chat.updated_at,
        }
    }
}

impl<'a> MemberRow<'a> {
    fn new(member: &'a Member) -> Self {
        Self { handle: &member.handle, is_me: member.is_me, status: member.status() }
    }
}

impl<'a> LastRow<'a> {
    fn new(message: &'a Message) -> Self {
        let contents: Vec<_> = message.parts.iter().map(|part| part.content.summary()).collect();
        let text = contents.join(" ").chars().take(SUMMARY).collect();
        Self { text, at: message.created_at, from: &message.sender }
    }
}

impl<'a> SharingRow<'a> {
    fn new(sharing: &'a Sharing) -> Self {
        Self {
            handle: &sharing.by,
            latitude: sharing.place.latitude,
            longitude: sharing.place.longitude,
            address: sharing.place.address.as_deref(),
            locality: sharing.place.locality.as_deref(),
            ends_at: sharing.ends_at,
        }
    }
}

#[derive(Serialize)]
pub(super) struct MessageRow<'a> {
    #[serde(flatten)]
    message: MessageView<'a>,
    number: u64,
    edits: u8,
    failure: Option<ErrorCode>,
    poll: Option<PollRow<'a>>,
}

/// A poll. Its reactions are here because it is not among the parts of its message.
#[derive(Serialize)]
struct PollRow<'a> {
    #[serde(flatten)]
    poll: PollView<'a>,
    reactions: Vec<ReactionView<'a>>,
}

impl<'a> MessageRow<'a> {
    pub(super) fn new(chat: &'a Chat, message: &'a Message) -> Self {
        let reactions = || message.parts.iter().flat_map(|part| ReactionView::all(chat, part)).collect();
        let poll = |poll: &'a Poll| PollRow { poll: PollView::new(chat, poll), reactions: reactions() };
        Self {
            message: MessageView::new(chat, message),
            number: message.number,
            edits: message.edits,
            failure: message.failure,
            poll: message.poll().map(poll),
        }
    }
}

#[derive(Serialize)]
pub(super) struct PaymentRequestRow<'a> {
    #[serde(flatten)]
    request: PaymentRequestView<'a>,
    from: Option<&'a Handle>,
    payer_handle: Option<&'a Handle>,
}

impl<'a> PaymentRequestRow<'a> {
    pub(super) fn new(request: &'a PaymentRequest) -> Self {
        Self {
            request: PaymentRequestView::new(request),
            from: request.asked.from.as_ref(),
            payer_handle: request.asked.payer_handle.as_ref(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct SubscriptionRow<'a> {
    id: &'a WebhookSubscriptionId,
    target_url: &'a str,
    is_active: bool,
}

impl<'a> SubscriptionRow<'a> {
    pub(super) fn new(subscription: &'a Subscription) -> Self {
        Self { id: &subscription.id, target_url: &subscription.target_url, is_active: subscription.is_active }
    }
}

/// An entry of the log.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum EntryRow<'a> {
    Request(RequestRow<'a>),
    Delivery(DeliveryRow<'a>),
}

impl<'a> EntryRow<'a> {
    pub(crate) fn new(entry: Entry<'a>) -> Self {
        match entry {
            Entry::Request(row) => Self::request(row),
            Entry::Delivery(row) => Self::Delivery(DeliveryRow::new(row.number, &row.value.delivery)),
        }
    }

    pub(crate) fn request(row: &'a Row<RequestLog>) -> Self {
        Self::Request(RequestRow::new(row.number, &row.value))
    }
}

#[derive(Serialize)]
pub(crate) struct RequestRow<'a> {
    number: u64,
    time: Timestamp,
    method: &'a str,
    path: &'a str,
    query: Option<&'a str>,
    operation: Option<&'static str>,
    status: u16,
    code: Option<ErrorCode>,
    trace_id: &'a TraceId,
    fault: Option<String>,
    duration_ms: f64,
}

impl<'a> RequestRow<'a> {
    fn new(number: u64, request: &'a RequestLog) -> Self {
        Self {
            number,
            time: request.time,
            method: request.method.as_str(),
            path: &request.path,
            query: request.query.as_deref(),
            operation: request.operation.map(|operation| operation.id()),
            status: request.status.as_u16(),
            code: request.code,
            trace_id: &request.trace_id,
            fault: request.fault.map(|fault| fault.to_string()),
            duration_ms: (request.duration.as_secs_f64() * 1e6).round() / 1e3,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct DeliveryRow<'a> {
    number: u64,
    time: Timestamp,
    event_id: &'a EventId,
    event_type: &'a EventType,
    subscription_id: &'a WebhookSubscriptionId,
    target_url: &'a str,
    attempt: u32,
    status: Option<u16>,
    error: Option<&'a str>,
    retry_at: Option<Timestamp>,
}

impl<'a> DeliveryRow<'a> {
    fn new(number: u64, delivery: &'a Delivery) -> Self {
        let (status, error) = delivery.outcome.status_or_error();
        Self {
            number,
            time: delivery.time,
            event_id: &delivery.event_id,
            event_type: &delivery.event_type,
            subscription_id: &delivery.subscription_id,
            target_url: &delivery.target_url,
            attempt: delivery.attempt,
            status,
            error,
            retry_at: delivery.retry_at,
        }
    }
}
