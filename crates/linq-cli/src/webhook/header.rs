use std::str::FromStr;

use http::{HeaderMap, HeaderName, HeaderValue};

/// A header as `name: value`.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    name: HeaderName,
    value: HeaderValue,
}

impl FromStr for Header {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = text.split_once(':').ok_or("a header is `name: value`, and there is no colon")?;
        let name = name.trim().parse().map_err(|_| "that is no name of a header")?;
        let value =
            HeaderValue::from_bytes(value.trim().as_bytes()).map_err(|_| "no header can have that value")?;
        Ok(Self { name, value })
    }
}

/// The headers as a request has them, those that come several times too.
pub(crate) fn map_of(headers: &[Header]) -> Result<HeaderMap, String> {
    let mut map = HeaderMap::new();
    for Header { name, value } in headers {
        map.try_append(name, value.clone()).map_err(|_| "there are too many headers")?;
    }
    Ok(map)
}
