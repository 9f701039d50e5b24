use std::fmt;

use linq_types::{
    ChatId, Handle, MessageId, PaymentId, PaymentRequestId, PollOptionId, Service,
    error::ErrorCode,
    messages::{MessageContent, UpdateMessage},
    polls::{NewPollOption, NewPollVote, PollContent},
    reactions::Reaction,
};

use crate::{
    ApiError, Location, Sandbox,
    clock::Moment,
    store::{ReceivedCard, Store},
};

/// The other person, played by a test.
///
/// Made by [`Sandbox::person`]. What a person does causes the same webhooks as it does in the real service.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use linq_sandbox::Sandbox;
/// use linq_types::reactions::Reaction;
///
/// let sandbox = Sandbox::start().await?;
/// let ada = sandbox.person("+12025550199");
/// let said = ada.says("Are you open on Sunday?").await?;
/// ada.reacts(&said.message_id, Reaction::QUESTION).await?;
/// assert_eq!(
///     sandbox.transcript(&said.chat_id),
///     "+12025550199: Are you open on Sunday? [question by +12025550199]\n"
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Person<'a> {
    sandbox: &'a Sandbox,
    handle: Handle,
    line: Handle,
}

/// What a person said, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Said {
    /// The chat.
    pub chat_id: ChatId,
    /// The message.
    pub message_id: MessageId,
}

impl<'a> Person<'a> {
    pub(crate) fn new(sandbox: &'a Sandbox, handle: Handle) -> Self {
        Self { sandbox, handle, line: sandbox.phone_number().clone() }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Store, Moment) -> T) -> T {
        self.sandbox.shared().change(change)
    }

    /// Their number or address.
    #[must_use]
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// From now on the person is on this service. Everybody is on iMessage at first.
    ///
    /// Messages to somebody on SMS stop at `sent`; a message that insists on iMessage fails for somebody who is
    /// not on it.
    #[expect(clippy::must_use_candidate, reason = "it takes effect whether or not the person is used on")]
    pub fn on(self, service: Service) -> Self {
        self.change(|store, _| store.set_service(&self.handle, service));
        self
    }

    /// From now on messages to the person fail with this code, or get through again.
    ///
    /// `message.failed` has the code. Codes of failed messages are 3007, 4001, 4002 and 4005 to 4008.
    pub fn unreachable(self, code: impl Into<Option<ErrorCode>>) -> Self {
        let failure = code.into();
        self.change(|store, _| store.set_delivery_failure(&self.handle, failure));
        self
    }

    /// The person writes to this line of yours, instead of the first.
    #[must_use]
    pub fn to_line(mut self, phone_number: impl Into<Handle>) -> Self {
        self.line = phone_number.into();
        self
    }

    /// From now on the person has RCS, or has not, next to the service they are [on](Self::on). A capability check
    /// finds it.
    #[expect(clippy::must_use_candidate, reason = "it takes effect whether or not the person is used on")]
    pub fn has_rcs(self, has_rcs: bool) -> Self {
        self.change(|store, _| store.set_rcs(&self.handle, has_rcs));
        self
    }

    /// Sends your line their contact card, with a picture if there is the address of one:
    /// `contact_card.received` follows.
    ///
    /// # Errors
    ///
    /// `INVALID_PARAMETER` when this person is one of your own lines; `HANDLE_BLOCKED` when they are on your block
    /// list, for what they send is dropped.
    pub async fn sends_contact_card(
        &self,
        first_name: &str,
        last_name: &str,
        media_url: Option<&str>,
    ) -> Result<(), ApiError> {
        let card = ReceivedCard { first_name, last_name, media_url: media_url.map(str::to_owned) };
        self.change(|store, now| store.receive_card(now, &self.line, &self.handle, &card))
    }

    /// Pays a payment request: `payment.succeeded` follows.
    ///
    /// # Errors
    ///
    /// `PAYMENT_REQUEST_NOT_FOUND` when there is none; `CONFLICT` when it is paid, called off or expired already;
    /// `INVALID_PARAMETER` when somebody else is asked to pay, or when this person is one of your own lines.
    pub async fn pays(&self, payment_request_id: &PaymentRequestId) -> Result<(), ApiError> {
        self.change(|store, now| store.pay(now, payment_request_id.as_str(), &self.handle))
    }

    /// The code that proves that the person agrees to payments being made for them: what
    /// `POST /v3/payments/handles/{handle}/verify` asks for. `None` when no code is awaited.
    #[must_use]
    pub fn payment_code(&self) -> Option<String> {
        self.sandbox.shared().read(|store| store.payment_code(&self.handle))
    }

    /// Agrees to a payment that is made for them: its credentials can be had from then on.
    ///
    /// # Errors
    ///
    /// With the status 404 when there is no such payment for this person; `CONFLICT` when it does not wait for them.
    pub async fn approves(&self, payment_id: &PaymentId) -> Result<(), ApiError> {
        self.change(|store, _| store.approve_payment(payment_id.as_str(), &self.handle))
    }

    /// Asks for no more messages, by writing `STOP` to your line: as [`says`](Self::says).
    ///
    /// # Errors
    ///
    /// As [`says`](Self::says).
    pub async fn opts_out(&self) -> Result<Said, ApiError> {
        self.says("STOP").await
    }

    /// Writes to your line, in the direct chat of the two; there is a new chat if there was none.
    ///
    /// `message.received` follows, after `chat.created` if the chat is new. A message that is nothing but
    /// `STOP` (or another such keyword) opts the person out until they write anything else.
    ///
    /// # Errors
    ///
    /// `INVALID_PARAMETER` when this person is one of your own lines; `HANDLE_BLOCKED` when they are on your block
    /// list, for what they write is dropped.
    pub async fn says(&self, text: impl Into<String>) -> Result<Said, ApiError> {
        self.sends(text.into()).await
    }

    /// Sends anything that a message can hold: media, links, effects, several parts. Else as
    /// [`says`](Self::says).
    ///
    /// # Errors
    ///
    /// `INVALID_PARAMETER` when this person is one of your own lines, or for a reply to a message that is not in
    /// the chat; `ATTACHMENT_NOT_FOUND` for an attachment that is not there.
    pub async fn sends(&self, message: impl Into<MessageContent>) -> Result<Said, ApiError> {
        self.sends_among(Vec::<Handle>::new(), message).await
    }

    /// Writes to your line and these people at once: in the group of them all, which is new if there was none.
    ///
    /// # Errors
    ///
    /// Those of [`sends`](Self::sends).
    pub async fn sends_among<H: Into<Handle>>(
        &self,
        others: impl IntoIterator<Item = H>,
        message: impl Into<MessageContent>,
    ) -> Result<Said, ApiError> {
        let others: Vec<_> = others.into_iter().map(Into::into).collect();
        let message = message.into();
        let received =
            self.change(|store, now| store.receive_among(now, &self.line, &self.handle, &others, message));
        received.map(|(chat_id, message_id)| Said { chat_id, message_id })
    }

    /// Writes in a chat that they are in, such as a group.
    ///
    /// # Errors
    ///
    /// `CHAT_NOT_FOUND` when the person is in no such chat, `CHAT_LEFT` when your line has left it; else those of
    /// [`sends`](Self::sends).
    pub async fn sends_into(
        &self,
        chat_id: &ChatId,
        message: impl Into<MessageContent>,
    ) -> Result<Said, ApiError> {
        let message = message.into();
        let message_id = self.change(|store, now| store.receive_into(now, chat_id, &self.handle, message))?;
        Ok(Said { chat_id: chat_id.clone(), message_id })
    }

    /// Answers a message of theirs or of yours, in its chat.
    ///
    /// # Errors
    ///
    /// `MESSAGE_NOT_FOUND` when there is no such message; else those of [`sends_into`](Self::sends_into).
    pub async fn replies(
        &self,
        message_id: &MessageId,
        message: impl Into<MessageContent>,
    ) -> Result<Said, ApiError> {
        let message = message.into();
        let received = self.change(|store, now| store.receive_reply(now, message_id, &self.handle, message));
        received.map(|(chat_id, message_id)| Said { chat_id, message_id })
    }

    /// Puts a reaction on a message of theirs or of yours, or takes it off.
    ///
    /// [`Reaction::LOVE`], `Reaction::emoji("🔥")`, `.remove()`, `.part_index(1)`: `reaction.added` or
    /// `reaction.removed` follows.
    ///
    /// # Errors
    ///
    /// `MESSAGE_NOT_FOUND` when there is no such message in a chat that the person is in;
    /// `INVALID_PARAMETER` when the message has no such part; `OPERATION_FAILED` when the message is not sent
    /// yet.
    pub async fn reacts(
        &self,
        message_id: &MessageId,
        reaction: impl Into<Reaction>,
    ) -> Result<(), ApiError> {
        let reacting = reaction.into();
        self.change(|store, now| store.receive_reaction(now, message_id.as_str(), &self.handle, reacting))
    }

    /// Changes the words of a text message of theirs.
    ///
    /// `message.edited` follows, for those who read the newest payloads.
    ///
    /// # Errors
    ///
    /// `MESSAGE_NOT_FOUND` when there is no such message in a chat that the person is in; `INVALID_PARAMETER` when
    /// it is not theirs or has no such text; `CONFLICT` for the sixth edit and after 15 minutes.
    pub async fn edits(
        &self,
        message_id: &MessageId,
        edit: impl Into<UpdateMessage>,
    ) -> Result<(), ApiError> {
        let edit = edit.into();
        self.change(|store, now| store.receive_edit(now, message_id.as_str(), &self.handle, edit))
    }

    /// Gets a message of yours at once, without waiting for the time that takes: `message.delivered` follows, and
    /// `message.sent` before it. A message that failed can arrive late in this way.
    ///
    /// # Errors
    ///
    /// `MESSAGE_NOT_FOUND` or `CHAT_NOT_FOUND` when there is none for the person; `INVALID_PARAMETER` when it is
    /// none of yours; `SERVICE_NOT_SUPPORTED` on SMS, which has no receipts.
    pub async fn gets(&self, message_id: &MessageId) -> Result<(), ApiError> {
        self.change(|store, now| store.receive_delivery(now, message_id, &self.handle))
    }

    /// Reads a message of yours at once: `message.read` follows, and what is due before it.
    ///
    /// # Errors
    ///
    /// Those of [`gets`](Self::gets).
    pub async fn reads(&self, message_id: &MessageId) -> Result<(), ApiError> {
        self.change(|store, now| store.receive_read(now, message_id, &self.handle))
    }

    /// Begins to type: `chat.typing_indicator.started` follows.
    ///
    /// # Errors
    ///
    /// `CHAT_NOT_FOUND` when the person is in no such chat, `CHAT_LEFT` when your line has left it.
    pub async fn types(&self, chat_id: &ChatId) -> Result<(), ApiError> {
        self.change(|store, now| store.receive_typing(now, chat_id, &self.handle, true))
    }

    /// Stops typing: `chat.typing_indicator.stopped` follows.
    ///
    /// # Errors
    ///
    /// Those of [`types`](Self::types).
    pub async fn stops_typing(&self, chat_id: &ChatId) -> Result<(), ApiError> {
        self.change(|store, now| store.receive_typing(now, chat_id, &self.handle, false))
    }

    /// Leaves a group: `participant.removed` follows.
    ///
    /// # Errors
    ///
    /// Those of [`types`](Self::types); `CONFLICT` in a direct chat, and where fewer than three would remain.
    pub async fn leaves(&self, chat_id: &ChatId) -> Result<(), ApiError> {
        self.change(|store, now| store.receive_leave(now, chat_id, &self.handle))
    }

    /// Brings somebody into a group: `participant.added` follows.
    ///
    /// # Errors
    ///
    /// Those of [`types`](Self::types); `CONFLICT` in a direct chat, and for somebody who is in the group already.
    pub async fn adds(&self, chat_id: &ChatId, handle: impl Into<Handle>) -> Result<(), ApiError> {
        let handle = handle.into();
        self.change(|store, now| store.receive_participant(now, chat_id, &self.handle, &handle))
    }

    /// Renames a group: `chat.group_name_updated` follows.
    ///
    /// # Errors
    ///
    /// Those of [`types`](Self::types); `DIRECT_CHAT` in a direct chat.
    pub async fn renames(&self, chat_id: &ChatId, name: impl Into<String>) -> Result<(), ApiError> {
        let name = name.into();
        self.change(|store, now| store.receive_name(now, chat_id, &self.handle, name))
    }

    /// Sends a poll: `poll.received` follows.
    ///
    /// # Errors
    ///
    /// Those of [`types`](Self::types); `INVALID_CONTENT` with fewer than two options;
    /// `SERVICE_NOT_SUPPORTED` outside of iMessage.
    pub async fn asks(&self, chat_id: &ChatId, poll: PollContent) -> Result<Said, ApiError> {
        let message_id = self.change(|store, now| store.receive_poll(now, chat_id, &self.handle, poll))?;
        Ok(Said { chat_id: chat_id.clone(), message_id })
    }

    /// Adds options to a poll of theirs or of yours: `poll.updated` follows.
    ///
    /// # Errors
    ///
    /// `MESSAGE_NOT_FOUND` when there is no such poll in a chat that the person is in; `INVALID_CONTENT` for an
    /// option without text.
    pub async fn adds_options<O: Into<NewPollOption>>(
        &self,
        message_id: &MessageId,
        options: impl IntoIterator<Item = O>,
    ) -> Result<(), ApiError> {
        let options = options.into_iter().map(Into::into).collect();
        self.change(|store, now| store.receive_poll_options(now, message_id.as_str(), &self.handle, options))
    }

    /// Votes for an option of a poll: `poll.vote.added` follows, unless they voted for it before.
    ///
    /// # Errors
    ///
    /// `MESSAGE_NOT_FOUND` when there is no such poll in a chat that the person is in; `INVALID_PARAMETER` when it
    /// has no such option.
    pub async fn votes(
        &self,
        message_id: &MessageId,
        option_id: impl Into<PollOptionId>,
    ) -> Result<(), ApiError> {
        self.changes_vote(message_id, &NewPollVote::add(option_id))
    }

    /// Takes a vote back: `poll.vote.removed` follows, if there was one.
    ///
    /// # Errors
    ///
    /// Those of [`votes`](Self::votes).
    pub async fn takes_vote_back(
        &self,
        message_id: &MessageId,
        option_id: impl Into<PollOptionId>,
    ) -> Result<(), ApiError> {
        self.changes_vote(message_id, &NewPollVote::remove(option_id))
    }

    fn changes_vote(&self, message_id: &MessageId, vote: &NewPollVote) -> Result<(), ApiError> {
        self.change(|store, now| store.receive_vote(now, message_id.as_str(), &self.handle, vote))
    }

    /// Shares where they are, or where they are by now: `location.sharing.started` follows the first time.
    ///
    /// # Errors
    ///
    /// Those of [`types`](Self::types).
    pub async fn shares_location(&self, chat_id: &ChatId, location: Location) -> Result<(), ApiError> {
        self.change(|store, now| store.share_location(now, chat_id, &self.handle, location))
    }

    /// Shares no longer where they are: `location.sharing.stopped` follows.
    ///
    /// # Errors
    ///
    /// Those of [`types`](Self::types); status 404 when they share nothing.
    pub async fn stops_sharing_location(&self, chat_id: &ChatId) -> Result<(), ApiError> {
        self.change(|store, now| store.receive_stop_sharing(now, chat_id, &self.handle))
    }
}

impl fmt::Debug for Person<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Person").field(&self.handle).finish()
    }
}
