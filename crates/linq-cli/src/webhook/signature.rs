use http::HeaderMap;
use linq::webhooks::Signer;

use super::{header::only, time::now};
use crate::secret::SchemeName;

/// Returns the headers that sign a body now, with the schemes of its API. Without an id, those of V3 are the older scheme's,
/// which does not sign it.
pub(crate) fn signature(
    signer: &Signer,
    is_v2: bool,
    id: Option<&str>,
    body: &[u8],
) -> Result<HeaderMap, String> {
    if is_v2 {
        return Ok(signer.v2_headers(body));
    }
    let id = id.unwrap_or_default();
    let headers = signer.headers(id, now(), body).map_err(|_| "the event id is not a valid header value")?;
    Ok(if id.is_empty() { only(SchemeName::Legacy, headers) } else { headers })
}
