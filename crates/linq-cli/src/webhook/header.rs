use std::str::FromStr;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::secret::SchemeName;

const LEGACY_PREFIX: &str = "x-";

/// A header as `name: value`.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    name: HeaderName,
    value: HeaderValue,
}

impl FromStr for Header {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = text.split_once(':').ok_or("missing colon; expected `name: value`")?;
        let name = name.trim().parse().map_err(|_| "invalid header name")?;
        let value = HeaderValue::from_bytes(value.trim().as_bytes()).map_err(|_| "invalid header value")?;
        Ok(Self { name, value })
    }
}

/// Returns the headers as a map, with repeated ones.
pub(crate) fn map_of(headers: &[Header]) -> Result<HeaderMap, String> {
    let mut map = HeaderMap::new();
    for Header { name, value } in headers {
        map.try_append(name, value.clone()).map_err(|_| "too many headers")?;
    }
    Ok(map)
}

/// Returns the headers of V3 that belong to this scheme.
pub(crate) fn only(scheme: SchemeName, headers: HeaderMap) -> HeaderMap {
    let is_of_scheme =
        |name: &HeaderName| name.as_str().starts_with(LEGACY_PREFIX) == matches!(scheme, SchemeName::Legacy);
    let headers = headers.into_iter().filter_map(|(name, value)| Some((name?, value)));
    headers.filter(|(name, _)| is_of_scheme(name)).collect()
}
