use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;

/// A message of the relay.
#[derive(Debug, PartialEq)]
pub(super) enum Frame {
    /// The id of the connection.
    Init(String),
    /// A webhook: its body as it was signed, and its headers.
    Signed { headers: HeaderMap, body: Bytes },
    /// The body of a webhook, in the older format, without headers.
    Bare(Bytes),
    /// Something else, such as an error of the gateway.
    Other,
}

impl Frame {
    pub(super) fn parse(text: &str) -> Self {
        #[derive(Deserialize)]
        struct Fields {
            #[serde(rename = "connectionId")]
            connection_id: Option<String>,
            payload: Option<String>,
            headers: Option<BTreeMap<String, serde_json::Value>>,
            event_type: Option<serde::de::IgnoredAny>,
        }

        let Ok(fields) = serde_json::from_str::<Fields>(text) else {
            // A body that is not an object of these types is one of the older format, or none at all.
            return Self::Bare(Bytes::copy_from_slice(text.as_bytes()));
        };
        match fields {
            Fields { payload: Some(payload), headers: Some(headers), .. } => {
                Self::Signed { headers: header_map(&headers), body: payload.into() }
            }
            Fields { event_type: Some(_), .. } => Self::Bare(Bytes::copy_from_slice(text.as_bytes())),
            Fields { connection_id: Some(id), .. } => Self::Init(id),
            _ => Self::Other,
        }
    }
}

/// Returns the headers that are valid. A signature with an invalid one does not verify.
fn header_map(headers: &BTreeMap<String, serde_json::Value>) -> HeaderMap {
    let valid = headers.iter().filter_map(|(name, value)| {
        let value = HeaderValue::from_str(value.as_str()?).ok()?;
        Some((name.parse::<HeaderName>().ok()?, value))
    });
    valid.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_told_apart_by_their_fields() {
        let bare = |text: &'static str| (text, Frame::Bare(Bytes::from_static(text.as_bytes())));
        for (text, frame) in [
            (r#"{"connectionId":"c1"}"#, Frame::Init("c1".to_owned())),
            (
                r#"{"payload":"{\"a\": 1}","headers":{"Webhook-Id":"e1","a b":"c","x":1,"y":"\n"}}"#,
                Frame::Signed {
                    headers: HeaderMap::from_iter([(
                        HeaderName::from_static("webhook-id"),
                        HeaderValue::from_static("e1"),
                    )]),
                    body: Bytes::from_static(br#"{"a": 1}"#),
                },
            ),
            bare(r#"{"event_type":"message.received","event_id":"e1"}"#),
            bare(r#"{"event_type":"message.received","connectionId":"e1"}"#),
            bare(r#"{"event_type":"message.received","payload":"e1"}"#),
            bare(r#"{"event_type":"message.received","payload":{}}"#),
            bare("not json"),
            (r#"{"message":"Internal server error","connectionId":null,"requestId":"r"}"#, Frame::Other),
            ("{}", Frame::Other),
        ] {
            assert_eq!(Frame::parse(text), frame, "{text}");
        }
    }
}
