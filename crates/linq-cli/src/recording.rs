//! Recorded deliveries: what `linq listen --record` writes, and `linq replay` sends again.

use std::collections::BTreeMap;

use http::HeaderMap;
use linq::types::Timestamp;
use serde::{Deserialize, Serialize};

use crate::webhook::now_with_millis;

/// A recorded delivery, one line of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Recorded {
    /// When it was received.
    pub(crate) time: Option<Timestamp>,
    /// The headers, by their names in lower case. The values of repeated ones are joined with commas.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// The body as it was signed.
    pub(crate) body: String,
}

impl Recorded {
    /// Returns a delivery that is received now; `None` if its body is not text, and thus not an event.
    pub(crate) fn new(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let mut values = BTreeMap::<String, String>::new();
        for (name, value) in headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            values
                .entry(name.to_string())
                .and_modify(|values| values.extend([", ", &*value]))
                .or_insert_with(|| value.to_string());
        }
        let body = str::from_utf8(body).ok()?.to_owned();
        Some(Self { time: Some(now_with_millis()), headers: values, body })
    }
}
