use std::{fmt, time::Duration};

use bytes::Bytes;
use linq_types::{
    ChatHandle, ChatId, Handle, HandleStatus, IdempotencyKey,
    chats::{Chat, ChatCreateResponse, ChatListResponse, NewChat},
    check::Violation,
    error::ErrorCode,
    json,
    messages::{MessageSendResponse, NewChatMessage},
};

use super::Chats;
#[cfg(feature = "blocking")]
use crate::blocking;
use crate::{
    Call, CallFuture, Client, Error, ReplayStored,
    deadline::Deadline,
    error::InvalidRequest,
    exchange::{DecodeError, Options, reject_failed},
    memory::Parties,
    request::{Payload, RequestSpec},
};

/// How long a chat is remembered: people can join and leave it.
const DEFAULT_TTL: Duration = Duration::from_secs(10 * 60);
/// How many pages of chats are looked through.
const MAX_PAGES: u32 = 10;

/// A handle on the chat of a line and people, whether it exists or not.
///
/// The first [`send`](Self::send) finds or creates the chat by the message itself (`POST /v3/chats`). From then on, messages are
/// sent into that chat by its id, which the client remembers for 10 minutes, or the [`ttl`](Self::ttl). If the service does not
/// know the chat any more ([`ErrorCode::CHAT_NOT_FOUND`], 2001), or the line has left it ([`ErrorCode::CHAT_LEFT`], 2013), the
/// message finds or creates another one.
///
/// To let the service choose the line, use [`Messages::create`](crate::resources::messages::Messages::create).
///
/// # First messages
///
/// The first message of a new chat must not have a link, a URL in its text, an effect or a reply. A message that has one is sent
/// into the chat if it is remembered. Otherwise the chat is looked for among those of the line (`GET /v3/chats`). If there is
/// none, the message is not sent: the error has the kind [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) and its
/// [`violation`](Error::violation) tells the rule. With [`plain_first`](Self::plain_first), it is sent without its effect and its
/// reply.
///
/// # Exactly once
///
/// A message has one idempotency key, whichever way it is sent. A message that is sent again with the key that found or created
/// the chat is sent the same way again, so that it does not matter whether the service tells keys of different requests apart.
#[must_use = "a handle does nothing until one of its calls is made"]
pub struct OpenChat<'c, C> {
    client: &'c C,
    parties: Parties,
    ttl: Duration,
    plain_first: bool,
}

impl<'c, C> OpenChat<'c, C> {
    pub(super) fn new(client: &'c C, line: Handle, people: Vec<Handle>) -> Self {
        Self { client, parties: Parties::new(line, people), ttl: DEFAULT_TTL, plain_first: false }
    }

    /// Remembers the chat for this time after it was found or created; 10 minutes by default. A backend without a clock remembers
    /// none.
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = ttl;
        self
    }

    /// Sends the first message of a new chat without its effect and its reply, in place of an error. A link stays an error.
    pub fn plain_first(mut self) -> Self {
        self.plain_first = true;
        self
    }

    /// Sends a message into the chat, which is created if there is none.
    ///
    /// # Errors
    ///
    /// Returns an error if the message must not be the first of a chat, or a request fails. Error codes to match are those of
    /// [`Chats::create`] and [`ChatMessages::send`](super::ChatMessages::send).
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq::types::{messages::MessageContent, parts::Effect};
    ///
    /// let chat = client.chats().open("+12025550100", ["+12025550199"]).plain_first();
    /// let sent = chat.send(MessageContent::from("We won!").effect(Effect::CONFETTI)).await?;
    /// println!("sent {} in {}", sent.message.id, sent.chat_id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn send(&self, message: impl Into<NewChatMessage>) -> OpenSend<'c, C> {
        OpenSend { chat: self.clone(), message: message.into(), options: Options::default() }
    }
}

impl<C> Clone for OpenChat<'_, C> {
    fn clone(&self) -> Self {
        Self { parties: self.parties.clone(), ..*self }
    }
}

/// Leaves out the line and the people.
impl<C> fmt::Debug for OpenChat<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenChat").field("people", &self.parties.people.len()).finish_non_exhaustive()
    }
}

/// A message to send into an [`OpenChat`]: `.await` it on the [`Client`].
#[cfg_attr(
    feature = "blocking",
    doc = "On the [`blocking::Client`](crate::blocking::Client), finish it with `.call()`."
)]
///
/// The options apply to each of its requests, and the deadline to all of them together.
#[must_use = "nothing is sent until it is awaited or finished with `.call()`"]
pub struct OpenSend<'c, C> {
    chat: OpenChat<'c, C>,
    message: NewChatMessage,
    options: Options,
}

impl<C> OpenSend<'_, C> {
    time_options!();
    request_options!();

    /// Sends the message with this idempotency key, as [`Call::idempotency_key`] does.
    pub fn idempotency_key(mut self, key: impl Into<IdempotencyKey>) -> Self {
        self.options.idempotency_key = Some(key.into());
        self
    }
}

impl<C> fmt::Debug for OpenSend<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenSend").field("chat", &self.chat).finish_non_exhaustive()
    }
}

/// The way of one message. It has no clock and no I/O: both clients are loops around it.
struct Opening<'c, C> {
    chat: OpenChat<'c, C>,
    message: NewChatMessage,
    options: Options,
    validates: bool,
    place: Place,
    /// Whether a remembered chat was gone already.
    has_recovered: bool,
}

/// Where the chat is.
enum Place {
    Known(ChatId),
    /// On a page of the line's chats, if anywhere: to be looked for from this cursor on.
    Sought { cursor: Option<String>, pages: u32 },
    /// For the service to find or to create.
    Unknown,
}

enum Step<'c, C> {
    Look(Call<'c, C, ChatListResponse>),
    Send(Call<'c, C, MessageSendResponse>),
}

impl<'c, C: ReplayStored> Opening<'c, C> {
    /// Validates the message, chooses its key, and looks into the memory of the client.
    fn new(OpenSend { chat, message, options }: OpenSend<'c, C>) -> Result<Self, Error> {
        let setup = chat.client.setup();
        let validates = !(options.skip_validation || setup.config.settings.skip_validation);
        let mut opening =
            Self { chat, message, options, validates, place: Place::Unknown, has_recovered: false };
        let RequestSpec { endpoint, payload, .. } = opening.create().spec;
        if let (true, Payload::Json(body)) = (validates, payload) {
            body.check().map_err(|violation| Error::invalid(violation.into(), &endpoint))?;
        }
        let content = &mut opening.message.message;
        content.idempotency_key = opening.options.idempotency_key.take().or(content.idempotency_key.take());
        if let (None, Some(operation)) = (&content.idempotency_key, endpoint.id()) {
            let key = setup.keys.next(operation).map_err(|invalid| Error::invalid(invalid, &endpoint))?;
            content.idempotency_key = key;
        }
        opening.place = opening.remembered().map_or_else(|| opening.elsewhere(), Place::Known);
        Ok(opening)
    }

    /// The remembered chat, unless this message found or created it: then it is sent the same way again.
    fn remembered(&self) -> Option<ChatId> {
        let chats = &self.chat.client.setup().memory.chats;
        let known = chats.get(&self.chat.parties, self.chat.client.now()?)?;
        let key = &self.message.message.idempotency_key;
        (key.is_none() || known.key != *key).then_some(known.id)
    }

    fn remember(&self, id: ChatId, key: Option<IdempotencyKey>) {
        if let Some(now) = self.chat.client.now() {
            let chats = &self.chat.client.setup().memory.chats;
            chats.insert(&self.chat.parties, id, key, now, self.chat.ttl);
        }
    }

    /// How a chat is found that is not remembered.
    fn elsewhere(&self) -> Place {
        match self.check_first() {
            Ok(()) => Place::Unknown,
            Err(_) => Place::Sought { cursor: None, pages: 0 },
        }
    }

    fn check_first(&self) -> Result<(), Violation> {
        let checked = if self.validates { self.message.message.check_first() } else { Ok(()) };
        checked.map_err(|violation| violation.within("message"))
    }

    fn deadline(&self) -> Option<Duration> {
        self.options.deadline.or(self.chat.client.setup().config.settings.deadline)
    }

    fn step(&self) -> Step<'c, C> {
        match &self.place {
            Place::Known(id) => {
                let call = Chats { client: self.chat.client }.messages(id).send(self.message.clone());
                Step::Send(self.with_options(Call { decode, ..call }))
            }
            Place::Unknown => Step::Send(self.create()),
            Place::Sought { cursor, .. } => {
                let Parties { line, people } = &self.chat.parties;
                let mut list = Chats { client: self.chat.client }.list().from_line(line).limit(100);
                if let Some(person) = people.first() {
                    list = list.to_person(person);
                }
                if let Some(cursor) = cursor {
                    list = list.cursor(cursor);
                }
                Step::Look(self.with_options(list.page()))
            }
        }
    }

    fn create(&self) -> Call<'c, C, MessageSendResponse> {
        let NewChatMessage { message, override_optout, .. } = self.message.clone();
        let Parties { line, people } = self.chat.parties.clone();
        let mut chat = NewChat::new(line, people, message);
        chat.override_optout = override_optout;
        let Call { client, spec, .. } = Chats { client: self.chat.client }.create(chat);
        self.with_options(Call::new(client, spec, decode))
    }

    fn with_options<T>(&self, call: Call<'c, C, T>) -> Call<'c, C, T> {
        Call { options: self.options.clone(), ..call }
    }

    /// Goes on with the chat if it is on this page of chats, else with the next page. After the last one, the message is the first
    /// of the chat.
    fn on_page(&mut self, page: ChatListResponse) -> Result<(), Error> {
        if let Some(chat) = page.chats.iter().find(|chat| self.is_meant(chat)) {
            self.remember(chat.id.clone(), None);
            self.place = Place::Known(chat.id.clone());
            return Ok(());
        }
        match (&mut self.place, page.next_cursor.filter(|cursor| !cursor.is_empty())) {
            (Place::Sought { cursor, pages }, Some(next)) if *pages < MAX_PAGES => {
                (*cursor, *pages) = (Some(next), *pages + 1);
                return Ok(());
            }
            _ => {}
        }
        if self.chat.plain_first {
            (self.message.message.effect, self.message.message.reply_to) = (None, None);
        }
        self.place = Place::Unknown;
        let endpoint = self.create().spec.endpoint;
        self.check_first().map_err(|violation| Error::invalid(InvalidRequest::Rule(violation), &endpoint))
    }

    /// Whether the service would find this chat for the line and the people: they are its members, and nobody has left it. Groups
    /// with a name are not found; a group without one has the handles in its place.
    fn is_meant(&self, chat: &Chat) -> bool {
        let Parties { line, people } = &self.chat.parties;
        let (own, others): (Vec<_>, Vec<_>) = chat.handles.iter().partition(|member| member.handle == *line);
        let is_active = |member: &ChatHandle| {
            let status = member.status.as_ref();
            member.left_at.is_none() && status.is_none_or(|status| *status == HandleStatus::Active)
        };
        let is_unnamed = || {
            let name = chat.display_name.as_ref();
            name.is_none_or(|name| people.iter().all(|person| name.contains(person.as_str())))
        };
        chat.handles.iter().all(is_active)
            && own.len() == 1
            && others.len() == people.len()
            && others.iter().all(|member| people.contains(&member.handle))
            && (people.len() == 1 || is_unnamed())
    }

    /// Returns the end of the message, or `None` if it goes another way because the chat is gone.
    fn on_sent(
        &mut self,
        sent: Result<MessageSendResponse, Error>,
    ) -> Option<Result<MessageSendResponse, Error>> {
        match (&self.place, &sent) {
            (Place::Unknown, Ok(created)) => {
                self.remember(created.chat_id.clone(), self.message.message.idempotency_key.clone());
            }
            (Place::Known(id), Err(error))
                if matches!(error.code(), Some(ErrorCode::CHAT_NOT_FOUND | ErrorCode::CHAT_LEFT))
                    && !error.maybe_sent()
                    && !self.has_recovered =>
            {
                self.chat.client.setup().memory.chats.forget(&self.chat.parties, id);
                self.has_recovered = true;
                self.place = self.elsewhere();
                return None;
            }
            _ => {}
        }
        Some(sent)
    }
}

/// Reads the response to either way of sending: a key that was used for one of them can give the response of that.
fn decode(body: &Bytes) -> Result<MessageSendResponse, DecodeError> {
    let sent: MessageSendResponse = match json::from_slice::<ChatCreateResponse>(body) {
        Ok(created) => created.into(),
        Err(error) => json::from_slice(body).map_err(|_| error)?,
    };
    reject_failed(sent.message.delivery_status.as_ref())?;
    Ok(sent)
}

impl<'c> IntoFuture for OpenSend<'c, Client> {
    type Output = Result<MessageSendResponse, Error>;
    type IntoFuture = CallFuture<'c, MessageSendResponse>;

    fn into_future(self) -> CallFuture<'c, MessageSendResponse> {
        Box::pin(async move {
            let mut opening = Opening::new(self)?;
            let mut deadline = Deadline::after(opening.deadline(), &*opening.chat.client.backend);
            loop {
                match opening.step() {
                    Step::Look(call) => opening.on_page(call.within(Some(&mut deadline)).await?.value)?,
                    Step::Send(call) => {
                        let sent = call.within(Some(&mut deadline)).await.map(|sent| sent.value);
                        if let Some(outcome) = opening.on_sent(sent) {
                            return outcome;
                        }
                    }
                }
            }
        })
    }
}

#[cfg(feature = "blocking")]
impl OpenSend<'_, blocking::Client> {
    /// On the blocking client, sends the message.
    ///
    /// # Errors
    ///
    /// Returns an error if the message is invalid, must not be the first of a chat, or a request fails.
    pub fn call(self) -> Result<MessageSendResponse, Error> {
        let mut opening = Opening::new(self)?;
        let deadline = Some(blocking::Deadline::after(opening.deadline()));
        loop {
            match opening.step() {
                Step::Look(call) => opening.on_page(call.within(deadline)?.value)?,
                Step::Send(call) => {
                    let sent = call.within(deadline).map(|sent| sent.value);
                    if let Some(outcome) = opening.on_sent(sent) {
                        return outcome;
                    }
                }
            }
        }
    }
}
