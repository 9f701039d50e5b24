use std::{fmt, future::poll_fn, pin::pin, sync::Arc, task::Poll};

use http::Method;
use linq_types::events::EventKeys;
use serde::de::DeserializeOwned;

use crate::{
    Call, ClientBuilder, Error, HttpBackend, Replayed, StoredCall, WithMeta,
    config::{Config, Setup},
    deadline::{Deadline, Limit},
    exchange::{Decode, Exchange, Next, Step},
};

/// The asynchronous client of the Linq API, on any [`HttpBackend`] and any runtime.
///
/// Cloning it is cheap; clones share the connections of the backend. The methods named like resources of the API return
/// handles, which are cheap to clone too; the methods of a handle make [`Call`](crate::Call)s, which are awaited.
///
/// ```
/// # use linq_core as linq;
/// use linq::{Client, Error, HttpBackend, types::ChatId};
///
/// async fn greet(backend: impl HttpBackend, id: ChatId) -> Result<(), Error> {
///     let client = Client::from_env(backend)?; // LINQ_API_V3_API_KEY
///     let chat = client.chats().messages(&id);
///     chat.send("Hello!").await?;
///     chat.send("How are you?").await?;
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) backend: Arc<dyn HttpBackend>,
    pub(crate) setup: Arc<Setup>,
}

impl Client {
    /// Creates a client for the Linq API at its default base URL.
    ///
    /// # Errors
    ///
    /// Returns an error if the key is empty or has quotes, whitespace or invisible characters in or around it
    /// ([`ErrorKind::Config`](crate::ErrorKind::Config)).
    pub fn new(api_key: impl Into<String>, backend: impl HttpBackend) -> Result<Self, Error> {
        Self::builder().api_key(api_key).build(backend)
    }

    /// Creates a client from the environment: `LINQ_API_V3_API_KEY` is the key, `LINQ_API_V3_BASE_URL` the base URL if it is
    /// set, and `LINQ_API_V3_ALLOW_PLAIN_HTTP=1` is [`ClientBuilder::allow_plain_http`].
    ///
    /// # Errors
    ///
    /// Returns an error if the key is missing, or the key or the base URL is invalid
    /// ([`ErrorKind::Config`](crate::ErrorKind::Config)).
    pub fn from_env(backend: impl HttpBackend) -> Result<Self, Error> {
        Self::builder().from_env().build(backend)
    }

    /// Creates a builder, which has all settings.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Creates a client that differs in a few settings and shares the connections.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// let hasty = client.with_options(|options| options.timeout(Duration::from_secs(5)).max_attempts(1))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if a new setting is invalid ([`ErrorKind::Config`](crate::ErrorKind::Config)).
    pub fn with_options(&self, change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Result<Self, Error> {
        let settings = ClientBuilder::from(self.setup.settings());
        let config = change(settings).check(self.backend.supports_https(), self.backend.now())?;
        Ok(Self { backend: Arc::clone(&self.backend), setup: self.setup.with_config(config) })
    }

    /// Creates a client for the handler of a webhook event: its sends have keys of the event, so that the API executes each
    /// of them once although the handler may run several times. It shares the connections, and is cheap to create.
    ///
    /// Every call that would get a random key gets the [key](EventKeys::key) with the name `{operation}#{number}`, such as
    /// `chats.messages.send#2` for the second send into a chat, whatever other operations were called in between. Clones
    /// count together. A call with a key of its own keeps it and is not counted, and [`request`](Self::request) adds none.
    ///
    /// The numbers are those of the calls in the order in which they are made. If another run of the handler makes other
    /// calls, or makes them in another order, a send gets the key of a different one, and the API responds with the message
    /// that was sent for it before: the new text is not sent. Give such sends, and concurrent ones, keys by name:
    /// `.idempotency_key(event.key("reply"))`.
    ///
    /// ```
    /// # use linq_core as linq;
    /// use linq::{Client, Error, types::events::{EventKeys, MessageReceived}};
    ///
    /// async fn reply(client: &Client, message: &MessageReceived, keys: EventKeys) -> Result<(), Error> {
    ///     let client = client.for_event(keys);
    ///     let chat = client.chats().messages(&message.chat.id);
    ///     chat.send("One moment").await?;
    ///     chat.send("Here it is").await?;
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub fn for_event(&self, event: impl Into<EventKeys>) -> Self {
        Self { backend: Arc::clone(&self.backend), setup: self.setup.for_event(event.into()) }
    }

    /// Makes a call of an endpoint that this version does not know, with all the options of a call.
    ///
    /// `path` is already encoded, starts below the base URL (`/v3/…`) and may have a query. A response without a body is
    /// read as `null`, that is as `()` or an [`Option`]. Errors of such a call have no
    /// [`operation`](Error::operation).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use http::Method;
    /// use serde_json::{Value, json};
    ///
    /// let thing: Value = client.request(Method::POST, "/v3/new-thing").body(json!({ "size": 1 })).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn request<T: DeserializeOwned>(&self, method: Method, path: impl AsRef<str>) -> Call<'_, Self, T> {
        Call::custom(self, method, path.as_ref())
    }

    /// Sends a stored call, with all the options of a call. However often it is replayed, the API executes it once, because it
    /// has the idempotency key that it was stored with.
    ///
    /// The call was validated when it was stored, and is not validated again. Retries, the pace and errors are those of the
    /// operation: a message that failed is [`ErrorKind::FailedMessage`](crate::ErrorKind::FailedMessage). A call of an operation
    /// that this version does not know fails with [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest).
    ///
    /// An error whose [`retry`](Error::retry) is [`Retry::After`](crate::Retry::After) means that the same call may succeed
    /// later. Otherwise it is refused for good, unless it [may have been sent](Error::maybe_sent).
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client, row: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let call: linq::StoredCall = serde_json::from_str(row)?;
    /// let sent = client.replay(&call).with_meta().await?;
    /// println!("{}: {:?} in {:?}", sent.meta.status(), sent.value.message_id, sent.value.chat_id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn replay(&self, call: &StoredCall) -> Call<'_, Self, Replayed> {
        Call::replayed(self, call)
    }

    pub(crate) fn from_parts(backend: Arc<dyn HttpBackend>, config: Config) -> Self {
        Self { backend, setup: Setup::new(config) }
    }

    /// Makes the attempts of a call within a deadline, which starts before it and can be that of several calls.
    pub(crate) fn run<T>(
        &self,
        exchange: &mut Exchange,
        decode: Decode<T>,
        deadline: &mut Deadline,
    ) -> impl Future<Output = Result<WithMeta<T>, Error>> {
        exchange.trace().around(async move {
            let limit = deadline.limit();
            match deadline.race(self.make_attempts(exchange, decode, limit)).await {
                Some(result) => result,
                None => Err(exchange.past_deadline()),
            }
        })
    }

    async fn make_attempts<T>(
        &self,
        exchange: &mut Exchange,
        decode: Decode<T>,
        limit: Limit,
    ) -> Result<WithMeta<T>, Error> {
        loop {
            let request = match exchange.step(limit.moment(&*self.backend))? {
                Step::Send(request) => request,
                Step::Wait(delay) => {
                    self.backend.sleep(delay).await;
                    continue;
                }
            };
            let outcome = race(self.backend.send(request), self.backend.sleep(exchange.timeout())).await;
            let outcome = outcome.unwrap_or_else(|| Err(exchange.timed_out()));
            let delay = match exchange.on_outcome(outcome, &|| limit.moment(&*self.backend), decode) {
                Next::Done(result) => return result,
                Next::Retry(delay) => delay,
            };
            self.backend.sleep(delay).await;
        }
    }
}

/// Returns what `work` gives, or `None` if `limit` completes first.
pub(crate) async fn race<T>(work: impl Future<Output = T>, limit: impl Future<Output = ()>) -> Option<T> {
    let (mut work, mut limit) = (pin!(work), pin!(limit));
    poll_fn(|context| {
        if let Poll::Ready(result) = work.as_mut().poll(context) {
            return Poll::Ready(Some(result));
        }
        limit.as_mut().poll(context).map(|()| None)
    })
    .await
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("backend", &self.backend).field("config", &self.setup).finish()
    }
}
