use std::{fmt, pin::Pin, time::Duration};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use linq_types::{IdempotencyKey, json};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Body, Client, Error, WithMeta,
    error::InvalidRequest,
    exchange::{Decode, Extra, Options, Rejected},
    request::{Accept, KeyHeader, RequestSpec, Target},
};

/// One call of the API, ready to be made: `.await` it on the [`Client`].
#[cfg_attr(
    feature = "blocking",
    doc = "On the [`blocking::Client`](crate::blocking::Client) finish it with `.call()`."
)]
///
/// Nothing happens before that. The options of a call are the same everywhere; what is wrong with one shows
/// when the call is made, before anything is sent.
#[must_use = "a call does nothing until it is made"]
pub struct Call<'c, C, T> {
    pub(crate) client: &'c C,
    pub(crate) spec: RequestSpec,
    pub(crate) options: Options,
    pub(crate) decode: Decode<T>,
}

/// What awaiting a [`Call`] gives.
pub type CallFuture<'c, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'c>>;

impl<'c, C, T> Call<'c, C, T> {
    pub(crate) fn new(client: &'c C, spec: RequestSpec, decode: Decode<T>) -> Self {
        Self { client, spec, options: Options::default(), decode }
    }

    /// A call of an endpoint that only the caller knows.
    pub(crate) fn custom(client: &'c C, method: Method, path: &str) -> Self
    where
        T: DeserializeOwned,
    {
        let (target, query) = Target::parse(path);
        let mut spec = RequestSpec::to(method, "(an endpoint of your own)", target);
        spec.query = query;
        spec.key_header = KeyHeader::IfGiven;
        Self::new(client, spec, decode_any)
    }

    /// A call whose answer is JSON.
    pub(crate) fn json(client: &'c C, spec: RequestSpec) -> Self
    where
        T: DeserializeOwned,
    {
        Self::new(client, spec, decode_json)
    }

    /// Limits each attempt to this time, in place of the client's limit.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Limits the whole call to this time: all attempts and the waits between them.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.options.deadline = Some(deadline);
        self
    }

    /// Makes at most this many attempts, in place of the client's number; at least one is made.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.options.attempts = Some(attempts);
        self
    }

    /// Sends with this key, so that the service executes the request once, however often it is repeated.
    ///
    /// Without it every send gets a random key of its own. Calls that the API gives no key ignore it; calls of an
    /// endpoint of your own send it as the `Idempotency-Key` header and are then repeated like sends. Store the key
    /// before sending, and a send that a crash cut off can be made again with it.
    pub fn idempotency_key(mut self, key: impl Into<IdempotencyKey>) -> Self {
        self.options.idempotency_key = Some(key.into());
        self
    }

    /// Sends the request even if it breaks a known rule, and leaves the verdict to the service.
    ///
    /// What [`body`](Self::body) and [`body_field`](Self::body_field) bring is never checked.
    pub fn unchecked(mut self) -> Self {
        self.options.unchecked = true;
        self
    }

    /// Sets a header, over those of the client and of the API.
    pub fn header<N, V>(mut self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName>,
        V: TryInto<HeaderValue>,
    {
        match (name.try_into(), value.try_into()) {
            (Ok(name), Ok(value)) => self.extra().headers.push((name, Some(value))),
            _ => self.reject(InvalidRequest::Header),
        }
        self
    }

    /// Takes a header away that the client or the API would set.
    pub fn without_header(mut self, name: impl TryInto<HeaderName>) -> Self {
        match name.try_into() {
            Ok(name) => self.extra().headers.push((name, None)),
            Err(_) => self.reject(InvalidRequest::Header),
        }
        self
    }

    /// Sets a query parameter, in place of the call's own of that name. Name and value are encoded.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extra().query.set(name.into(), value);
        self
    }

    /// Sets the whole JSON body, in place of the call's own. GET has no body to set.
    pub fn body(mut self, body: impl Serialize) -> Self {
        match serde_json::to_value(body) {
            Ok(body) => self.extra().body.whole = Some(body),
            Err(error) => self.reject(InvalidRequest::Body(error)),
        }
        self
    }

    /// Sets a top-level field of the JSON body, in place of the call's own of that name. GET has no body to set it in.
    pub fn body_field(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        match serde_json::to_value(value) {
            Ok(value) => drop(self.extra().body.fields.insert(name.into(), value)),
            Err(error) => self.reject(InvalidRequest::Body(error)),
        }
        self
    }

    fn extra(&mut self) -> &mut Extra {
        self.options.extra.get_or_insert_default()
    }

    fn reject(&mut self, invalid: InvalidRequest) {
        self.extra().invalid.get_or_insert(invalid);
    }

    /// Gives status, headers, trace id, the number of attempts and the idempotency key beside the value.
    pub fn with_meta(self) -> CallWithMeta<'c, C, T> {
        CallWithMeta(self)
    }

    /// Gives the bytes of the answer as they are.
    pub fn raw(self) -> Call<'c, C, Bytes> {
        let Self { client, spec, options, .. } = self;
        Call { client, spec, options, decode: |body| Ok(body.clone()) }
    }
}

impl<'c, C> Call<'c, C, ()> {
    /// A call whose answer has nothing in it.
    pub(crate) fn empty(client: &'c C, spec: RequestSpec) -> Self {
        Self::new(client, spec.accept(Accept::Anything), |_| Ok(()))
    }
}

/// No body counts as `null`: what an endpoint we do not know answers is the caller's to say.
fn decode_any<T: DeserializeOwned>(body: &Bytes) -> Result<T, Rejected> {
    Ok(json::from_slice(if body.is_empty() { b"null" } else { body })?)
}

fn decode_json<T: DeserializeOwned>(body: &Bytes) -> Result<T, Rejected> {
    Ok(json::from_slice(body)?)
}

impl<T> Call<'_, Client, T> {
    /// The request that the call would make, for sending it some other way.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) when it cannot be made.
    pub fn into_request(self) -> Result<http::Request<Body>, Error> {
        Ok(self.client.exchange(self.spec, self.options)?.request())
    }
}

impl<'c, T: 'c> IntoFuture for Call<'c, Client, T> {
    type Output = Result<T, Error>;
    type IntoFuture = CallFuture<'c, T>;

    fn into_future(self) -> CallFuture<'c, T> {
        let Self { client, spec, options, decode } = self;
        Box::pin(async move {
            let mut exchange = client.exchange(spec, options)?;
            Ok(client.run(&mut exchange, decode).await?.value)
        })
    }
}

impl<C, T> fmt::Debug for Call<'_, C, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("request", &self.spec).finish_non_exhaustive()
    }
}

/// A [`Call`] that gives what came with the value too.
#[must_use = "a call does nothing until it is made"]
#[derive(Debug)]
pub struct CallWithMeta<'c, C, T>(pub(crate) Call<'c, C, T>);

impl<'c, T: 'c> IntoFuture for CallWithMeta<'c, Client, T> {
    type Output = Result<WithMeta<T>, Error>;
    type IntoFuture = CallFuture<'c, WithMeta<T>>;

    fn into_future(self) -> CallFuture<'c, WithMeta<T>> {
        let Call { client, spec, options, decode } = self.0;
        Box::pin(async move {
            let mut exchange = client.exchange(spec, options)?;
            client.run(&mut exchange, decode).await
        })
    }
}
