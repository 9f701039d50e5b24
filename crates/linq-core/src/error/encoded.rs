use std::{error::Error as StdError, fmt};

use http::StatusCode;

/// A response whose body has a content encoding that was not asked for.
#[derive(Debug)]
pub(crate) struct EncodedBody {
    pub(crate) status: StatusCode,
    pub(crate) encoding: String,
}

impl fmt::Display for EncodedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the body of the response with status {} has the content encoding `{}`, which the client does not decode \
             and did not ask for; check the proxies on the way, and the header `accept-encoding` if you set it",
            self.status, self.encoding
        )
    }
}

impl StdError for EncodedBody {}
