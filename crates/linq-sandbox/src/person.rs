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

/// Another person, played by a test. Created by [`Sandbox::person`](crate::Sandbox::person).
///
/// What a person does causes the same webhooks as in the real service.
///
/// ```
/// # mod linq { pub(crate) use linq_sandbox as sandbox; pub(crate) use linq_types as types; }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use linq::{sandbox::Sandbox, types::reactions::Reaction};
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
    pub(crate) shared: &'a Shared,
    pub(crate) handle: Handle,
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
        Ok(said.expect("an action that writes returns what it wrote"))
    }

    /// Returns the person's phone number or email address.
    #[must_use]
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Moves the person to this service. Everyone is on iMessage at first.
    ///
    /// Messages to a person on SMS stop at `sent`; a message that requires iMessage fails if the person is not on it.
    #[expect(clippy::must_use_candidate, reason = "it takes effect whether or not the person is used on")]
    pub fn on(self, service: Service) -> Self {
        self.shared.change(|store, _| store.set_service(&self.handle, service));
        self
    }

    /// Makes messages to the person fail with this code; `None` makes them get through again.
    ///
    /// `message.failed` carries the code. Codes of failed messages are 3007, 4001, 4002 and 4005 to 4008.
    pub fn unreachable(self, code: impl Into<Option<ErrorCode>>) -> Self {
        let failure = code.into();
        self.shared.change(|store, _| store.set_delivery_failure(&self.handle, failure));
        self
    }

    /// Sets the line that the person writes to, instead of the first one.
    #[must_use]
    pub fn to_line(mut self, phone_number: impl Into<Handle>) -> Self {
        self.line = phone_number.into();
        self
    }

    /// Gives the person RCS in addition to the [service they are on](Self::on). Capability checks report it.
    #[expect(clippy::must_use_candidate, reason = "it takes effect whether or not the person is used on")]
    pub fn with_rcs(self) -> Self {
        self.shared.change(|store, _| store.set_rcs(&self.handle, true));
        self
    }

    /// Removes RCS from the person, which is the initial state.
    #[expect(clippy::must_use_candidate, reason = "it takes effect whether or not the person is used on")]
    pub fn without_rcs(self) -> Self {
        self.shared.change(|store, _| store.set_rcs(&self.handle, false));
        self
    }

    /// Sends the person's contact card to the line, with a picture if `media_url` is given. Publishes
    /// `contact_card.received`.
    ///
    /// # Errors
    ///
    /// Returns [`INVALID_PARAMETER`](linq_types::error::ErrorCode::INVALID_PARAMETER) if this person is one of your own
    /// lines, [`HANDLE_BLOCKED`](linq_types::error::ErrorCode::HANDLE_BLOCKED) if they are on your block list, or
    /// [`FOREIGN_PHONE_NUMBER`](linq_types::error::ErrorCode::FOREIGN_PHONE_NUMBER) if [`to_line`](Self::to_line) is
    /// not one of your lines.
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

    /// Pays a payment request. Publishes `payment.succeeded`.
    ///
    /// # Errors
    ///
    /// Returns [`PAYMENT_REQUEST_NOT_FOUND`](linq_types::error::ErrorCode::PAYMENT_REQUEST_NOT_FOUND) if there is no
    /// such request, [`CONFLICT`](linq_types::error::ErrorCode::CONFLICT) if it is already paid, canceled or expired,
    /// or [`INVALID_PARAMETER`](linq_types::error::ErrorCode::INVALID_PARAMETER) if another person is asked to pay or
    /// this person is one of your own lines.
    pub fn pays(&self, payment_request_id: &PaymentRequestId) -> Result<(), ApiError> {
        self.act(PersonAction::Pays { payment_request_id: payment_request_id.clone() })
    }

    /// Returns the code that `POST /v3/payments/handles/{handle}/verify` asks for: proof that the person agrees to
    /// payments being made for them. `None` if no code is pending.
    #[must_use]
    pub fn payment_code(&self) -> Option<String> {
        self.shared.read(|store| store.payment_code(&self.handle))
    }

    /// Approves a payment that is made for the person. Its credentials are available from then on.
    ///
    /// # Errors
    ///
    /// Returns an error with status 404 if there is no such payment for this person, or
    /// [`CONFLICT`](linq_types::error::ErrorCode::CONFLICT) if it is not waiting for approval.
    pub fn approves(&self, payment_id: &PaymentId) -> Result<(), ApiError> {
        self.act(PersonAction::Approves { payment_id: payment_id.clone() })
    }

    /// Opts out of further messages by writing `STOP` to the line.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`says`](Self::says).
    pub fn opts_out(&self) -> Result<Said, ApiError> {
        self.write(PersonAction::OptsOut { to: Some(self.line.clone()) })
    }

    /// Writes a text to the line in their direct chat, which is created if there is none.
    ///
    /// Publishes `message.received`, after `chat.created` if the chat is new. A message that is only `STOP` (or another
    /// such keyword) opts the person out until they write anything else.
    ///
    /// # Errors
    ///
    /// Returns [`INVALID_PARAMETER`](linq_types::error::ErrorCode::INVALID_PARAMETER) if this person is one of your own
    /// lines, [`HANDLE_BLOCKED`](linq_types::error::ErrorCode::HANDLE_BLOCKED) if they are on your block list (what
    /// they write is dropped), or [`FOREIGN_PHONE_NUMBER`](linq_types::error::ErrorCode::FOREIGN_PHONE_NUMBER) if
    /// [`to_line`](Self::to_line) is not one of your lines.
    pub fn says(&self, text: impl Into<String>) -> Result<Said, ApiError> {
        self.write(PersonAction::Says { text: text.into(), to: Some(self.line.clone()) })
    }

    /// Sends any message content: media, links, effects, several parts. Otherwise like [`says`](Self::says).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`says`](Self::says),
    /// [`INVALID_PARAMETER`](linq_types::error::ErrorCode::INVALID_PARAMETER) for a reply to a message that is not in
    /// the chat, or [`ATTACHMENT_NOT_FOUND`](linq_types::error::ErrorCode::ATTACHMENT_NOT_FOUND) for an unknown
    /// attachment.
    pub fn sends(&self, message: impl Into<MessageContent>) -> Result<Said, ApiError> {
        self.sends_among(Vec::<Handle>::new(), message)
    }

    /// Sends a message to the line and these people, in the group of all of them, which is created if there is none.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`sends`](Self::sends).
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

    /// Sends a message into a chat that the person is in, such as a group.
    ///
    /// # Errors
    ///
    /// Returns [`CHAT_NOT_FOUND`](linq_types::error::ErrorCode::CHAT_NOT_FOUND) if the person is in no such chat, or
    /// [`CHAT_LEFT`](linq_types::error::ErrorCode::CHAT_LEFT) if your line left it. Otherwise returns the errors of
    /// [`sends`](Self::sends).
    pub fn sends_into(&self, chat_id: &ChatId, message: impl Into<MessageContent>) -> Result<Said, ApiError> {
        self.write(PersonAction::SendsInto { chat_id: chat_id.clone(), message: message.into() })
    }

    /// Replies to a message in its chat.
    ///
    /// # Errors
    ///
    /// Returns [`MESSAGE_NOT_FOUND`](linq_types::error::ErrorCode::MESSAGE_NOT_FOUND) if there is no such message.
    /// Otherwise returns the errors of [`sends_into`](Self::sends_into).
    pub fn replies(
        &self,
        message_id: &MessageId,
        message: impl Into<MessageContent>,
    ) -> Result<Said, ApiError> {
        self.write(PersonAction::Replies { message_id: message_id.clone(), message: message.into() })
    }

    /// Adds a reaction to a message, or removes it.
    ///
    /// [`Reaction::LOVE`], `Reaction::emoji("🔥")`, `.remove()`, `.part_index(1)`: publishes `reaction.added` or
    /// `reaction.removed`.
    ///
    /// # Errors
    ///
    /// Returns [`MESSAGE_NOT_FOUND`](linq_types::error::ErrorCode::MESSAGE_NOT_FOUND) if there is no such message in a
    /// chat that the person is in, [`INVALID_PARAMETER`](linq_types::error::ErrorCode::INVALID_PARAMETER) if the
    /// message has no such part, or [`OPERATION_FAILED`](linq_types::error::ErrorCode::OPERATION_FAILED) if the message
    /// is not sent yet.
    pub fn reacts(&self, message_id: &MessageId, reaction: impl Into<Reaction>) -> Result<(), ApiError> {
        self.act(PersonAction::Reacts { message_id: message_id.clone(), reaction: reaction.into() })
    }

    /// Edits a text message of their own. Publishes `message.edited` to subscriptions with the newest payload version.
    ///
    /// # Errors
    ///
    /// Returns [`MESSAGE_NOT_FOUND`](linq_types::error::ErrorCode::MESSAGE_NOT_FOUND) if there is no such message in a
    /// chat that the person is in, [`INVALID_PARAMETER`](linq_types::error::ErrorCode::INVALID_PARAMETER) if it is not
    /// theirs or has no such text, or [`CONFLICT`](linq_types::error::ErrorCode::CONFLICT) for the sixth edit and after
    /// 15 minutes.
    pub fn edits(&self, message_id: &MessageId, edit: impl Into<UpdateMessage>) -> Result<(), ApiError> {
        let UpdateMessage { text, part_index, .. } = edit.into();
        self.act(PersonAction::Edits { message_id: message_id.clone(), text, part_index })
    }

    /// Receives a message of yours at once, however long delivery would have taken. Publishes `message.delivered`, and
    /// `message.sent` before it. A message that failed can arrive late this way.
    ///
    /// # Errors
    ///
    /// Returns [`MESSAGE_NOT_FOUND`](linq_types::error::ErrorCode::MESSAGE_NOT_FOUND) or
    /// [`CHAT_NOT_FOUND`](linq_types::error::ErrorCode::CHAT_NOT_FOUND) if there is no such message for the person,
    /// [`INVALID_PARAMETER`](linq_types::error::ErrorCode::INVALID_PARAMETER) if it is not yours, or
    /// [`SERVICE_NOT_SUPPORTED`](linq_types::error::ErrorCode::SERVICE_NOT_SUPPORTED) on SMS, which has no receipts.
    pub fn gets(&self, message_id: &MessageId) -> Result<(), ApiError> {
        self.act(PersonAction::Gets { message_id: message_id.clone() })
    }

    /// Reads a message of yours at once. Publishes `message.read`, and the events that are due before it.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`gets`](Self::gets).
    pub fn reads(&self, message_id: &MessageId) -> Result<(), ApiError> {
        self.act(PersonAction::Reads { message_id: message_id.clone() })
    }

    /// Starts typing. Publishes `chat.typing_indicator.started`.
    ///
    /// # Errors
    ///
    /// Returns [`CHAT_NOT_FOUND`](linq_types::error::ErrorCode::CHAT_NOT_FOUND) if the person is in no such chat, or
    /// [`CHAT_LEFT`](linq_types::error::ErrorCode::CHAT_LEFT) if your line left it.
    pub fn types(&self, chat_id: &ChatId) -> Result<(), ApiError> {
        self.act(PersonAction::Types { chat_id: chat_id.clone() })
    }

    /// Stops typing. Publishes `chat.typing_indicator.stopped`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`types`](Self::types).
    pub fn stops_typing(&self, chat_id: &ChatId) -> Result<(), ApiError> {
        self.act(PersonAction::StopsTyping { chat_id: chat_id.clone() })
    }

    /// Leaves a group. Publishes `participant.removed`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`types`](Self::types), or [`CONFLICT`](linq_types::error::ErrorCode::CONFLICT) in a
    /// direct chat and if fewer than three members would remain.
    pub fn leaves(&self, chat_id: &ChatId) -> Result<(), ApiError> {
        self.act(PersonAction::Leaves { chat_id: chat_id.clone() })
    }

    /// Adds somebody to a group. Publishes `participant.added`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`types`](Self::types),
    /// [`INVALID_PHONE_NUMBER`](linq_types::error::ErrorCode::INVALID_PHONE_NUMBER) for an invalid handle, or
    /// [`CONFLICT`](linq_types::error::ErrorCode::CONFLICT) in a direct chat and for somebody who is already in the
    /// group.
    pub fn adds(&self, chat_id: &ChatId, handle: impl Into<Handle>) -> Result<(), ApiError> {
        self.act(PersonAction::Adds { chat_id: chat_id.clone(), handle: handle.into() })
    }

    /// Renames a group. Publishes `chat.group_name_updated`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`types`](Self::types), or [`DIRECT_CHAT`](linq_types::error::ErrorCode::DIRECT_CHAT) in a
    /// direct chat.
    pub fn renames(&self, chat_id: &ChatId, name: impl Into<String>) -> Result<(), ApiError> {
        self.act(PersonAction::Renames { chat_id: chat_id.clone(), name: name.into() })
    }

    /// Sends a poll. Publishes `poll.received`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`types`](Self::types), [`INVALID_CONTENT`](linq_types::error::ErrorCode::INVALID_CONTENT)
    /// for fewer than two options, or [`SERVICE_NOT_SUPPORTED`](linq_types::error::ErrorCode::SERVICE_NOT_SUPPORTED) on
    /// other services than iMessage.
    pub fn asks(&self, chat_id: &ChatId, poll: PollContent) -> Result<Said, ApiError> {
        self.write(PersonAction::Asks { chat_id: chat_id.clone(), poll })
    }

    /// Adds options to a poll. Publishes `poll.updated`.
    ///
    /// # Errors
    ///
    /// Returns [`MESSAGE_NOT_FOUND`](linq_types::error::ErrorCode::MESSAGE_NOT_FOUND) if there is no such poll in a
    /// chat that the person is in, or [`INVALID_CONTENT`](linq_types::error::ErrorCode::INVALID_CONTENT) for an option
    /// without text.
    pub fn adds_options<O: Into<NewPollOption>>(
        &self,
        message_id: &MessageId,
        options: impl IntoIterator<Item = O>,
    ) -> Result<(), ApiError> {
        let options = options.into_iter().map(Into::into).collect();
        self.act(PersonAction::AddsOptions { message_id: message_id.clone(), options })
    }

    /// Votes for an option of a poll. Publishes `poll.vote.added`, unless the person already voted for it.
    ///
    /// # Errors
    ///
    /// Returns [`MESSAGE_NOT_FOUND`](linq_types::error::ErrorCode::MESSAGE_NOT_FOUND) if there is no such poll in a
    /// chat that the person is in, or [`INVALID_PARAMETER`](linq_types::error::ErrorCode::INVALID_PARAMETER) if it has
    /// no such option.
    pub fn votes(&self, message_id: &MessageId, option_id: impl Into<PollOptionId>) -> Result<(), ApiError> {
        self.act(PersonAction::Votes { message_id: message_id.clone(), option_id: option_id.into() })
    }

    /// Withdraws a vote. Publishes `poll.vote.removed` if there was one.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`votes`](Self::votes).
    pub fn takes_vote_back(
        &self,
        message_id: &MessageId,
        option_id: impl Into<PollOptionId>,
    ) -> Result<(), ApiError> {
        self.act(PersonAction::TakesVoteBack { message_id: message_id.clone(), option_id: option_id.into() })
    }

    /// Shares the person's location, or updates it. Publishes `location.sharing.started` the first time.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`types`](Self::types), or
    /// [`INVALID_PARAMETER`](linq_types::error::ErrorCode::INVALID_PARAMETER) for a duration of more than a year.
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

    /// Stops sharing the location. Publishes `location.sharing.stopped`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`types`](Self::types), or an error with status 404 if the person shares no location.
    pub fn stops_sharing_location(&self, chat_id: &ChatId) -> Result<(), ApiError> {
        self.act(PersonAction::StopsSharingLocation { chat_id: chat_id.clone() })
    }
}

impl fmt::Debug for Person<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Person").field(&self.handle).finish()
    }
}
