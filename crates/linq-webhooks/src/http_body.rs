use std::{
    convert::Infallible,
    error::Error,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use ::http_body::Body;
use bytes::{Buf, BufMut as _, Bytes, BytesMut};
use http::{HeaderMap, Request, Response, header::CONTENT_LENGTH};

use crate::{Deduplicator, EventHandler, Outcome, ReceiveError, Receiver, clock::unix_now};

#[cfg(feature = "http-body")]
impl<H: EventHandler, D: Deduplicator> Receiver<H, D> {
    /// Reads the body of a request and answers it, as [`respond`](Self::respond) does: for hyper, and every other
    /// server whose requests have an `http_body::Body`. Needs the feature `http-body`.
    ///
    /// A body that says it is longer than [`max_body_bytes`](Self::max_body_bytes) is refused unread, and no more
    /// than that is read of any other. How long a client may take over it is the server's matter: set its
    /// timeouts.
    ///
    /// It is never `Err`, and is a `Result` for `hyper::service::service_fn`:
    ///
    /// ```
    /// use hyper::{body::Incoming, rt::{Read, Write}, server::conn::http1, service::service_fn};
    /// use linq_webhooks::{EventHandler, Receiver};
    ///
    /// async fn serve<H, T>(receiver: Receiver<H>, connection: T) -> hyper::Result<()>
    /// where
    ///     H: EventHandler,
    ///     T: Read + Write + Unpin,
    /// {
    ///     let service = service_fn(|request: http::Request<Incoming>| receiver.clone().serve(request));
    ///     http1::Builder::new().serve_connection(connection, service).await
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// None.
    pub async fn serve<B>(self, request: Request<B>) -> Result<Response<String>, Infallible>
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let result = self.read_and_take(request).await;
        Ok(self.answer(result))
    }

    async fn read_and_take<B>(&self, request: Request<B>) -> Result<Outcome, ReceiveError<H::Error>>
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let (parts, body) = request.into_parts();
        let body = ReadBody::new(&parts.headers, body, self.max_body_bytes).await?;
        self.take(Request::from_parts(parts, body), unix_now()).await
    }
}

/// Reads a body up to a limit, and one that is announced to be larger not at all.
pub(crate) struct ReadBody<B> {
    body: Pin<Box<B>>,
    max: usize,
    announced: u64,
    /// The first piece, for which most bodies need no copy.
    first: Bytes,
    /// Everything, once there is a second piece.
    joined: BytesMut,
}

/// Why a body could not be read.
#[derive(Debug)]
pub(crate) enum Unread {
    TooLarge { max: usize },
    BrokenOff(Box<dyn Error + Send + Sync>),
}

impl<B: Body> ReadBody<B> {
    pub(crate) fn new(headers: &HeaderMap, body: B, max: usize) -> Self {
        let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let announced = body.size_hint().lower().max(length.unwrap_or(0));
        Self { body: Box::pin(body), max, announced, first: Bytes::new(), joined: BytesMut::new() }
    }
}

impl<B> ReadBody<B> {
    fn length(&self) -> usize {
        self.first.len() + self.joined.len()
    }

    fn push(&mut self, mut data: impl Buf) {
        if self.length() == 0 {
            self.first = data.copy_to_bytes(data.remaining());
        } else {
            self.joined.extend_from_slice(&mem::take(&mut self.first));
            self.joined.put(data);
        }
    }

    fn all(&mut self) -> Bytes {
        if self.joined.is_empty() { mem::take(&mut self.first) } else { mem::take(&mut self.joined).freeze() }
    }
}

impl<B> Future for ReadBody<B>
where
    B: Body,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Output = Result<Bytes, Unread>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let max = self.max;
        if !usize::try_from(self.announced).is_ok_and(|announced| announced <= max) {
            return Poll::Ready(Err(Unread::TooLarge { max }));
        }
        loop {
            let data = match ready!(self.body.as_mut().poll_frame(context)) {
                None => return Poll::Ready(Ok(self.all())),
                Some(Err(error)) => return Poll::Ready(Err(Unread::BrokenOff(error.into()))),
                Some(Ok(frame)) => frame.into_data(),
            };
            let Ok(data) = data else { continue };
            if data.remaining() > max - self.length() {
                return Poll::Ready(Err(Unread::TooLarge { max }));
            }
            self.push(data);
        }
    }
}

impl<E> From<Unread> for ReceiveError<E> {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLarge { max } => Self::TooLarge { max },
            Unread::BrokenOff(error) => Self::BrokenOff(error),
        }
    }
}
