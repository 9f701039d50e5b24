//! The older V2 API: a thin client for programs that still use it.
//!
//! Write new programs with V3, which has more operations, documented error codes, signed timestamps in its webhooks, and
//! the rest of this crate. The way over is to remove `.v2()` and to adapt the types:
//!
//! | V2 | V3 |
//! | --- | --- |
//! | `client.v2().chats().create(..)` | [`client.chats().create(..)`](crate::resources::chats::Chats::create) |
//! | `client.v2().chats().messages(id).send(..)` | [`client.chats().messages(id).send(..)`](crate::resources::chats::ChatMessages::send) |
//! | `client.v2().phone_numbers().list()` | [`client.phone_numbers().list()`](crate::resources::phone_numbers::PhoneNumbers::list) |
//! | `client.v2().i_message_availability().check(..)` | [`client.capability().check_imessage(..)`](crate::resources::capability::Capability::check_imessage) |
//! | `client.v2().webhook_subscriptions().create(..)` | [`client.webhook_subscriptions().create(..)`](crate::resources::webhook_subscriptions::WebhookSubscriptions::create), or `ensure` |
//! | `client.v2().webhook_subscriptions().list()` | [`client.webhook_subscriptions().list()`](crate::resources::webhook_subscriptions::WebhookSubscriptions::list) |
//! | `client.v2().webhook_subscriptions().update(..)` | [`client.webhook_subscriptions().update(..)`](crate::resources::webhook_subscriptions::WebhookSubscriptions::update) |
//! | `client.v2().webhook_subscriptions().delete(..)` | [`client.webhook_subscriptions().delete(..)`](crate::resources::webhook_subscriptions::WebhookSubscriptions::delete) |
//! | [`types::events::v2`](crate::types::events::v2) | [`types::events`](crate::types::events) |
//!
//! The client is the same, with its base URL, backend, retries, pace and options. It sends its API key in the header
//! `X-LINQ-INTEGRATION-TOKEN`, so create it with the integration token as the key. Sends have an idempotency key, so that they
//! are executed once. The differences:
//!
//! * [`Error::operation`](crate::Error::operation) and [`Error::code`](crate::Error::code) are `None`;
//!   [`Error::v2`](crate::Error::v2) has what the API wrote. The status decides about retries.
//! * Phone numbers are not validated, because V2 also takes US numbers of ten digits. Idempotency keys are.
//! * The calls cannot be stored for the outbox.
//! * Files can be sent by URL, and not as `multipart/form-data`.
//! * Ids are numbers. The chats and messages have other ids in V3.
//!
//! ```
//! # use linq_core as linq;
//! # async fn doc(client: linq::Client) -> Result<(), linq::Error> {
//! use linq::types::v2::chats::NewChat;
//!
//! let chats = client.v2().chats();
//! let created = chats.create(NewChat::new("+12025550100", ["+12025550199"], "Hello!")).await?;
//! if let Some(id) = created.data.id {
//!     chats.messages(id).send("How are you?").await?;
//! }
//! # Ok(())
//! # }
//! ```

pub mod chats;
pub mod i_message_availability;
pub mod phone_numbers;
pub mod webhook_subscriptions;

use self::{
    chats::Chats, i_message_availability::IMessageAvailability, phone_numbers::PhoneNumbers,
    webhook_subscriptions::WebhookSubscriptions,
};

resource! {
    /// A handle on the V2 API.
    V2
}

#[cfg(feature = "v2")]
impl<'c, C> V2<'c, C> {
    /// Returns a handle on chats and the messages in them: `/v2/chats`. In V3: [`Client::chats`](crate::Client::chats).
    pub fn chats(&self) -> Chats<'c, C> {
        Chats { client: self.client }
    }

    /// Returns a handle on checks for iMessage: `/v2/i_message_availability`. In V3:
    /// [`Client::capability`](crate::Client::capability).
    pub fn i_message_availability(&self) -> IMessageAvailability<'c, C> {
        IMessageAvailability { client: self.client }
    }

    /// Returns a handle on your lines: `/v2/phone_numbers`. In V3:
    /// [`Client::phone_numbers`](crate::Client::phone_numbers).
    pub fn phone_numbers(&self) -> PhoneNumbers<'c, C> {
        PhoneNumbers { client: self.client }
    }

    /// Returns a handle on webhook subscriptions: `/v2/webhook_subscriptions`. In V3:
    /// [`Client::webhook_subscriptions`](crate::Client::webhook_subscriptions).
    pub fn webhook_subscriptions(&self) -> WebhookSubscriptions<'c, C> {
        WebhookSubscriptions { client: self.client }
    }
}

#[cfg(feature = "v2")]
impl crate::Client {
    /// Returns a handle on the older [V2 API](crate::v2). Write new programs without it.
    pub fn v2(&self) -> V2<'_, Self> {
        V2 { client: self }
    }
}

#[cfg(all(feature = "blocking", feature = "v2"))]
impl crate::blocking::Client {
    /// Returns a handle on the older [V2 API](crate::v2). Write new programs without it.
    pub fn v2(&self) -> V2<'_, Self> {
        V2 { client: self }
    }
}
