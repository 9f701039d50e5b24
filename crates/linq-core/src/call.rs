use std::{fmt, pin::Pin, time::Duration};

use linq_types::{
    IdempotencyKey,
    json::{self, JsonError},
};
use serde::de::DeserializeOwned;

use crate::{
    Client, Error,
    exchange::{Decode, Options},
    request::RequestSpec,
};

/// One call of the API, ready to be made.
///
/// `.await` it on the [`Client`]. Nothing happens before that.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<'c, C, T> {
    client: &'c C,
    spec: RequestSpec,
    options: Options,
    decode: Decode<T>,
}

/// What awaiting a [`Call`] gives.
pub type CallFuture<'c, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'c>>;

impl<'c, C, T> Call<'c, C, T> {
    /// A call whose answer is JSON.
    pub(crate) fn json(client: &'c C, spec: RequestSpec) -> Self
    where
        T: DeserializeOwned,
    {
        Self { client, spec, options: Options::default(), decode: json::from_slice }
    }

    /// Limits each attempt to this time, in place of the client's limit.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Makes at most this many attempts, in place of the client's number; at least one is made.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.options.attempts = Some(attempts);
        self
    }

    /// Sends with this key, so that the service executes the request once, however often it is repeated.
    ///
    /// Without it every send gets a random key of its own. Calls that the API gives no key ignore it.
    pub fn idempotency_key(mut self, key: impl Into<IdempotencyKey>) -> Self {
        self.options.idempotency_key = Some(key.into());
        self
    }
}

impl<'c, C> Call<'c, C, ()> {
    /// A call whose answer has nothing in it.
    pub(crate) fn empty(client: &'c C, spec: RequestSpec) -> Self {
        fn nothing(_: &[u8]) -> Result<(), JsonError> {
            Ok(())
        }
        Self { client, spec: spec.without_answer(), options: Options::default(), decode: nothing }
    }
}

impl<'c, T: 'c> IntoFuture for Call<'c, Client, T> {
    type Output = Result<T, Error>;
    type IntoFuture = CallFuture<'c, T>;

    fn into_future(self) -> CallFuture<'c, T> {
        Box::pin(self.client.run(self.spec, self.options, self.decode))
    }
}

impl<C, T> fmt::Debug for Call<'_, C, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("request", &self.spec).finish_non_exhaustive()
    }
}
