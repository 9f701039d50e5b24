use std::{fmt, time::SystemTime};

use bytes::Bytes;
use linq_types::{
    ChatId, IdempotencyKey, MessageId, Operation,
    json::{self, RawJson},
    messages::DeliveryStatus,
};
use serde::Deserialize;

use crate::{
    Call, Client, Error, StoredCall, WithMeta,
    config::Setup,
    error::{InvalidRequest, Unstorable},
    exchange::{Decode, DecodeError, Options, reject_failed},
    request::{JsonBody, RequestSpec},
    stored_call::with_key,
};

/// The response to a replayed [`StoredCall`].
///
/// Status, headers and trace id come from [`Call::with_meta`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Replayed {
    /// The id of the message, as in webhooks; `None` if the response has none.
    pub message_id: Option<MessageId>,
    /// The id of the chat of the message; `None` if the response has none.
    pub chat_id: Option<ChatId>,
    /// The JSON of the response.
    pub body: Bytes,
}

/// Shows the ids and the length of the body, which has the text of the message.
impl fmt::Debug for Replayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replayed")
            .field("message_id", &self.message_id)
            .field("chat_id", &self.chat_id)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

/// A client that replays stored calls: the asynchronous [`Client`]
#[cfg_attr(feature = "blocking", doc = "or the [`blocking::Client`](crate::blocking::Client).")]
#[cfg_attr(not(feature = "blocking"), doc = "or the blocking one.")]
///
/// It is for code that sends for either of them, such as the worker of an outbox. It cannot be implemented by other types.
///
/// ```
/// # use linq_core as linq;
/// use linq::{Error, ErrorKind, ReplayStored, Retry, StoredCall};
///
/// async fn deliver<C: ReplayStored>(client: &C, call: &StoredCall) -> Result<(), Error> {
///     match client.replay_stored(call).await {
///         Ok(sent) => println!("accepted: {:?}", sent.value.message_id),
///         Err(error) => match error.retry() {
///             Retry::After(delay) => println!("again in {delay:?}"),
///             _ if error.maybe_sent() && error.kind() != ErrorKind::FailedMessage => println!("not known: {error}"),
///             _ => println!("refused: {error}"),
///         },
///     }
///     Ok(())
/// }
/// ```
pub trait ReplayStored: Sealed + Clone + fmt::Debug + Send + Sync + 'static {
    /// Sends a stored call as `replay` does, and returns the response with its [`Meta`](crate::Meta).
    ///
    /// Of the blocking client, the future blocks its thread when it is polled, and is ready then.
    fn replay_stored(
        &self,
        call: &StoredCall,
    ) -> impl Future<Output = Result<WithMeta<Replayed>, Error>> + Send;
}

#[expect(unnameable_types, private_interfaces, reason = "seals the trait")]
pub trait Sealed {
    fn setup(&self) -> &Setup;

    /// The time by the clock of the backend.
    fn now(&self) -> Option<SystemTime>;
}

impl Sealed for Client {
    #[expect(private_interfaces, reason = "seals the trait")]
    fn setup(&self) -> &Setup {
        &self.setup
    }

    fn now(&self) -> Option<SystemTime> {
        self.backend.now()
    }
}

impl ReplayStored for Client {
    async fn replay_stored(&self, call: &StoredCall) -> Result<WithMeta<Replayed>, Error> {
        self.replay(call).with_meta().await
    }
}

#[cfg(feature = "blocking")]
impl Sealed for crate::blocking::Client {
    #[expect(private_interfaces, reason = "seals the trait")]
    fn setup(&self) -> &Setup {
        &self.setup
    }

    fn now(&self) -> Option<SystemTime> {
        self.backend.now()
    }
}

#[cfg(feature = "blocking")]
impl ReplayStored for crate::blocking::Client {
    async fn replay_stored(&self, call: &StoredCall) -> Result<WithMeta<Replayed>, Error> {
        self.replay(call).with_meta().call()
    }
}

impl<'c, C> Call<'c, C, Replayed> {
    pub(crate) fn replayed(client: &'c C, call: &StoredCall) -> Self {
        let mut options = Options {
            idempotency_key: Some(call.idempotency_key.clone()),
            skip_validation: true,
            ..Options::default()
        };
        let known = call.operation().ok_or_else(|| Unstorable::UnknownOperation(call.operation_id().into()));
        let operation = known.and_then(|operation| StoredCall::check(operation).map(|()| operation));
        let (spec, decode): (_, Decode<Replayed>) = match operation {
            Ok(operation) => (call.request(operation), decoder(operation)),
            Err(unstorable) => {
                options.reject(InvalidRequest::from(unstorable));
                (RequestSpec::custom(http::Method::POST, ""), decode_sent)
            }
        };
        Self { client, spec, options, decode }
    }
}

impl StoredCall {
    fn request(&self, operation: Operation) -> RequestSpec {
        let mut spec = RequestSpec::with_values(operation, |name| self.path.get(name).map(String::as_str));
        for (name, value) in &self.query {
            spec.query.set(name.clone(), value);
        }
        spec.body(StoredBody {
            json: self.body.clone(),
            stored_key: self.idempotency_key.clone(),
            pointer: operation.key_pointer(),
            key: None,
        })
    }
}

/// The body of a stored call. It is sent as it was stored, unless another key is chosen for the replay.
struct StoredBody {
    json: RawJson,
    stored_key: IdempotencyKey,
    pointer: Option<&'static str>,
    key: Option<IdempotencyKey>,
}

impl JsonBody for StoredBody {
    fn key_field(&mut self) -> Option<&mut Option<IdempotencyKey>> {
        Some(&mut self.key)
    }

    fn to_json(&self) -> Result<Vec<u8>, InvalidRequest> {
        let json = match (&self.key, self.pointer) {
            (Some(key), Some(pointer)) if *key != self.stored_key => &with_key(&self.json, pointer, key),
            _ => &self.json,
        };
        Ok(json.as_str().into())
    }
}

/// Reads the response to an operation: leniently, but like its own calls it rejects a message that failed.
fn decoder(operation: Operation) -> Decode<Replayed> {
    match operation {
        Operation::ChatsCreate => decode_created,
        _ => decode_sent,
    }
}

#[derive(Deserialize)]
struct Message {
    id: Option<MessageId>,
    delivery_status: Option<DeliveryStatus>,
}

fn decode_created(body: &Bytes) -> Result<Replayed, DecodeError> {
    #[derive(Deserialize)]
    struct Created {
        chat: Option<Chat>,
    }
    #[derive(Deserialize)]
    struct Chat {
        id: Option<ChatId>,
        message: Option<Message>,
    }
    let (chat_id, message) =
        json::from_slice::<Created>(body)?.chat.map_or((None, None), |chat| (chat.id, chat.message));
    replayed(body, message, None, chat_id)
}

fn decode_sent(body: &Bytes) -> Result<Replayed, DecodeError> {
    #[derive(Deserialize)]
    struct Sent {
        chat_id: Option<ChatId>,
        message: Option<Message>,
        /// That of a poll.
        message_id: Option<MessageId>,
    }
    let Sent { chat_id, message, message_id } = json::from_slice(body)?;
    replayed(body, message, message_id, chat_id)
}

fn replayed(
    body: &Bytes,
    message: Option<Message>,
    message_id: Option<MessageId>,
    chat_id: Option<ChatId>,
) -> Result<Replayed, DecodeError> {
    let (id, status) = message.map_or((None, None), |message| (message.id, message.delivery_status));
    reject_failed(status.as_ref())?;
    Ok(Replayed { message_id: id.or(message_id), chat_id, body: body.clone() })
}
