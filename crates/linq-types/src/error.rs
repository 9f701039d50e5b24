//! Error responses and their codes.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::value::RawValue;

use crate::TraceId;

/// The body of an error response. A field is `None` if the response does not have it, or if it has another type.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorResponse {
    /// Whether the request succeeded: `false`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    /// The [details](ErrorDetail) of the error.
    pub error: ErrorDetail,
    /// The trace id of the request, as in the `X-Trace-ID` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<TraceId>,
}

/// The details of an error.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// The HTTP status code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The [error code](ErrorCode).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// A human-readable message. It can quote the request: redact it before logging.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The URL of the documentation of the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc_url: Option<String>,
    /// The time to wait before the next attempt, in seconds; only with
    /// [`RATE_LIMITED`](ErrorCode::RATE_LIMITED) (1007). A number in quotes is read as well, and one that is too large
    /// for its type is infinite.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number_of_any_size")]
    pub retry_after: Option<f64>,
}

/// Reads a number as far as a float can hold it. Other values become `None`.
fn number_of_any_size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let json = Box::<RawValue>::deserialize(deserializer)?;
    let text = json.get();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text).trim();
    // Words such as `inf` are numbers to the parser, too.
    Ok(text.parse().ok().filter(|_| text.contains(|character: char| character.is_ascii_digit())))
}

/// An error code of the API. It is more specific than the HTTP status code.
///
/// Codes that this version does not know are kept. In JSON a code is a number; a number in quotes is read as well.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::error::ErrorCode;
///
/// assert_eq!(ErrorCode::RATE_LIMITED, 1007);
/// assert_eq!(ErrorCode::RATE_LIMITED.meaning(), Some("too many requests"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct ErrorCode(u32);

impl ErrorCode {
    /// Creates a code from its number.
    #[must_use]
    pub const fn new(code: u32) -> Self {
        Self(code)
    }

    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

macro_rules! codes {
    ($($name:ident = $code:literal, $meaning:literal, $remedy:literal;)+) => {
        impl ErrorCode {
            $(
                #[doc = concat!("`", $code, "`: ", $meaning, ".\n\n", $remedy)]
                pub const $name: Self = Self($code);
            )+

            /// All codes that the vendor has documented.
            pub const KNOWN: &'static [Self] = &[$(Self::$name),+];

            /// Returns the cause in plain English, as in error messages; `None` for codes that this version does not
            /// know.
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

// Columns: name, code, cause (also in error messages), remedy (in the documentation).
codes! {
    MISSING_FIELD = 1001, "a required field is missing",
        "Set the field.";
    INVALID_PHONE_NUMBER = 1002, "a phone number is not in E.164 form",
        "Write it with a leading `+`, the country code and digits only, such as `+12025550199`.";
    MALFORMED_BODY = 1003, "the request body is not valid JSON or has the wrong shape",
        "Compare it with the reference of the endpoint.";
    INVALID_CONTENT = 1004, "the message content is invalid",
        "Correct the parts of the message; the message of the error names the problem.";
    INVALID_PARAMETER = 1005, "a parameter has an invalid value",
        "Correct the value; the message of the error names the parameter. Also: a link in the first message of a chat.";
    DIRECT_CHAT = 1006, "a direct chat cannot have a name or an icon",
        "Set them on groups only.";
    RATE_LIMITED = 1007, "too many requests",
        "Wait for the time in `retry_after`, then try again. The client does so by default.";
    INVALID_APP_CARD = 1008, "the iMessage app card is invalid",
        "Correct the app and the layout of the card.";
    CHAT_NOT_FOUND = 2001, "the chat does not exist",
        "Check the chat id.";
    MESSAGE_NOT_FOUND = 2002, "the message does not exist",
        "Check the message id.";
    ATTACHMENT_NOT_FOUND = 2003, "the attachment does not exist",
        "Check the attachment id, or upload the file again.";
    UNAUTHENTICATED = 2004, "the API key is missing or invalid",
        "Check the API key of the client.";
    FOREIGN_RESOURCE = 2005, "the resource belongs to another account",
        "Use the API key of that account.";
    FOREIGN_PHONE_NUMBER = 2006, "the phone number is not one of your lines",
        "Use a line that is assigned to the account; list them with `GET /v3/phone_numbers`.";
    ATTACHMENT_NOT_READY = 2007, "the attachment is not uploaded or not processed yet",
        "Upload the file, or try again after a few seconds.";
    RECIPIENT_NOT_ALLOWED = 2008, "a recipient has not written to the sandbox line yet",
        "Have each recipient send a message to the line first.";
    CHAT_NOT_READY = 2009, "the chat is still being created",
        "Try again after a few seconds. The client does so by default.";
    WEBHOOK_SUBSCRIPTION_NOT_FOUND = 2010, "the webhook subscription does not exist",
        "Check the subscription id.";
    FEATURE_NOT_ENABLED = 2011, "the feature is not enabled for the account",
        "Ask Linq support to enable it.";
    CONTACT_CARD_NOT_FOUND = 2012, "the contact card does not exist",
        "Create it first.";
    CHAT_LEFT = 2013, "your line has left the chat",
        "Send to another chat.";
    CONTACT_CARD_EXISTS = 2014, "the line has a contact card already",
        "Update it instead of creating it.";
    CONFLICT = 2015, "the request conflicts with the current state",
        "Retrieve the resource and adapt the request. For `POST /v3/messages`: no line can send, so try again later.";
    GROUP_NOT_SUPPORTED = 2016, "the operation is not supported in groups",
        "Use it in direct chats only.";
    SERVICE_NOT_SUPPORTED = 2017, "the operation is not supported by the messaging service of the chat",
        "Use it in iMessage chats only, or choose another operation.";
    APP_CARD_SERVICE = 2018, "an app card requires iMessage",
        "Send it without a preferred service, or with iMessage.";
    PHONE_NUMBER_NOT_FOUND = 2019, "the phone number id does not exist",
        "Check that it is the id of a line, not its phone number.";
    PAYMENT_REQUEST_NOT_FOUND = 2021, "the payment request does not exist",
        "Check the payment request id.";
    CONTACT_CARD_FAILED = 2022, "the contact card could not be set up",
        "Try again later.";
    MENTION_IN_DIRECT_CHAT = 2023, "mentions are supported in groups only",
        "Send the text without the mention.";
    RECIPIENT_OPTED_OUT = 2024, "the recipient opted out of messages",
        "Stop sending. If the recipient asked for this message, set `override_optout` on this request.";
    HANDLE_BLOCKED = 2026, "the handle is on your block list",
        "Unblock the handle first.";
    LINE_SUSPENDED = 2027, "the line may not send because of its reputation",
        "Send from another line, and start a reputation audit.";
    APP_CLIP_NOT_SUPPORTED = 2028, "the messaging service does not support App Clips",
        "Send a link instead.";
    INTERNAL_ERROR = 3001, "the API failed internally",
        "Try again with backoff and the same idempotency key.";
    INTERNAL_ERROR_3002 = 3002, "the API failed internally",
        "Try again with backoff and the same idempotency key.";
    INTERNAL_ERROR_3003 = 3003, "the API failed internally",
        "Try again with backoff and the same idempotency key.";
    INTERNAL_ERROR_3004 = 3004, "the API failed internally",
        "Try again with backoff and the same idempotency key.";
    UPSTREAM_TIMEOUT = 3005, "an upstream service timed out",
        "Try again with backoff and the same idempotency key.";
    OPERATION_FAILED = 3006, "the operation failed",
        "Check the request and the state of the message before trying again: the API also responds so to a reaction to an unsent message and to a malformed edit.";
    DELIVERY_ATTEMPTS_EXHAUSTED = 3007, "the delivery attempts are exhausted",
        "Send the message again later, as a new request.";
    DELIVERY_FAILED = 4001, "the message could not be delivered",
        "Check the recipient, then send the message again as a new request.";
    LINE_UNAVAILABLE = 4002, "the sending line is unavailable",
        "Send from another line, or try again later.";
    WEBHOOK_DELIVERY_FAILED = 4003, "a webhook could not be delivered",
        "Check that the target URL is reachable and responds with a 2xx status code.";
    SERVICE_UNAVAILABLE = 4004, "the service is unavailable",
        "Try again later; repeated attempts prolong some limits.";
    MESSAGE_TYPE_NOT_SUPPORTED = 4005, "the recipient cannot receive this type of message",
        "Send a plain text, or use another messaging service.";
    SEND_TIMED_OUT = 4006, "sending timed out",
        "Send the message again as a new request: the same idempotency key returns the stored failure.";
    RCS_NOT_CONFIGURED = 4009, "the line has no RCS account, so RCS support is unknown",
        "Check from another line.";
    RCS_CHECK_FAILED = 4010, "the RCS check failed, so RCS support is unknown",
        "Try again later.";
    UPLOAD_FAILED = 5001, "the upload failed",
        "Upload the file again.";
    DOWNLOAD_FAILED = 5002, "the file could not be downloaded",
        "Check that the URL is public, then try again.";
    NO_DOWNLOAD_URL = 5003, "no download URL could be created",
        "Try again later.";
    MEDIA_TYPE_NOT_ALLOWED = 5004, "the media type is not allowed",
        "Convert the file to a supported type, see [`ContentType`](crate::attachments::ContentType).";
    FILE_TOO_LARGE = 5005, "the file is too large",
        "Reduce the size: 10 MB by URL, 100 MiB by upload.";
    MEDIA_TYPE_MISMATCH = 5006, "the file does not match its media type",
        "Declare the actual media type of the file.";
    IMAGE_NOT_FETCHED = 5007, "the image could not be downloaded",
        "Check that the URL is public and serves an image.";
}

impl From<u32> for ErrorCode {
    fn from(code: u32) -> Self {
        Self(code)
    }
}

impl From<ErrorCode> for u32 {
    fn from(code: ErrorCode) -> Self {
        code.0
    }
}

impl PartialEq<u32> for ErrorCode {
    fn eq(&self, code: &u32) -> bool {
        self.0 == *code
    }
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

            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "compared with the original"
            )]
            fn visit_f64<E: de::Error>(self, code: f64) -> Result<ErrorCode, E> {
                let whole = code as u32;
                match f64::from(whole).total_cmp(&code).is_eq() {
                    true => Ok(ErrorCode(whole)),
                    false => Err(E::invalid_value(de::Unexpected::Float(code), &self)),
                }
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
    fn an_invalid_field_does_not_hide_the_others() {
        let json = r#"{"success":false,"error":{"code":2009,"retry_after":[1],"message":["?"]}}"#;
        let error = crate::json::from_slice::<ErrorResponse>(json.as_bytes()).unwrap().error;
        assert_eq!(error.code, Some(ErrorCode::CHAT_NOT_READY));
        assert_eq!((error.retry_after, error.message), (None, None));
    }

    #[test]
    fn the_wait_is_read_from_every_form_of_a_number() {
        for (json, seconds) in [
            ("12", Some(12.0)),
            ("0.5", Some(0.5)),
            ("1.5e1", Some(15.0)),
            ("-3", Some(-3.0)),
            (r#""30""#, Some(30.0)),
            (r#"" 0.25 ""#, Some(0.25)),
            ("99999999999999999999", Some(1e20)),
            ("1e400", Some(f64::INFINITY)),
            (r#""1e400""#, Some(f64::INFINITY)),
            ("null", None),
            ("true", None),
            (r#""""#, None),
            (r#""soon""#, None),
            (r#""inf""#, None),
            (r#""nan""#, None),
            ("[7]", None),
            (r#"{"seconds":7}"#, None),
        ] {
            let text = format!(r#"{{"error":{{"code":1007,"retry_after":{json}}}}}"#);
            let error = crate::json::from_slice::<ErrorResponse>(text.as_bytes()).unwrap().error;
            assert_eq!((error.code, error.retry_after), (Some(ErrorCode::RATE_LIMITED), seconds), "{json}");
        }
    }

    #[test]
    fn a_code_in_quotes_or_with_a_fraction_of_zero_is_read() {
        for json in ["4001", "4001.0", r#""4001""#] {
            assert_eq!(serde_json::from_str::<ErrorCode>(json).unwrap(), ErrorCode::DELIVERY_FAILED);
        }
        for json in ["-1", "4001.5", "4294967296", r#""many""#, r#""""#, "null", "[]"] {
            assert!(serde_json::from_str::<ErrorCode>(json).is_err(), "{json}");
        }
        assert_eq!(serde_json::to_string(&ErrorCode::DELIVERY_FAILED).unwrap(), "4001");
    }
}
