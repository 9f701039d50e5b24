use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Request, Response, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
    request::Parts,
};
use linq_types::Timestamp;

use crate::{Deduplicator, EventHandler, Outcome, ReceiveError, Receiver, trace};

impl<H: EventHandler, D: Deduplicator> Receiver<H, D> {
    /// Processes a request as of the given time and returns the response. Otherwise like
    /// [`respond`](Self::respond).
    pub async fn respond_at(&self, request: Request<Bytes>, now: Timestamp) -> Response<Bytes> {
        let (Parts { headers, .. }, body) = request.into_parts();
        self.response(self.receive_at(&headers, body, now).await)
    }

    /// Checks a request as of the given time, before its body is read. Otherwise like [`reject_early`](Self::reject_early).
    #[must_use]
    pub fn reject_early_at(&self, headers: &HeaderMap, now: Timestamp) -> Option<Response<Bytes>> {
        self.check_early(headers, now).err().map(|error| self.response(Err(error)))
    }

    /// Checks what can be checked before the body is read.
    pub(crate) fn check_early(
        &self,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<(), ReceiveError<H::Error>> {
        let max = self.settings.max_body_bytes;
        let fits = |announced| usize::try_from(announced).is_ok_and(|bytes| bytes <= max);
        let checked = match self.verifier.check_headers_at(headers, now) {
            Err(error) => Err(ReceiveError::Unverified(error)),
            Ok(()) if announced_bytes(headers).is_none_or(fits) => Ok(()),
            Ok(()) => Err(ReceiveError::TooLarge { max }),
        };
        checked.inspect_err(trace::rejected)
    }

    /// Converts a result into a response, and reports an error to the `on_error` callback.
    pub(crate) fn response<B: From<String>>(
        &self,
        result: Result<Outcome, ReceiveError<H::Error>>,
    ) -> Response<B> {
        match result {
            Ok(outcome) => text_response(outcome.status(), String::new()),
            Err(error) => {
                self.report(&error);
                text_response(error.status(), error.public_message())
            }
        }
    }
}

/// Returns the length of the body in the headers, if they have it.
pub(crate) fn announced_bytes(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Creates a plain-text response, or a response without a body if the text is empty.
pub(crate) fn text_response<B: From<String>>(status: StatusCode, text: String) -> Response<B> {
    let has_text = !text.is_empty();
    let mut response = Response::new(B::from(text));
    *response.status_mut() = status;
    if has_text {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    }
    response
}
