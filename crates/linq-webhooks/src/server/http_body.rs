use std::{
    convert::Infallible,
    error::Error,
    future::Future,
    mem,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
    time::Duration,
};

use ::http_body::Body;
use bytes::{Buf, BufMut as _, Bytes, BytesMut};
use http::{HeaderMap, Request, Response, request::Parts};

use crate::{
    BodyTimeout, Deduplicator, EventHandler, ReceiveError, Receiver,
    receive::{body_timeout::Timer, respond::announced_bytes},
};

#[cfg(feature = "http-body")]
impl<H: EventHandler, D: Deduplicator> Receiver<H, D> {
    /// Reads the body of a request, processes it as [`respond`](Self::respond) does, and returns the response. Needs
    /// the feature `http-body`.
    ///
    /// It is for hyper and every other server whose requests have an `http_body::Body`. The body is read only if the signature
    /// headers are present, well-formed and within the tolerance, and if its announced length does not exceed
    /// [`max_body_bytes`](Self::max_body_bytes). No more than the maximum is read, for at most the
    /// [`body_timeout`](Self::body_timeout) if one is set.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_webhooks as webhooks; }
    /// use hyper::{body::Incoming, rt::{Read, Write}, server::conn::http1, service::service_fn};
    /// use linq::webhooks::{EventHandler, Receiver};
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
    /// Never returns an error. The return type is that of a function for `hyper::service::service_fn`.
    pub async fn serve<B>(self, request: Request<B>) -> Result<Response<String>, Infallible>
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let (Parts { headers, .. }, body) = request.into_parts();
        if let Err(error) = self.check_early(&headers, self.verifier.now()) {
            return Ok(self.response(Err(error)));
        }
        let (body, settings) = (pin!(body), &self.settings);
        let reading = ReadBody::new(&headers, body, settings.max_body_bytes, settings.body_timeout.as_ref());
        let result = match reading.await {
            Ok(body) => self.receive(&headers, body).await,
            Err(error) => Err(error.into()),
        };
        Ok(self.response(result))
    }
}

/// A future that reads a body up to a maximum size and for at most a maximum time. A body that is announced to be larger is not
/// read.
pub(super) struct ReadBody<B> {
    body: B,
    max: usize,
    announced: u64,
    timer: Option<(Duration, Timer)>,
    /// The first frame. Most bodies have one, which is not copied.
    first: Bytes,
    /// All frames, once there is a second one.
    joined: BytesMut,
}

/// The error of reading a body.
#[derive(Debug)]
pub(super) enum BodyError {
    TooLarge { max: usize },
    Incomplete(Box<dyn Error + Send + Sync>),
    TimedOut { timeout: Duration },
}

impl<B: Body> ReadBody<B> {
    pub(super) fn new(headers: &HeaderMap, body: B, max: usize, timeout: Option<&BodyTimeout>) -> Self {
        Self {
            announced: body.size_hint().lower().max(announced_bytes(headers).unwrap_or(0)),
            body,
            max,
            timer: timeout.map(|timeout| (timeout.duration(), timeout.start())),
            first: Bytes::new(),
            joined: BytesMut::new(),
        }
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
    B: Body + Unpin,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Output = Result<Bytes, BodyError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let max = self.max;
        if !usize::try_from(self.announced).is_ok_and(|announced| announced <= max) {
            return Poll::Ready(Err(BodyError::TooLarge { max }));
        }
        loop {
            let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) else {
                let Some((timeout, timer)) = &mut self.timer else { return Poll::Pending };
                ready!(timer.as_mut().poll(context));
                return Poll::Ready(Err(BodyError::TimedOut { timeout: *timeout }));
            };
            let data = match frame {
                None => return Poll::Ready(Ok(self.all())),
                Some(Err(error)) => return Poll::Ready(Err(BodyError::Incomplete(error.into()))),
                Some(Ok(frame)) => frame.into_data(),
            };
            let Ok(data) = data else { continue };
            if data.remaining() > max - self.length() {
                return Poll::Ready(Err(BodyError::TooLarge { max }));
            }
            self.push(data);
        }
    }
}

impl<E> From<BodyError> for ReceiveError<E> {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge { max } => Self::TooLarge { max },
            BodyError::Incomplete(error) => Self::IncompleteBody(error),
            BodyError::TimedOut { timeout } => Self::BodyTimeout { timeout },
        }
    }
}
