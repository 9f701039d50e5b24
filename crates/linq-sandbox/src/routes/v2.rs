//! One handler for each operation of V2 that the client has.

mod availability;
mod chats;
mod error;
mod phone_numbers;
mod webhook_subscriptions;

use linq_types::{
    Handle,
    v2::{ByOperation, Operation},
};

pub(crate) use error::error;

use crate::{call::Call, response::Answer, shared::Shared};

type Handler = fn(&Shared, &Call<'_>) -> Answer;

static HANDLERS: ByOperation<Handler> = ByOperation {
    AvailabilityCheck: availability::check,
    ChatsCreate: chats::create,
    ChatsMessagesSend: chats::send,
    PhoneNumbersList: phone_numbers::list,
    WebhookSubscriptionsCreate: webhook_subscriptions::create,
    WebhookSubscriptionsDelete: webhook_subscriptions::delete,
    WebhookSubscriptionsList: webhook_subscriptions::list,
    WebhookSubscriptionsUpdate: webhook_subscriptions::update,
};

pub(crate) fn answer(shared: &Shared, call: &Call<'_>, operation: Operation) -> Answer {
    HANDLERS.get(operation)(shared, call)
}

/// Returns a phone number in E.164 form: without a country code it is a US number.
fn normalized(phone_number: &Handle) -> Handle {
    let text = phone_number.as_str();
    match text.len() {
        10 if text.bytes().all(|byte| byte.is_ascii_digit()) => format!("+1{text}").into(),
        _ => phone_number.clone(),
    }
}
