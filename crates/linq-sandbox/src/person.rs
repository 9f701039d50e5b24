use std::fmt;

use linq_types::{ChatId, Handle, MessageId, PaymentId, PaymentRequestId, Service, reactions::Reaction};

use crate::{ApiError, Sandbox, store::ReceivedCard};

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
/// ada.reacts(&said.message_id, Reaction::Question).await?;
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
        Self { sandbox, handle }
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
        self.sandbox.shared().change(|store, _| store.set_service(&self.handle, service));
        self
    }

    /// From now on the person has RCS, or has not, next to the service they are [on](Self::on). A capability check
    /// finds it.
    #[expect(clippy::must_use_candidate, reason = "it takes effect whether or not the person is used on")]
    pub fn has_rcs(self, has_rcs: bool) -> Self {
        self.sandbox.shared().change(|store, _| store.set_rcs(&self.handle, has_rcs));
        self
    }

    /// Sends your first line their contact card, with a picture if there is the address of one:
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
        let line = self.sandbox.phone_number().clone();
        let card = ReceivedCard { first_name, last_name, media_url: media_url.map(str::to_owned) };
        self.sandbox.shared().change(|store, now| store.receive_card(now, &line, &self.handle, &card))
    }

    /// Pays a payment request: `payment.succeeded` follows.
    ///
    /// # Errors
    ///
    /// `PAYMENT_REQUEST_NOT_FOUND` when there is none; `CONFLICT` when it is paid, called off or expired already;
    /// `INVALID_PARAMETER` when somebody else is asked to pay, or when this person is one of your own lines.
    pub async fn pays(&self, payment_request_id: &PaymentRequestId) -> Result<(), ApiError> {
        self.sandbox.shared().change(|store, now| store.pay(now, payment_request_id.as_str(), &self.handle))
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
        self.sandbox.shared().change(|store, _| store.approve_payment(payment_id.as_str(), &self.handle))
    }

    /// Asks for no more messages, by writing `STOP` to your first line: as [`says`](Self::says).
    ///
    /// # Errors
    ///
    /// As [`says`](Self::says).
    pub async fn opts_out(&self) -> Result<Said, ApiError> {
        self.says("STOP").await
    }

    /// Writes to your first line, in the direct chat of the two; there is a new chat if there was none.
    ///
    /// `message.received` follows, after `chat.created` if the chat is new. A message that is nothing but
    /// `STOP` (or another such keyword) opts the person out until they write anything else.
    ///
    /// # Errors
    ///
    /// `INVALID_PARAMETER` when this person is one of your own lines; `HANDLE_BLOCKED` when they are on your block
    /// list, for what they write is dropped.
    pub async fn says(&self, text: impl Into<String>) -> Result<Said, ApiError> {
        let text = text.into();
        let line = self.sandbox.phone_number().clone();
        let received =
            self.sandbox.shared().change(|store, now| store.receive(now, &line, &self.handle, &text));
        received.map(|(chat_id, message_id)| Said { chat_id, message_id })
    }

    /// Puts a reaction on a message of theirs or of yours, or takes it off.
    ///
    /// [`Reaction::Love`], `Reaction::emoji("🔥")`, `.remove()`, `.part_index(1)`: `reaction.added` or `reaction.removed` follows.
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
        self.sandbox
            .shared()
            .change(|store, now| store.receive_reaction(now, message_id.as_str(), &self.handle, reacting))
    }
}

impl fmt::Debug for Person<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Person").field(&self.handle).finish()
    }
}
