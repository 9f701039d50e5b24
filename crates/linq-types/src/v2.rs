//! Requests and responses of the V2 API, whose paths begin with `/v2`.
//!
//! V2 is older than V3 and remains for programs that use it. Write new programs with the other modules of this crate:
//!
//! | V2 | V3 |
//! | --- | --- |
//! | [`chats::NewChat`] | [`chats::NewChat`](crate::chats::NewChat) |
//! | [`chats::NewMessage`] | [`messages::NewChatMessage`](crate::messages::NewChatMessage) |
//! | [`phone_numbers`] | [`phone_numbers`](crate::phone_numbers) |
//! | [`availability`] | [`capability`](crate::capability) |
//! | [`webhook_subscriptions`] | [`webhook_subscriptions`](crate::webhook_subscriptions) |
//! | [`ErrorResponse`] | [`error::ErrorResponse`](crate::error::ErrorResponse) |
//! | [`events::v2`](crate::events::v2) | [`events`](crate::events) |
//!
//! The reference of V2 does not tell which fields of a response are always present, so nearly all of them are optional. Ids
//! are numbers here and strings in webhooks; [`Id`] is both. A chat or message has another id in V3.

pub mod availability;
pub mod chats;
mod error;
mod operation;
pub mod phone_numbers;
pub mod webhook_subscriptions;

pub use self::{
    error::{ErrorCode, ErrorDetail, ErrorResponse},
    operation::{ByOperation, Operation},
};
pub use crate::events::v2::{EventType, Id, Time};
use crate::{
    IdempotencyKey,
    check::{Rule, Violation},
};

/// Checks the characters of an idempotency key, of which V2 takes fewer than V3.
///
/// # Errors
///
/// Returns an error if the key has other characters than letters and digits of ASCII, `-` and `_`.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::v2::check_key;
///
/// assert!(check_key(&"order-1042".into()).is_ok());
/// assert!(check_key(&"order 1042".into()).is_err());
/// ```
pub fn check_key(key: &IdempotencyKey) -> Result<(), Violation> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if key.as_str().bytes().all(is_allowed) {
        return Ok(());
    }
    Err(Violation::new(Rule::IdempotencyKeyCharacters))
}
