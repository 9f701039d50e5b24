use std::fmt;

use linq_types::{
    ChatId, Handle, MessageId, PaymentId, PaymentRequestId, PollOptionId, Service,
    error::ErrorCode,
    messages::{MessageContent, UpdateMessage},
    polls::{NewPollOption, PollContent},
    reactions::Reaction,
};

use crate::{
    error::ApiError,
    model::Location,
    person_action::{PersonAction, Said},
    shared::Shared,
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
/// let said = ada.says("Are you open on Sunday?")?;
/// ada.reacts(&said.message_id, Reaction::QUESTION)?;
/// assert_eq!(
///     sandbox.transcript(&said.chat_id),
///     "+12025550199: Are you open on Sunday? [question by +12025550199]\n"
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Person<'a> {
    shared: &'a Shared,
    handle: Handle,
    line: Handle,
}

impl<'a> Person<'a> {
    pub(crate) fn new(shared: &'a Shared, handle: Handle) -> Self {
        Self { shared, handle, line: shared.config.phone_numbers[0].clone() }
    }

    fn act(&self, action: PersonAction) -> Result<(), ApiError> {
        self.shared.change(|store, now| action.apply(store, now, &self.handle)).map(drop)
    }

    /// Does something that writes a message.
    fn write(&self, action: PersonAction) -> Result<Said, ApiError> {
        let said = self.shared.change(|store, now| action.apply(store, now, &self.handle))?;
        Ok(said.expect("an action that writes says what it wrote"))
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
        self.shared.change(|store, _| store.set_service(&self.handle, service));
        self
    }

    /// From now on messages to the person fail with this code, or get through again.
    ///
    /// `message.failed` has the code. Codes of failed messages are 3007, 4001, 4002 and 4005 to 4008.
    pub fn unreachable(self, code: impl Into<Option<ErrorCode>>) -> Self {
        let failure = code.into();
        self.shared.change(|store, _| store.set_delivery_failure(&self.handle, failure));
        self
    }

    /// The person writes to this line of yours, instead of the first.
    #[must_use]
    pub fn to_line(mut self, phone_number: impl Into<Handle>) -> Self {
        self.line = phone_number.into();
        self
    }

    /// Gives the person RCS, next to the service they are [on](Self::on). A capability check finds it.
    #[expect(clippy::must_use_candidate, reason = "it takes effect whether or not the person is used on")]
    pub fn with_rcs(self) -> Self {
        self.shared.change(|store, _| store.set_rcs(&self.handle, true));
        self
    }

    /// Takes RCS away from the person, as it is at first.
    #[expect(clippy::must_use_candidate, reason = "it takes effect whether or not the person is used on")]
    pub fn without_rcs(self) -> Self {
        self.shared.change(|store, _| store.set_rcs(&self.handle, false));
        self
    }

    /// Sends your line their contact card, with a picture if there is the address of one:
    /// `contact_card.received` follows.
    ///
    /// # Errors
    ///
    /// `INVALID_PARAMETER` when this person is one of your own lines; `HANDLE_BLOCKED` when they are on your block
    /// list, for what they send is dropped.
    pub fn sends_contact_card(
        &self,
        first_name: &str,
        last_name: &str,
        media_url: Option<&str>,
    ) -> Result<(), ApiError> {
        self.act(PersonAction::SendsContactCard {
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            media_url: media_url.map(str::to_owned),
            to: Some(self.line.clone()),
        })
    }

    /// Pays a payment request: `payment.succeeded` follows.
    ///
    /// # Errors
    ///
    /// `PAYMENT_REQUEST_NOT_FOUND` when there is none; `CONFLICT` when it is paid, called off or expired already;
    /// `INVALID_PARAMETER` when somebody else is asked to pay, or when this person is one of your own lines.
    pub fn pays(&self, payment_request_id: &PaymentRequestId) -> Result<(), ApiError> {
        self.act(PersonAction::Pays { payment_request_id: payment_request_id.clone() })
    }

    /// The code that proves that the person agrees to payments being made for them: what
    /// `POST /v3/payments/handles/{handle}/verify` asks for. `None` when no code is awaited.
    #[must_use]
    pub fn payment_code(&self) -> Option<String> {
        self.shared.read(|store| store.payment_code(&self.handle))
    }

    /// Agrees to a payment that is made for them: its credentials can be had from then on.
    ///
    /// # Errors
    ///
    /// With the status 404 when there is no such payment for this person; `CONFLICT` when it does not wait for them.
    pub fn approves(&self, payment_id: &PaymentId) -> Result<(), ApiError> {
        self.act(PersonAction::Approves { payment_id: payment_id.clone() })
    }

    /// Asks for no more messages, by writing `STOP` to your line: as [`says`](Self::says).
    ///
    /// # Errors
    ///
    /// As [`says`](Self::says).
    pub fn opts_out(&self) -> Result<Said, ApiError> {
        self.write(PersonAction::OptsOut { to: Some(self.line.clone()) })
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
    pub fn says(&self, text: impl Into<String>) -> Result<Said, ApiError> {
        self.write(PersonAction::Says { text: text.into(), to: Some(self.line.clone()) })
    }

    /// Sends anything that a message can hold: media, links, effects, several parts. Else as
    /// [`says`](Self::says).
    ///
    /// # Errors
    ///
    /// `INVALID_PARAMETER` when this person is one of your own lines, or for a reply to a message that is not in
    /// the chat; `ATTACHMENT_NOT_FOUND` for an attachment that is not there.
    pub fn sends(&self, message: impl Into<MessageContent>) -> Result<Said, ApiError> {
        self.sends_among(Vec::<Handle>::new(), message)
    }

    /// Writes to your line and these people at once: in the group of them all, which is new if there was none.
    ///
    /// # Errors
    ///
    /// Those of [`sends`](Self::sends).
    pub fn sends_among<H: Into<Handle>>(
        &self,
        others: impl IntoIterator<Item = H>,
        message: impl Into<MessageContent>,
    ) -> Result<Said, ApiError> {
        self.write(PersonAction::Sends {
            message: message.into(),
            others: Some(others.into_iter().map(Into::into).collect()),
            to: Some(self.line.clone()),
        })
    }

    /// Writes in a chat that they are in, such as a group.
    ///
    /// # Errors
    ///
    /// `CHAT_NOT_FOUND` when the person is in no such chat, `CHAT_LEFT` when your line has left it; else those of
    /// [`sends`](Self::sends).
    pub fn sends_into(&self, chat_id: &ChatId, message: impl Into<MessageContent>) -> Result<Said, ApiError> {
        self.write(PersonAction::SendsInto { chat_id: chat_id.clone(), message: message.into() })
    }

    /// Answers a message of theirs or of yours, in its chat.
    ///
    /// # Errors
    ///
    /// `MESSAGE_NOT_FOUND` when there is no such message; else those of [`sends_into`](Self::sends_into).
    pub fn replies(
        &self,
        message_id: &MessageId,
        message: impl Into<MessageContent>,
    ) -> Result<Said, ApiError> {
        self.write(PersonAction::Replies { message_id: message_id.clone(), message: message.into() })
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
    pub fn reacts(&self, message_id: &MessageId, reaction: impl Into<Reaction>) -> Result<(), ApiError> {
        self.act(PersonAction::Reacts { message_id: message_id.clone(), reaction: reaction.into() })
    }

    /// Changes the words of a text message of theirs.
    ///
    /// `message.edited` follows, for those who read the newest payloads.
    ///
    /// # Errors
    ///
    /// `MESSAGE_NOT_FOUND` when there is no such message in a chat that the person is in; `INVALID_PARAMETER` when
    /// it is not theirs or has no such text; `CONFLICT` for the sixth edit and after 15 minutes.
    pub fn edits(&self, message_id: &MessageId, edit: impl Into<UpdateMessage>) -> Result<(), ApiError> {
        let UpdateMessage { text, part_index, .. } = edit.into();
        self.act(PersonAction::Edits { message_id: message_id.clone(), text, part_index })
    }

    /// Gets a message of yours at once, without waiting for the time that takes: `message.delivered` follows, and
    /// `message.sent` before it. A message that failed can arrive late in this way.
    ///
    /// # Errors
    ///
    /// `MESSAGE_NOT_FOUND` or `CHAT_NOT_FOUND` when there is none for the person; `INVALID_PARAMETER` when it is
    /// none of yours; `SERVICE_NOT_SUPPORTED` on SMS, which has no receipts.
    pub fn gets(&self, message_id: &MessageId) -> Result<(), ApiError> {
        self.act(PersonAction::Gets { message_id: message_id.clone() })
    }

    /// Reads a message of yours at once: `message.read` follows, and what is due before it.
    ///
    /// # Errors
    ///
    /// Those of [`gets`](Self::gets).
    pub fn reads(&self, message_id: &MessageId) -> Result<(), ApiError> {
        self.act(PersonAction::Reads { message_id: message_id.clone() })
    }

    /// Begins to type: `chat.typing_indicator.started` follows.
    ///
    /// # Errors
    ///
    /// `CHAT_NOT_FOUND` when the person is in no such chat, `CHAT_LEFT` when your line has left it.
    pub fn types(&self, chat_id: &ChatId) -> Result<(), ApiError> {
        self.act(PersonAction::Types { chat_id: chat_id.clone() })
    }

    /// Stops typing: `chat.typing_indicator.stopped` follows.
    ///
    /// # Errors
    ///
    /// Those of [`types`](Self::types).
    pub fn stops_typing(&self, chat_id: &ChatId) -> Result<(), ApiError> {
        self.act(PersonAction::StopsTyping { chat_id: chat_id.clone() })
    }

    /// Leaves a group: `participant.removed` follows.
    ///
    /// # Errors
    ///
    /// Those of [`types`](Self::types); `CONFLICT` in a direct chat, and where fewer than three would remain.
    pub fn leaves(&self, chat_id: &ChatId) -> Result<(), ApiError> {
        self.act(PersonAction::Leaves { chat_id: chat_id.clone() })
    }

    /// Brings somebody into a group: `participant.added` follows.
    ///
    /// # Errors
    ///
    /// Those of [`types`](Self::types); `CONFLICT` in a direct chat, and for somebody who is in the group already.
    pub fn adds(&self, chat_id: &ChatId, handle: impl Into<Handle>) -> Result<(), ApiError> {
        self.act(PersonAction::Adds { chat_id: chat_id.clone(), handle: handle.into() })
    }

    /// Renames a group: `chat.group_name_updated` follows.
    ///
    /// # Errors
    ///
    /// Those of [`types`](Self::types); `DIRECT_CHAT` in a direct chat.
    pub fn renames(&self, chat_id: &ChatId, name: impl Into<String>) -> Result<(), ApiError> {
        self.act(PersonAction::Renames { chat_id: chat_id.clone(), name: name.into() })
    }

    /// Sends a poll: `poll.received` follows.
    ///
    /// # Errors
    ///
    /// Those of [`types`](Self::types); `INVALID_CONTENT` with fewer than two options;
    /// `SERVICE_NOT_SUPPORTED` outside of iMessage.
    pub fn asks(&self, chat_id: &ChatId, poll: PollContent) -> Result<Said, ApiError> {
        self.write(PersonAction::Asks { chat_id: chat_id.clone(), poll })
    }

    /// Adds options to a poll of theirs or of yours: `poll.updated` follows.
    ///
    /// # Errors
    ///
    /// `MESSAGE_NOT_FOUND` when there is no such poll in a chat that the person is in; `INVALID_CONTENT` for an
    /// option without text.
    pub fn adds_options<O: Into<NewPollOption>>(
        &self,
        message_id: &MessageId,
        options: impl IntoIterator<Item = O>,
    ) -> Result<(), ApiError> {
        let options = options.into_iter().map(Into::into).collect();
        self.act(PersonAction::AddsOptions { message_id: message_id.clone(), options })
    }

    /// Votes for an option of a poll: `poll.vote.added` follows, unless they voted for it before.
    ///
    /// # Errors
    ///
    /// `MESSAGE_NOT_FOUND` when there is no such poll in a chat that the person is in; `INVALID_PARAMETER` when it
    /// has no such option.
    pub fn votes(&self, message_id: &MessageId, option_id: impl Into<PollOptionId>) -> Result<(), ApiError> {
        self.act(PersonAction::Votes { message_id: message_id.clone(), option_id: option_id.into() })
    }

    /// Takes a vote back: `poll.vote.removed` follows, if there was one.
    ///
    /// # Errors
    ///
    /// Those of [`votes`](Self::votes).
    pub fn takes_vote_back(
        &self,
        message_id: &MessageId,
        option_id: impl Into<PollOptionId>,
    ) -> Result<(), ApiError> {
        self.act(PersonAction::TakesVoteBack { message_id: message_id.clone(), option_id: option_id.into() })
    }

    /// Shares where they are, or where they are by now: `location.sharing.started` follows the first time.
    ///
    /// # Errors
    ///
    /// Those of [`types`](Self::types).
    pub fn shares_location(&self, chat_id: &ChatId, location: Location) -> Result<(), ApiError> {
        let Location { latitude, longitude, altitude, address, locality, duration } = location;
        let seconds = duration.map(|duration| duration.as_secs_f64());
        let chat_id = chat_id.clone();
        self.act(PersonAction::SharesLocation {
            chat_id,
            latitude,
            longitude,
            altitude,
            address,
            locality,
            seconds,
        })
    }

    /// Shares no longer where they are: `location.sharing.stopped` follows.
    ///
    /// # Errors
    ///
    /// Those of [`types`](Self::types); status 404 when they share nothing.
    pub fn stops_sharing_location(&self, chat_id: &ChatId) -> Result<(), ApiError> {
        self.act(PersonAction::StopsSharingLocation { chat_id: chat_id.clone() })
    }
}

impl fmt::Debug for Person<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Person").field(&self.handle).finish()
    }
}
