use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, header};
use serde::Serialize;

use crate::config::RelayFrames;

/// Headers of the connection between the sandbox and its relay.
const NOT_SENT: [HeaderName; 4] =
    [header::CONNECTION, header::CONTENT_LENGTH, header::HOST, header::TRANSFER_ENCODING];

/// Returns the frame for a webhook; `None` if its body is not text.
pub(super) fn frame(format: RelayFrames, headers: &HeaderMap, body: &[u8]) -> Option<String> {
    #[derive(Serialize)]
    struct Signed<'a> {
        payload: &'a str,
        headers: BTreeMap<&'a str, &'a str>,
    }

    let payload = str::from_utf8(body).ok()?;
    if format == RelayFrames::Bare {
        return Some(payload.to_owned());
    }
    let headers = headers.iter().filter(|(name, _)| !NOT_SENT.contains(name));
    let headers = headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    serde_json::to_string(&Signed { payload, headers: headers.collect() }).ok()
}
