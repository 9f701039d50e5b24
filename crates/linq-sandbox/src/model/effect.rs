use bytes::Bytes;
use linq_types::{
    ChatId, EventId, Handle, MessageId, PaymentRequestId, WebhookSubscriptionId, events::EventType,
    messages::DeliveryStatus,
};

use super::chat::ChatUpdate;
use crate::clock::Moment;

/// A consequence of a change to the store.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Deliver webhooks.
    Publish(Notice),
    /// Start a timer that is due at this moment.
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

/// A change that the store makes when its time comes.
#[derive(Debug)]
pub(crate) enum Timer {
    /// The next delivery step of a message, if it is still in this state.
    Advance(MessageId, DeliveryStatus),
    /// A change of a chat's name, icon or background.
    Update(ChatUpdate),
    /// The end of a person's sharing of their location.
    EndSharing(ChatId, Handle),
    /// The expiry of a payment request.
    ExpirePaymentRequest(PaymentRequestId),
    /// The end of the typing indicator of the line, unless it was extended.
    EndTyping(ChatId),
}
