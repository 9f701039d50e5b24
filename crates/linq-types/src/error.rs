//! What the service says when it refuses: the error body and its codes.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, DeserializeOwned},
};
use serde_json::Value;

use crate::TraceId;

/// The body of an error answer. Everything is optional: answers differ in what they have.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorResponse {
    /// Always `false`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    /// What is wrong.
    pub error: ErrorDetail,
    /// The request's trace id, also in the `X-Trace-ID` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<TraceId>,
}

/// What is wrong with a request.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// The HTTP status.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "if_as_expected")]
    pub status: Option<u16>,
    /// The service's own code.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "if_as_expected")]
    pub code: Option<ErrorCode>,
    /// A sentence for people. It can quote the request: do not log it unseen.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "if_as_expected")]
    pub message: Option<String>,
    /// A page of Linq's documentation about the code.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "if_as_expected")]
    pub doc_url: Option<String>,
    /// Whole seconds to wait; only when there were too many requests.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "if_as_expected")]
    pub retry_after: Option<u64>,
}

/// A field that is not what it should be must not hide the others.
fn if_as_expected<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

/// The service's own error code, finer than the HTTP status. The list grows: unknown codes are fine.
///
/// It is a number in JSON; when reading, a number in quotes counts as well.
///
/// ```
/// use linq_types::error::ErrorCode;
///
/// assert_eq!(ErrorCode::RATE_LIMITED.get(), 1007);
/// assert_eq!(ErrorCode::RATE_LIMITED.meaning(), Some("too many requests"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct ErrorCode(u32);

impl ErrorCode {
    /// The code of this number.
    #[must_use]
    pub const fn new(code: u32) -> Self {
        Self(code)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

macro_rules! codes {
    ($($name:ident = $code:literal, $meaning:literal;)+) => {
        impl ErrorCode {
            $(
                #[doc = concat!("`", $code, "`: ", $meaning, ".")]
                pub const $name: Self = Self($code);
            )+

            /// Every code that Linq has documented so far.
            pub const KNOWN: &'static [Self] = &[$(Self::$name),+];

            /// What the code means, in our words.
            #[must_use]
            pub const fn meaning(self) -> Option<&'static str> {
                match self.0 {
                    $($code => Some($meaning),)+
                    _ => None,
                }
            }
        }
    };
}

codes! {
    MISSING_FIELD = 1001, "a required field is missing";
    INVALID_PHONE_NUMBER = 1002, "a phone number is not in E.164 form";
    MALFORMED_BODY = 1003, "the body does not parse or has the wrong shape";
    INVALID_CONTENT = 1004, "the message content is not valid";
    INVALID_PARAMETER = 1005, "a parameter's value is not valid";
    DIRECT_CHAT = 1006, "a direct chat has no name and no icon";
    RATE_LIMITED = 1007, "too many requests";
    INVALID_APP_CARD = 1008, "the iMessage app card is not valid";
    CHAT_NOT_FOUND = 2001, "no such chat";
    MESSAGE_NOT_FOUND = 2002, "no such message";
    ATTACHMENT_NOT_FOUND = 2003, "no such attachment";
    UNAUTHENTICATED = 2004, "the API key is missing or wrong";
    FOREIGN_RESOURCE = 2005, "the resource belongs to somebody else";
    FOREIGN_PHONE_NUMBER = 2006, "the phone number is not one of your lines";
    ATTACHMENT_NOT_READY = 2007, "the attachment is not uploaded or processed yet";
    RECIPIENT_NOT_ALLOWED = 2008, "in the sandbox a recipient must write first";
    CHAT_NOT_READY = 2009, "the chat is still being created";
    WEBHOOK_SUBSCRIPTION_NOT_FOUND = 2010, "no such webhook subscription";
    FEATURE_NOT_ENABLED = 2011, "the feature is not enabled for the account";
    CONTACT_CARD_NOT_FOUND = 2012, "no such contact card";
    CHAT_LEFT = 2013, "you left the chat";
    CONTACT_CARD_EXISTS = 2014, "the contact card exists already";
    CONFLICT = 2015, "the request conflicts with the present state";
    GROUP_NOT_SUPPORTED = 2016, "this is not possible in a group";
    SERVICE_NOT_SUPPORTED = 2017, "this is not possible on the chat's service";
    APP_CARD_SERVICE = 2018, "an app card needs iMessage";
    PHONE_NUMBER_NOT_FOUND = 2019, "no such phone number id";
    PAYMENT_REQUEST_NOT_FOUND = 2021, "no such payment request";
    CONTACT_CARD_FAILED = 2022, "the contact card could not be set up";
    MENTION_IN_DIRECT_CHAT = 2023, "mentions are possible in groups only";
    RECIPIENT_OPTED_OUT = 2024, "the recipient asked for no more messages";
    HANDLE_BLOCKED = 2026, "the handle is on your block list";
    LINE_SUSPENDED = 2027, "the line may not send because of its reputation";
    APP_CLIP_NOT_SUPPORTED = 2028, "the service cannot carry an App Clip";
    INTERNAL_ERROR = 3001, "the service failed";
    INTERNAL_ERROR_3002 = 3002, "the service failed";
    INTERNAL_ERROR_3003 = 3003, "the service failed";
    INTERNAL_ERROR_3004 = 3004, "the service failed";
    UPSTREAM_TIMEOUT = 3005, "something behind the service did not answer in time";
    OPERATION_FAILED = 3006, "the service could not carry the request out";
    DELIVERY_ATTEMPTS_EXHAUSTED = 3007, "the service gave up delivering";
    DELIVERY_FAILED = 4001, "the message could not be delivered";
    LINE_UNAVAILABLE = 4002, "the sending line is not available";
    WEBHOOK_DELIVERY_FAILED = 4003, "a webhook could not be delivered";
    SERVICE_UNAVAILABLE = 4004, "the service is not available";
    MESSAGE_TYPE_NOT_SUPPORTED = 4005, "the recipient cannot take this kind of message";
    SEND_TIMED_OUT = 4006, "sending took too long";
    RCS_NOT_CONFIGURED = 4009, "the line has no RCS account, so RCS could not be checked";
    RCS_CHECK_FAILED = 4010, "RCS could not be checked";
    UPLOAD_FAILED = 5001, "the upload failed";
    DOWNLOAD_FAILED = 5002, "the download failed";
    NO_DOWNLOAD_URL = 5003, "no download address could be made";
    MEDIA_TYPE_NOT_ALLOWED = 5004, "the media type is not allowed";
    FILE_TOO_LARGE = 5005, "the file is too large";
    MEDIA_TYPE_MISMATCH = 5006, "the file is not of the media type it claims";
    IMAGE_NOT_FETCHED = 5007, "the image could not be fetched";
}

impl fmt::Debug for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ErrorCode({})", self.0)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = ErrorCode;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an error code")
            }

            fn visit_u64<E: de::Error>(self, code: u64) -> Result<ErrorCode, E> {
                u32::try_from(code)
                    .map(ErrorCode)
                    .map_err(|_| E::invalid_value(de::Unexpected::Unsigned(code), &self))
            }

            fn visit_str<E: de::Error>(self, code: &str) -> Result<ErrorCode, E> {
                code.parse().map(ErrorCode).map_err(|_| E::invalid_value(de::Unexpected::Str(code), &self))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_odd_field_does_not_hide_the_others() {
        let json = r#"{"success":false,"error":{"code":2009,"retry_after":1.5,"message":["?"]}}"#;
        let error = serde_json::from_str::<ErrorResponse>(json).unwrap().error;
        assert_eq!(error.code, Some(ErrorCode::CHAT_NOT_READY));
        assert_eq!((error.retry_after, error.message), (None, None));
    }

    #[test]
    fn a_code_in_quotes_is_a_code() {
        for json in ["4001", r#""4001""#] {
            assert_eq!(serde_json::from_str::<ErrorCode>(json).unwrap(), ErrorCode::DELIVERY_FAILED);
        }
        for json in ["-1", "4001.5", "4294967296", r#""many""#, r#""""#, "null", "[]"] {
            assert!(serde_json::from_str::<ErrorCode>(json).is_err(), "{json}");
        }
        assert_eq!(serde_json::to_string(&ErrorCode::DELIVERY_FAILED).unwrap(), "4001");
    }
}
