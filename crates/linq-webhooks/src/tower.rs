use std::{
    convert::Infallible,
    error::Error,
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use ::http_body::Body;
use bytes::Bytes;
use http::{Request, Response, request::Parts};
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    Deduplicator, EventHandler, ReceiveError, Receiver, Verifier, clock::unix_now, http_body::ReadBody,
    receiver::DEFAULT_MAX_BODY_BYTES, respond::plain,
};

#[cfg(feature = "tower")]
impl<H: EventHandler, D: Deduplicator> Receiver<H, D> {
    /// A tower service that answers as [`serve`](Self::serve) does, always ready. Needs the feature `tower`.
    ///
    /// Its future is `Send` if your handler, your deduplicator and the body are.
    ///
    /// ```
    /// use axum::Router;
    /// use linq_webhooks::Receiver;
    /// # use linq_webhooks::{EventHandler, Outcome, events::{Event, Route}};
    /// # struct Bot;
    /// # impl EventHandler for Bot {
    /// #     type Error = std::io::Error;
    /// #     const EVENTS: &'static [Option<Route>] = &[None];
    /// #     async fn handle(&self, _: Event) -> Result<Outcome, std::io::Error> {
    /// #         Ok(Outcome::Handled)
    /// #     }
    /// # }
    ///
    /// fn router(receiver: Receiver<Bot>) -> Router {
    ///     Router::new().route_service("/linq", receiver.into_service())
    /// }
    /// ```
    #[must_use]
    pub fn into_service<B>(
        self,
    ) -> impl Service<
        Request<B>,
        Response = Response<String>,
        Error = Infallible,
        Future = impl Future<Output = Result<Response<String>, Infallible>>,
    > + Clone
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        ServiceFn(move |request| self.clone().serve(request))
    }
}

/// A function as a service.
#[derive(Clone)]
struct ServiceFn<F>(F);

impl<F, R, A, T, E> Service<R> for ServiceFn<F>
where
    F: Fn(R) -> A,
    A: Future<Output = Result<T, E>>,
{
    type Response = T;
    type Error = E;
    type Future = A;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), E>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: R) -> A {
        (self.0)(request)
    }
}

/// Lets only requests through whose signature is right, to any service behind it. Needs the feature `tower`.
///
/// The service gets the body as it came, read whole, and [`Verified`](crate::Verified) among the request's
/// extensions: [`parse`](crate::Verified::parse) that. All others are answered here: 401, 413 for a body that is
/// too large, of which no more is read than that, 400 for one that breaks off. Nothing is deduplicated.
///
/// ```
/// use axum::{Extension, Router, http::StatusCode, routing::post};
/// use linq_webhooks::{Verified, Verifier, VerifyLayer};
///
/// async fn hook(Extension(verified): Extension<Verified>) -> StatusCode {
///     match verified.parse() {
///         Ok(event) => println!("{}", event.event_type),
///         Err(error) => eprintln!("{error}"),
///     }
///     StatusCode::NO_CONTENT
/// }
///
/// fn router(verifier: Verifier) -> Router {
///     Router::new().route("/linq", post(hook)).layer(VerifyLayer::new(verifier))
/// }
/// ```
#[derive(Debug, Clone)]
#[cfg(feature = "tower")]
pub struct VerifyLayer {
    verifier: Verifier,
    max_body_bytes: usize,
}

impl VerifyLayer {
    /// Checks by this verifier.
    #[must_use]
    pub fn new(verifier: Verifier) -> Self {
        Self { verifier, max_body_bytes: DEFAULT_MAX_BODY_BYTES }
    }

    /// The largest body that is taken: 1 MiB unless set.
    #[must_use]
    pub fn max_body_bytes(mut self, max: usize) -> Self {
        self.max_body_bytes = max;
        self
    }
}

impl<S> Layer<S> for VerifyLayer {
    type Service = VerifyService<S>;

    fn layer(&self, inner: S) -> VerifyService<S> {
        VerifyService { inner, layer: self.clone() }
    }
}

/// The service that a [`VerifyLayer`] puts before another.
#[derive(Debug, Clone)]
#[cfg(feature = "tower")]
pub struct VerifyService<S> {
    inner: S,
    layer: VerifyLayer,
}

impl<S, B, R> Service<Request<B>> for VerifyService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone,
    B: Body + From<Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
    R: From<String>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = VerifyFuture<S, B>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> VerifyFuture<S, B> {
        let not_ready = self.inner.clone();
        let inner = mem::replace(&mut self.inner, not_ready);
        let (parts, body) = request.into_parts();
        let body = ReadBody::new(&parts.headers, body, self.layer.max_body_bytes);
        let verifier = self.layer.verifier.clone();
        VerifyFuture(Step::Verifying(Box::new(Verifying { body, parts, verifier, inner })))
    }
}

/// The answer of a [`VerifyService`], to come.
#[cfg(feature = "tower")]
pub struct VerifyFuture<S: Service<Request<B>>, B>(Step<S, B>);

enum Step<S: Service<Request<B>>, B> {
    Verifying(Box<Verifying<S, B>>),
    Answering(Pin<Box<S::Future>>),
}

struct Verifying<S, B> {
    body: ReadBody<B>,
    parts: Parts,
    verifier: Verifier,
    inner: S,
}

impl<S, B> Verifying<S, B>
where
    S: Service<Request<B>>,
    B: Body + From<Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    /// What the service behind gives, or why it gets nothing.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<S::Future, ReceiveError<Infallible>>> {
        let body = ready!(Pin::new(&mut self.body).poll(context))?;
        let verified = self
            .verifier
            .verify_at(&self.parts.headers, body, unix_now())
            .map_err(ReceiveError::Unverified)?;
        let (nothing, ()) = Request::new(()).into_parts();
        let mut parts = mem::replace(&mut self.parts, nothing);
        let body = B::from(verified.body().clone());
        parts.extensions.insert(verified);
        Poll::Ready(Ok(self.inner.call(Request::from_parts(parts, body))))
    }
}

impl<S, B, R> Future for VerifyFuture<S, B>
where
    S: Service<Request<B>, Response = Response<R>>,
    B: Body + From<Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
    R: From<String>,
{
    type Output = Result<Response<R>, S::Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            match &mut self.0 {
                Step::Answering(answer) => return answer.as_mut().poll(context),
                Step::Verifying(verifying) => match ready!(verifying.poll(context)) {
                    Ok(answer) => self.0 = Step::Answering(Box::pin(answer)),
                    Err(error) => return Poll::Ready(Ok(plain(error.status(), error.public_reason()))),
                },
            }
        }
    }
}

impl<S: Service<Request<B>>, B> fmt::Debug for VerifyFuture<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifyFuture")
    }
}
