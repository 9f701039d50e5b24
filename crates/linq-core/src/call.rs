use std::{fmt, pin::Pin};

use bytes::Bytes;
use http::Method;
use linq_types::{IdempotencyKey, json};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Body, Client, Error, WithMeta,
    deadline::Deadline,
    error::InvalidRequest,
    exchange::{Decode, DecodeError, Exchange, Options, decode_json},
    request::{Accept, RequestSpec},
};

#[macro_use]
mod options;

/// A call of the API, ready to be made: `.await` it on the [`Client`].
#[cfg_attr(
    feature = "blocking",
    doc = "On the [`blocking::Client`](crate::blocking::Client), finish it with `.call()`."
)]
///
/// Nothing happens before that. Every call has the same options. If an option is invalid, the call fails with
/// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) when it is made, before anything is sent.
///
/// A call borrows the client, and not the handle that it was made by.
///
/// ```
/// # async fn doc(client: linq_core::Client, id: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
/// use std::time::Duration;
///
/// let chat = client.chats().messages(&id);
/// chat.send("one").await?;
/// chat.send("two").timeout(Duration::from_secs(5)).header("x-team", "blue").await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a call does nothing until it is awaited or finished with `.call()`"]
pub struct Call<'c, C, T> {
    pub(crate) client: &'c C,
    pub(crate) spec: RequestSpec,
    pub(crate) options: Options,
    pub(crate) decode: Decode<T>,
}

/// The future of a [`Call`].
pub type CallFuture<'c, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'c>>;

impl<'c, C, T> Call<'c, C, T> {
    pub(crate) fn new(client: &'c C, spec: RequestSpec, decode: Decode<T>) -> Self {
        Self { client, spec, options: Options::default(), decode }
    }

    /// A call whose response is JSON.
    pub(crate) fn json(client: &'c C, spec: RequestSpec) -> Self
    where
        T: DeserializeOwned,
    {
        Self::new(client, spec, decode_json)
    }

    /// A call of an endpoint that only the caller knows.
    pub(crate) fn custom(client: &'c C, method: Method, path: &str) -> Self
    where
        T: DeserializeOwned,
    {
        Self::new(client, RequestSpec::custom(method, path), decode_any)
    }

    time_options!();
    request_options!();

    /// Sends the request with this idempotency key, so that the service executes it once, however often it is repeated.
    ///
    /// Without it, every send gets a random key of its own. It has no effect on operations that take no key; a call made
    /// by [`Client::request`] sends it as the `Idempotency-Key` header and is then retried like a send. In a handler of
    /// webhooks, use a key of the event, such as [`Event::key("reply")`](crate::types::events::Event::key). To survive a
    /// crash elsewhere, store the key before sending and repeat the call with it.
    pub fn idempotency_key(mut self, key: impl Into<IdempotencyKey>) -> Self {
        self.options.idempotency_key = Some(key.into());
        self
    }

    /// Sets the whole JSON body, in place of the call's own. It is not validated, and has no effect on GET requests.
    pub fn body(mut self, body: impl Serialize) -> Self {
        match serde_json::to_value(body) {
            Ok(body) => self.options.extra().body.whole = Some(body),
            Err(error) => self.options.reject(InvalidRequest::Body(error.into())),
        }
        self
    }

    /// Sets a top-level field of the JSON body, in place of the call's own of that name. It is not validated, and has no effect on GET
    /// requests.
    pub fn body_field(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        match serde_json::to_value(value) {
            Ok(value) => drop(self.options.extra().body.fields.insert(name.into(), value)),
            Err(error) => self.options.reject(InvalidRequest::Body(error.into())),
        }
        self
    }

    /// Returns status, headers, trace id, number of attempts and idempotency key beside the value.
    pub fn with_meta(self) -> CallWithMeta<'c, C, T> {
        CallWithMeta(self)
    }

    /// Returns the bytes of the response in place of the value.
    pub fn raw(self) -> Call<'c, C, Bytes> {
        let Self { client, spec, options, .. } = self;
        Call { client, spec, options, decode: |body| Ok(body.clone()) }
    }
}

impl<'c, C> Call<'c, C, ()> {
    /// A call whose response has no body.
    pub(crate) fn empty(client: &'c C, spec: RequestSpec) -> Self {
        Self::new(client, spec.accept(Accept::Anything), |_| Ok(()))
    }
}

/// No body counts as `null`: what an unknown endpoint responds with is for the caller to say.
fn decode_any<T: DeserializeOwned>(body: &Bytes) -> Result<T, DecodeError> {
    Ok(json::from_slice(if body.is_empty() { b"null" } else { body })?)
}

impl<T> Call<'_, Client, T> {
    /// Makes the call within a deadline that it shares with others, or else within its own.
    pub(crate) async fn within(self, deadline: Option<&mut Deadline>) -> Result<WithMeta<T>, Error> {
        let Self { client, spec, options, decode } = self;
        let mut exchange = Exchange::build(&client.setup, spec, options)?;
        match deadline {
            Some(deadline) => client.run(&mut exchange, decode, deadline).await,
            None => {
                let mut own = Deadline::after(exchange.deadline(), &*client.backend);
                client.run(&mut exchange, decode, &mut own).await
            }
        }
    }

    /// Builds the request that the call would make, to send it some other way.
    ///
    /// # Errors
    ///
    /// Returns an error if the request is invalid ([`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest)).
    pub fn into_request(self) -> Result<http::Request<Body>, Error> {
        Ok(Exchange::build(&self.client.setup, self.spec, self.options)?.request())
    }
}

impl<'c, T: 'c> IntoFuture for Call<'c, Client, T> {
    type Output = Result<T, Error>;
    type IntoFuture = CallFuture<'c, T>;

    fn into_future(self) -> CallFuture<'c, T> {
        Box::pin(async move { Ok(self.within(None).await?.value) })
    }
}

impl<C, T> fmt::Debug for Call<'_, C, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("request", &self.spec).finish_non_exhaustive()
    }
}

/// A [`Call`] that returns the value with the [`Meta`](crate::Meta) of its response: see [`Call::with_meta`].
#[must_use = "a call does nothing until it is awaited or finished with `.call()`"]
#[derive(Debug)]
pub struct CallWithMeta<'c, C, T>(pub(crate) Call<'c, C, T>);

impl<'c, T: 'c> IntoFuture for CallWithMeta<'c, Client, T> {
    type Output = Result<WithMeta<T>, Error>;
    type IntoFuture = CallFuture<'c, WithMeta<T>>;

    fn into_future(self) -> CallFuture<'c, WithMeta<T>> {
        Box::pin(self.0.within(None))
    }
}
