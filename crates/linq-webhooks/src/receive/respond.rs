use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header::CONTENT_TYPE, request::Parts};
use linq_types::Timestamp;

use crate::{Deduplicator, EventHandler, Outcome, ReceiveError, Receiver};

impl<H: EventHandler, D: Deduplicator> Receiver<H, D> {
    /// Processes a request as of the given time and returns the response. Otherwise like
    /// [`respond`](Self::respond).
    pub async fn respond_at(&self, request: Request<Bytes>, now: Timestamp) -> Response<Bytes> {
        let (Parts { headers, .. }, body) = request.into_parts();
        self.response(self.process(&headers, body, now).await)
    }

    /// Accepts the event if there is a queue, otherwise handles it.
    pub(crate) async fn process(
        &self,
        headers: &HeaderMap,
        body: Bytes,
        now: Timestamp,
    ) -> Result<Outcome, ReceiveError<H::Error>> {
        match self.queue_capacity {
            0 => self.receive_at(headers, body, now).await,
            _ => self.accept_at(headers, body, now).await,
        }
    }

    /// Converts a result into a response, and reports an error to the `on_error` callback.
    pub(crate) fn response<B: From<String>>(
        &self,
        result: Result<Outcome, ReceiveError<H::Error>>,
    ) -> Response<B> {
        match result {
            Ok(outcome) => text_response(outcome.status(), String::new()),
            Err(error) => {
                if let Some(on_error) = &self.on_error {
                    on_error(&error);
                }
                text_response(error.status(), error.public_message())
            }
        }
    }
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
