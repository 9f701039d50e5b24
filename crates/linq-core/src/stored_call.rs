use std::{collections::BTreeMap, fmt, sync::Arc};

use http::HeaderName;
use linq_types::{Handle, IdempotencyKey, Operation, json::RawJson};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use crate::{
    Call, Error, ReplayStored,
    error::{InvalidRequest, Unstorable},
    exchange::{Draft, Exchange, KEY_HEADER},
    key::KeySource,
    pace::Addressed,
    request::{self, Endpoint, Target},
};

/// A send that was validated and has its idempotency key, to be made later or by another process.
///
/// [`Call::store`] creates it. Write it to a database as JSON, and let `Client::replay` send it. However often it is replayed,
/// the API executes it once, because it always has the same key.
///
/// It has the operation, the values of the path, the query, the body and the key, and none of the client: no API key, no
/// headers, no timeout, no deadline. The body contains the text of people, so treat the JSON like the messages themselves.
/// `Debug` leaves it out. Fields that a later version adds are ignored; a later version of the format is an error.
///
/// ```
/// # use linq_core as linq;
/// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), Box<dyn std::error::Error>> {
/// use linq::StoredCall;
///
/// let call = client.chats().messages(&chat).send("Hello!").store()?;
/// let row = serde_json::to_string(&call)?;
///
/// let call: StoredCall = serde_json::from_str(&row)?;
/// let sent = client.replay(&call).await?;
/// println!("sent {:?}", sent.message_id);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredCall {
    version: Version,
    operation: Box<str>,
    /// The values of the path by their names in the route.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) path: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) query: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<String>,
    pub(crate) idempotency_key: IdempotencyKey,
    pub(crate) body: RawJson,
}

impl StoredCall {
    /// Returns the operation; `None` if this version does not know it. A call of an unknown operation cannot be replayed.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        Operation::from_id(&self.operation)
    }

    /// Returns the id of the operation, such as `chats.messages.send`, whether this version knows it or not.
    #[must_use]
    pub fn operation_id(&self) -> &str {
        &self.operation
    }

    /// Returns the idempotency key that the call is made with.
    #[must_use]
    pub fn idempotency_key(&self) -> &IdempotencyKey {
        &self.idempotency_key
    }

    /// Replaces the idempotency key, so that the API executes the call again.
    ///
    /// Use it only if the call was refused or its message failed; otherwise the message is sent twice. The body is written
    /// anew if the key is in it, and its fields may then have another order.
    #[must_use]
    pub fn with_idempotency_key(mut self, key: impl Into<IdempotencyKey>) -> Self {
        self.idempotency_key = key.into();
        if let Some(pointer) = self.operation().and_then(Operation::key_pointer) {
            self.body = with_key(&self.body, pointer, &self.idempotency_key);
        }
        self
    }

    /// Returns the id of the chat that the call sends into, or `None` if the path has none: the call names recipients instead.
    #[must_use]
    pub fn chat_id(&self) -> Option<&str> {
        self.path.get("chatId").map(String::as_str)
    }

    /// Returns the line that the call sends from, or `None` if the body names none.
    #[must_use]
    pub fn line(&self) -> Option<&str> {
        self.line.as_deref()
    }

    /// Returns the recipients that the body names; none if the call sends into a chat.
    #[must_use]
    pub fn people(&self) -> Vec<Handle> {
        Addressed::read(self.body.as_str().as_bytes()).to
    }

    /// Checks that repeating the operation is safe.
    pub(crate) fn check(operation: Operation) -> Result<(), Unstorable> {
        match (operation.has_key(), operation.is_idempotent()) {
            (true, true) => Ok(()),
            (true, false) => Err(Unstorable::UnprovenKey(operation)),
            (false, _) => Err(Unstorable::NoKey(operation)),
        }
    }

    fn new(draft: &Draft) -> Result<Self, InvalidRequest> {
        let operation = match &draft.endpoint {
            Endpoint::Operation(operation) => *operation,
            #[cfg(feature = "v2")]
            Endpoint::V2(_) => return Err(Unstorable::V2.into()),
            Endpoint::Custom(_) => return Err(Unstorable::Custom.into()),
            Endpoint::Upload | Endpoint::Download => return Err(Unstorable::Upload.into()),
        };
        Self::check(operation)?;
        let is_key = |name: &HeaderName| draft.key.uses_header() && *name == KEY_HEADER;
        let mut headers = draft.headers.iter().filter(|(name, value)| !is_key(name) || value.is_none());
        if let Some((name, _)) = headers.next() {
            return Err(Unstorable::Header(name.clone()).into());
        }
        let Target::Api(path) = &draft.target else { return Err(Unstorable::Upload.into()) };
        let path = path.as_deref().map_err(|invalid| InvalidRequest::Path(invalid.clone()))?;
        let values = request::path_values(operation.route(), path);
        let Some(body) = draft.body.as_bytes() else { return Err(Unstorable::Upload.into()) };
        let Some(key) = draft.key.key() else {
            return Err(Unstorable::NoPlace(operation.key_pointer().unwrap_or_default()).into());
        };
        Ok(Self {
            version: Version,
            operation: operation.id().into(),
            path: values.map(|(name, value)| (name.to_owned(), value.into_owned())).collect(),
            query: draft
                .query
                .parameters()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            line: Addressed::read(body).from.map(String::from),
            idempotency_key: key.clone(),
            body: serde_json::from_slice(body).map_err(|error| InvalidRequest::Body(error.into()))?,
        })
    }
}

/// Shows the operation and the key. The path and the body can name people and have their text.
impl fmt::Debug for StoredCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredCall")
            .field("operation", &self.operation)
            .field("idempotency_key", &self.idempotency_key)
            .finish_non_exhaustive()
    }
}

impl<C: ReplayStored, T> Call<'_, C, T> {
    /// Validates the call and turns it into one that can be stored, with its idempotency key. Nothing is sent.
    ///
    /// The key is that of the call, if it has one: from [`idempotency_key`](Self::idempotency_key), the header, or the body.
    /// Otherwise it is that of the event, for a client made with `for_event`, or else a new one, even if the client adds none.
    ///
    /// Changes of the body and the query are kept. Timeout, deadline and attempts are not: those of the client that replays
    /// the call apply.
    ///
    /// # Errors
    ///
    /// Returns an error if the request is invalid, as the call itself would; if repeating it is not known to be safe, because
    /// its operation takes no idempotency key or the API may not honor it; or if a header was set or removed for the call
    /// ([`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest)).
    ///
    /// ```
    /// # use linq_core as linq;
    /// # fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq::types::Operation;
    ///
    /// let call = client.chats().messages("c1").send("Hello!").idempotency_key("order-1042").store()?;
    /// assert_eq!(call.operation(), Some(Operation::ChatsMessagesSend));
    /// assert_eq!((call.idempotency_key().as_str(), call.chat_id()), ("order-1042", Some("c1")));
    /// # Ok(())
    /// # }
    /// ```
    pub fn store(self) -> Result<StoredCall, Error> {
        let keys = match &self.client.setup().keys {
            KeySource::Off => KeySource::System,
            keys => keys.clone(),
        };
        self.store_with_keys(keys)
    }

    /// Does what [`store`](Self::store) does, with this idempotency key unless the call has one of its own.
    ///
    /// It is for keys that are derived from what caused the call, such as an event. They take the place of those of
    /// `for_event`.
    ///
    /// # Errors
    ///
    /// Returns an error in the cases of [`store`](Self::store), or if the key is invalid.
    ///
    /// ```
    /// # fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// let chat = client.chats().messages("c1");
    /// let call = chat.send("Hello!").store_with("answer-1")?;
    /// assert_eq!(call.idempotency_key().as_str(), "answer-1");
    /// let call = chat.send("Hello!").idempotency_key("mine").store_with("answer-1")?;
    /// assert_eq!(call.idempotency_key().as_str(), "mine");
    /// # Ok(())
    /// # }
    /// ```
    pub fn store_with(self, default_key: impl Into<IdempotencyKey>) -> Result<StoredCall, Error> {
        let key = default_key.into();
        self.store_with_keys(KeySource::Custom(Arc::new(move || key.clone())))
    }

    fn store_with_keys(self, keys: KeySource) -> Result<StoredCall, Error> {
        let Self { client, spec, mut options, .. } = self;
        let setup = client.setup().with_keys(keys);
        options.requires_key = true;
        let draft = Draft::new(&setup, spec, &mut options)?;
        let call = StoredCall::new(&draft).map_err(|invalid| Error::invalid(invalid, &draft.endpoint))?;
        Exchange::from_draft(&setup, draft, &options)?;
        Ok(call)
    }
}

/// The body with this key at the pointer. A body without an object there is unchanged.
pub(crate) fn with_key(body: &RawJson, pointer: &str, key: &IdempotencyKey) -> RawJson {
    let replaced = || {
        let mut json: Value = serde_json::from_str(body.as_str()).ok()?;
        let (parent, name) = pointer.rsplit_once('/')?;
        let parent = json.pointer_mut(parent)?.as_object_mut()?;
        parent.insert(name.to_owned(), key.as_str().into());
        serde_json::from_str(&json.to_string()).ok()
    };
    replaced().unwrap_or_else(|| body.clone())
}

/// The version of the format, as a number.
#[derive(Clone, Copy, PartialEq)]
struct Version;

impl Version {
    const NUMBER: u32 = 1;
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(Self::NUMBER)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            Self::NUMBER => Ok(Self),
            other => Err(de::Error::custom(format_args!(
                "unknown version {other} of the format of stored calls, expected {}; update this crate",
                Self::NUMBER
            ))),
        }
    }
}
