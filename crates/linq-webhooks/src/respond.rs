use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header::CONTENT_TYPE};

use crate::{Deduplicator, EventHandler, Outcome, ReceiveError, Receiver};

impl<H: EventHandler, D: Deduplicator> Receiver<H, D> {
    /// Answers a request whose body was read: for every server that can give it as `http::Request<Bytes>`.
    ///
    /// The answer has the status of the [`Outcome`] or of the [`ReceiveError`], and as its body the reason as
    /// text. Of what your handler or your deduplicator have to say nothing gets out: that is for
    /// [`on_error`](Self::on_error).
    ///
    /// Stop reading a body that is longer than you take; how long a slow client may take over it is the
    /// server's matter. Targets without a clock (`wasm32-unknown-unknown`) have
    /// [`respond_at`](Self::respond_at) alone.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub async fn respond(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.respond_at(request, crate::clock::unix_now()).await
    }

    /// Answers a request whose body was read, as of a given time in seconds since 1970.
    pub async fn respond_at(&self, request: Request<Bytes>, now: i64) -> Response<Bytes> {
        self.answer(self.take(request, now).await)
    }

    pub(crate) async fn take(
        &self,
        request: Request<Bytes>,
        now: i64,
    ) -> Result<Outcome, ReceiveError<H::Error>> {
        let (parts, body) = request.into_parts();
        match self.has_queue() {
            true => self.accept_at(&parts.headers, body, now).await,
            false => self.receive_at(&parts.headers, body, now).await,
        }
    }

    pub(crate) fn answer<B: From<String>>(
        &self,
        result: Result<Outcome, ReceiveError<H::Error>>,
    ) -> Response<B> {
        match result {
            Ok(outcome) => plain(outcome.status(), String::new()),
            Err(error) => {
                self.tell(&error);
                plain(error.status(), error.public_reason())
            }
        }
    }
}

/// A response with a reason as text, or without a body.
pub(crate) fn plain<B: From<String>>(status: StatusCode, reason: String) -> Response<B> {
    let has_text = !reason.is_empty();
    let mut response = Response::new(B::from(reason));
    *response.status_mut() = status;
    if has_text {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    }
    response
}
