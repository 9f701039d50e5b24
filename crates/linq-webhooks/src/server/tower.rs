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

use super::http_body::ReadBody;
use crate::{
    BodyTimeout, Deduplicator, EventHandler, ReceiveError, Receiver, Verifier, VerifyError,
    receive::{respond::text_response, settings::DEFAULT_MAX_BODY_BYTES},
};

#[cfg(feature = "tower")]
impl<H: EventHandler, D: Deduplicator> Receiver<H, D> {
    /// Converts the receiver into a tower service that calls [`serve`](Self::serve). Needs the feature `tower`.
    ///
    /// The service is always ready. Its future is `Send` if the handler, the deduplicator and the body are.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_webhooks as webhooks; }
    /// use axum::Router;
    /// use linq::webhooks::Receiver;
    /// # use linq_webhooks::{EventHandler, Outcome, events::Event};
    /// # struct Bot;
    /// # impl EventHandler for Bot {
    /// #     type Error = std::io::Error;
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

/// A service that calls a function.
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

/// A tower layer that passes only requests with a valid signature to the inner service. Needs the feature `tower`.
///
/// The layer reads the body, if the signature headers are present, well-formed and within the tolerance. The inner service receives the signed body, and a [`Verified`](crate::Verified) in the
/// request's extensions, to be [parsed](crate::Verified::parse). Other requests are rejected with 401, with 413 if the
/// body is too large, with 400 if the body is incomplete, or with 408 if it does not arrive in time. Events are not
/// deduplicated.
///
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use axum::{Extension, Router, http::StatusCode, routing::post};
/// use linq::webhooks::{Verified, Verifier, VerifyLayer};
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
    body_timeout: Option<BodyTimeout>,
}

impl VerifyLayer {
    /// Creates a layer that verifies requests with this verifier.
    #[must_use]
    pub fn new(verifier: Verifier) -> Self {
        Self { verifier, max_body_bytes: DEFAULT_MAX_BODY_BYTES, body_timeout: None }
    }

    /// Sets the maximum size of a body in bytes. The default is 1 MiB.
    #[must_use]
    pub fn max_body_bytes(mut self, max: usize) -> Self {
        self.max_body_bytes = max;
        self
    }

    /// Sets the maximum duration of reading a body. There is none by default, as for
    /// [`Receiver::body_timeout`](crate::Receiver::body_timeout).
    #[must_use]
    pub fn body_timeout(mut self, timeout: BodyTimeout) -> Self {
        self.body_timeout = Some(timeout);
        self
    }
}

impl<S> Layer<S> for VerifyLayer {
    type Service = VerifyService<S>;

    fn layer(&self, inner: S) -> VerifyService<S> {
        VerifyService { inner, layer: self.clone() }
    }
}

/// The service created by a [`VerifyLayer`].
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
        let VerifyLayer { verifier, max_body_bytes, body_timeout } = &self.layer;
        let (parts, body) = request.into_parts();
        if let Err(error) = verifier.check_headers(&parts.headers) {
            return VerifyFuture(Step::Rejected(Some(error)));
        }
        let body = ReadBody::new(&parts.headers, Box::pin(body), *max_body_bytes, body_timeout.as_ref());
        let verifier = verifier.clone();
        VerifyFuture(Step::Verifying(Box::new(Verifying { body, parts, verifier, inner })))
    }
}

/// The future of a [`VerifyService`].
#[cfg(feature = "tower")]
pub struct VerifyFuture<S: Service<Request<B>>, B>(Step<S, B>);

enum Step<S: Service<Request<B>>, B> {
    /// Because of its headers. The error is taken when the future completes.
    Rejected(Option<VerifyError>),
    Verifying(Box<Verifying<S, B>>),
    Responding(Pin<Box<S::Future>>),
}

struct Verifying<S, B> {
    body: ReadBody<Pin<Box<B>>>,
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
    /// Reads and verifies the request, and calls the inner service.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<S::Future, ReceiveError<Infallible>>> {
        let body = ready!(Pin::new(&mut self.body).poll(context))?;
        let verified = self.verifier.verify(&self.parts.headers, body).map_err(ReceiveError::Unverified)?;
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
                Step::Rejected(error) => {
                    let Some(error) = error.take() else { return Poll::Pending };
                    let error: ReceiveError<Infallible> = ReceiveError::Unverified(error);
                    return Poll::Ready(Ok(text_response(error.status(), error.public_message())));
                }
                Step::Responding(response) => return response.as_mut().poll(context),
                Step::Verifying(verifying) => match ready!(verifying.poll(context)) {
                    Ok(response) => self.0 = Step::Responding(Box::pin(response)),
                    Err(error) => {
                        return Poll::Ready(Ok(text_response(error.status(), error.public_message())));
                    }
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
