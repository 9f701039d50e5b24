use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

/// The body of an error response, in either of the two forms that V2 has.
///
/// Most endpoints respond with `{"errors": [{"status", "code", "title", "detail"}]}`, contacts and webhook subscriptions with
/// `{"status", "error_code", "message", "errors": ["…"]}`.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::{json, v2::ErrorResponse};
///
/// let one = br#"{"errors":[{"status":422,"code":"invalid","title":"Invalid","detail":"text is missing"}]}"#;
/// let other = br#"{"status":"422","error_code":"invalid","message":"Invalid","errors":["text is missing"]}"#;
/// for body in [&one[..], &other[..]] {
///     let error: ErrorResponse = json::from_slice(body)?;
///     assert_eq!(error.code().unwrap(), "invalid");
///     assert_eq!(error.text(), Some("text is missing"));
/// }
/// # Ok::<(), json::JsonError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorResponse {
    /// The HTTP status code; `None` in the first form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The code of the error; `None` in the first form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<ErrorCode>,
    /// A human-readable message; `None` in the first form. It can quote the request: redact it before logging.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The single errors.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ErrorDetail>,
}

impl ErrorResponse {
    /// Returns `true` if the body has nothing of an error, and therefore is something else.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.error_code.is_none() && self.message.is_none() && self.errors.is_empty()
    }

    /// Returns the code of the whole, or else that of the first error which has one.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.error_code.as_ref().or_else(|| self.errors.iter().find_map(|error| error.code.as_ref()))
    }

    /// Returns the most specific sentence: the details of the first error, or else the message, or else the title. It can quote
    /// the request: redact it before logging.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        let first = |of: fn(&ErrorDetail) -> Option<&String>| self.errors.iter().find_map(of);
        let text = first(|error| error.detail.as_ref())
            .or(self.message.as_ref())
            .or_else(|| first(|error| error.title.as_ref()));
        text.map(String::as_str)
    }
}

/// One error of an [`ErrorResponse`].
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// The HTTP status code; `None` if the API does not report it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The code of the error; `None` if the API does not report it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// What kind of error it is, in words; `None` if the API does not report it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What is wrong. It can quote the request: redact it before logging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Reads an object, or a text as the detail.
impl<'de> Deserialize<'de> for ErrorDetail {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Fields {
            status: Option<u16>,
            code: Option<ErrorCode>,
            title: Option<String>,
            detail: Option<String>,
        }

        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = ErrorDetail;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an error: an object or a text")
            }

            fn visit_str<E>(self, text: &str) -> Result<ErrorDetail, E> {
                Ok(ErrorDetail { detail: Some(text.to_owned()), ..ErrorDetail::default() })
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<ErrorDetail, A::Error> {
                let Fields { status, code, title, detail } =
                    Fields::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(ErrorDetail { status, code, title, detail })
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// An error code of V2. The reference does not list them, and they are not the [codes](crate::error::ErrorCode) of V3.
///
/// In JSON it is a text; a number is read as well.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct ErrorCode(Box<str>);

impl ErrorCode {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ErrorCode {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for ErrorCode {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

text_conversions!(ErrorCode);

impl fmt::Debug for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ErrorCode").field(&self.0).finish()
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = ErrorCode;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an error code: a text or an unsigned integer")
            }

            fn visit_str<E>(self, text: &str) -> Result<ErrorCode, E> {
                Ok(text.into())
            }

            fn visit_u64<E>(self, number: u64) -> Result<ErrorCode, E> {
                Ok(number.to_string().into())
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn read(body: &str) -> ErrorResponse {
        json::from_slice(body.as_bytes()).unwrap()
    }

    #[test]
    fn both_forms_are_read_and_what_is_not_known_is_left_out() {
        for (body, code, text) in [
            (r#"{"errors":[{"status":422,"code":"e","title":"T","detail":"d"}]}"#, Some("e"), Some("d")),
            (r#"{"errors":[{"status":"422","code":17,"title":"T"}]}"#, Some("17"), Some("T")),
            (r#"{"errors":[{"status":{},"code":[],"detail":7},{"detail":"d"}]}"#, None, Some("d")),
            (r#"{"status":"error","error_code":"e","message":"m","errors":["d","x"]}"#, Some("e"), Some("d")),
            (r#"{"status":422,"error_code":null,"message":"m","errors":[]}"#, None, Some("m")),
            (r#"{"status":422,"message":"m","errors":{"text":["is missing"]}}"#, None, Some("m")),
        ] {
            let error = read(body);
            assert_eq!((error.code().map(ErrorCode::as_str), error.text()), (code, text), "{body}");
            assert!(!error.is_empty(), "{body}");
        }
        for body in ["{}", r#"{"status":502}"#, r#"{"errors":[]}"#, r#"{"data":{"id":1}}"#] {
            assert!(read(body).is_empty(), "{body}");
        }
    }

    #[test]
    fn a_status_in_quotes_is_a_number_and_a_word_is_none() {
        assert_eq!(read(r#"{"status":"422","message":"m"}"#).status, Some(422));
        assert_eq!(read(r#"{"status":"error","message":"m"}"#).status, None);
    }
}
