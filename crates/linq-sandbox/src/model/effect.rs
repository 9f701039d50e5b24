use bytes::Bytes;
use linq_types::{
    ChatId, EventId, Handle, MessageId, PaymentRequestId, WebhookSubscriptionId, events::EventType,
    messages::DeliveryStatus,
};

use super::chat::ChatUpdate;
use crate::clock::Moment;

/// What follows from a change of the store.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Webhooks are to be delivered.
    Publish(Notice),
    /// Something is due at this moment.
    Schedule(Moment, Timer),
}

/// An event that at least one subscription wants.
#[derive(Debug)]
pub(crate) struct Notice {
    pub(crate) event_id: EventId,
    pub(crate) event_type: EventType,
    pub(crate) time: Moment,
    /// The chat it happened in.
    pub(crate) chat_id: Option<ChatId>,
    /// The body for each subscription, in the payload version of the subscription.
    pub(crate) bodies: Vec<(WebhookSubscriptionId, Bytes)>,
}

/// Something that the store does by itself when the time comes.
#[derive(Debug)]
pub(crate) enum Timer {
    /// The next step of a message on its way, from the state it has now.
    Advance(MessageId, DeliveryStatus),
    /// A change of a chat's name, icon or background.
    Update(ChatUpdate),
    /// The end of a person's sharing of their location.
    EndSharing(ChatId, Handle),
    /// The end of the time in which a request can be paid.
    ExpirePaymentRequest(PaymentRequestId),
}
