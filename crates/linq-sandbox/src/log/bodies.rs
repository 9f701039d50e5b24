use http::{HeaderMap, HeaderName, HeaderValue};

/// The maximum size of a body that is kept, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// The headers and the bodies of an entry. They are copied, because what arrives shares memory with what else arrived.
#[derive(Debug)]
pub(crate) struct Bodies {
    /// The headers as text, then the request body, then the response body.
    bytes: Box<[u8]>,
    request_at: usize,
    response_at: usize,
    request_is_truncated: bool,
    response_is_truncated: bool,
}

/// A body, or the beginning of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Body<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) is_truncated: bool,
}

impl Bodies {
    pub(crate) fn new(headers: &HeaderMap, request: &[u8], response: &[u8]) -> Self {
        let size = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 2).sum::<usize>();
        let [kept_request, kept_response] = [request, response].map(|body| &body[..body.len().min(MAX_BODY)]);
        let mut bytes = Vec::with_capacity(size + kept_request.len() + kept_response.len());
        for (name, value) in headers {
            bytes.extend_from_slice(name.as_str().as_bytes());
            bytes.push(b':');
            bytes.extend_from_slice(value.as_bytes());
            bytes.push(b'\n');
        }
        let request_at = bytes.len();
        bytes.extend_from_slice(kept_request);
        let response_at = bytes.len();
        bytes.extend_from_slice(kept_response);
        Self {
            bytes: bytes.into_boxed_slice(),
            request_at,
            response_at,
            request_is_truncated: kept_request.len() < request.len(),
            response_is_truncated: kept_response.len() < response.len(),
        }
    }

    /// Returns the memory it takes, in bytes.
    pub(super) fn size(&self) -> usize {
        size_of::<Self>() + self.bytes.len()
    }

    pub(crate) fn headers(&self) -> HeaderMap {
        let lines = self.bytes[..self.request_at].split(|byte| *byte == b'\n');
        let headers = lines.filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let name = HeaderName::from_bytes(&line[..colon]).ok()?;
            Some((name, HeaderValue::from_bytes(&line[colon + 1..]).ok()?))
        });
        let mut map = HeaderMap::new();
        headers.for_each(|(name, value)| {
            map.append(name, value);
        });
        map
    }

    pub(crate) fn request(&self) -> Body<'_> {
        let bytes = &self.bytes[self.request_at..self.response_at];
        Body { bytes, is_truncated: self.request_is_truncated }
    }

    pub(crate) fn response(&self) -> Body<'_> {
        Body { bytes: &self.bytes[self.response_at..], is_truncated: self.response_is_truncated }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again_up_to_the_limit() {
        let mut headers = HeaderMap::new();
        for (name, value) in [("host", "a:1"), ("x-many", "one"), ("x-many", " :\u{e9}"), ("x-empty", "")] {
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let long = vec![b'x'; MAX_BODY + 1];
        for (request, response) in [(&b""[..], &b""[..]), (b"{}", b"null"), (&long, b"1"), (b"1", &long)] {
            let bodies = Bodies::new(&headers, request, response);
            assert_eq!(bodies.headers(), headers);
            for (body, written) in [(bodies.request(), request), (bodies.response(), response)] {
                assert_eq!(body.bytes, &written[..written.len().min(MAX_BODY)]);
                assert_eq!(body.is_truncated, written.len() > MAX_BODY);
            }
        }
    }
}
