use std::{fmt, future::pending, time::Duration};

use linq_types::{
    ChatId, IdempotencyKey,
    messages::{MessageSendResponse, NewChatMessage},
};

use super::ChatMessages;
#[cfg(feature = "blocking")]
use crate::blocking;
use crate::{
    Call, CallFuture, Client, Error, EventWatch,
    client::race,
    event_watch::Answers,
    resources::chats::typing::{Presence, REFRESH_INTERVAL},
};

/// Messages to send one after another, with pauses: `.await` it on the [`Client`].
#[cfg_attr(
    feature = "blocking",
    doc = "On the [`blocking::Client`](crate::blocking::Client), finish it with `.call()`."
)]
///
/// The typing indicator is shown in each pause, and removed at the end if no message has removed it. That it cannot be shown
/// fails nothing. It is left out when the response to a message has a service without it.
///
/// Each send has the retries, the pace and the deadline of the client. Their responses and errors are those of
/// [`ChatMessages::send`](super::ChatMessages::send). After an error, repeat the call with the same
/// [`idempotency_key`](Self::idempotency_key): what was sent is not sent again.
#[must_use = "nothing is sent until it is awaited or finished with `.call()`"]
pub struct SendAll<'c, C> {
    client: &'c C,
    chat: ChatId,
    parts: Vec<(Duration, NewChatMessage)>,
    key: Option<IdempotencyKey>,
    answers: Option<Answers>,
}

/// What became of several messages: the result of [`SendAll`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SentAll {
    /// The responses to the messages that were sent, in order.
    pub sent: Vec<MessageSendResponse>,
    /// Whether the person answered before all were sent.
    pub is_answered: bool,
}

impl<'c, C> SendAll<'c, C> {
    pub(super) fn new(client: &'c C, chat: ChatId, parts: Vec<(Duration, NewChatMessage)>) -> Self {
        Self { client, chat, parts, key: None, answers: None }
    }

    /// Stops when somebody writes into the chat from now on, as far as the watch has seen it. A message whose request has begun
    /// is still sent.
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// use std::time::Duration;
    ///
    /// use linq::EventWatch;
    ///
    /// let watch = EventWatch::new(); // the receiver calls `watch.observe(&event)`
    /// let parts = [(Duration::ZERO, "Are you still there?"), (Duration::from_secs(30), "Then until tomorrow!")];
    /// let outcome = client.chats().messages(&chat).send_all(parts).until_answered(&watch).await?;
    /// println!("{} sent, answered: {}", outcome.sent.len(), outcome.is_answered);
    /// # Ok(())
    /// # }
    /// ```
    pub fn until_answered(mut self, watch: &EventWatch) -> Self {
        self.answers = Some(watch.answers(self.chat.clone()));
        self
    }

    /// Sends the messages with keys made of this one: with its number from 1, such as `order-1042#2`. Keys of their own are
    /// replaced.
    ///
    /// Without it, each message has the key that a single send would have.
    pub fn idempotency_key(mut self, key: impl Into<IdempotencyKey>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// The request for the message with this number, from 1.
    fn send(&self, number: usize, message: NewChatMessage) -> Call<'c, C, MessageSendResponse> {
        let call = ChatMessages { client: self.client, chat: self.chat.clone() }.send(message);
        match &self.key {
            Some(key) => call.idempotency_key(format!("{key}#{number}")),
            None => call,
        }
    }

    fn is_answered(&self) -> bool {
        self.answers.as_ref().is_some_and(Answers::has_come)
    }
}

impl SendAll<'_, Client> {
    async fn run(&mut self, presence: &mut Presence<Client>) -> Result<SentAll, Error> {
        let parts = std::mem::take(&mut self.parts);
        let mut sent = Vec::with_capacity(parts.len());
        for (number, (pause, message)) in (1..).zip(parts) {
            if self.pause(pause, presence).await {
                return Ok(SentAll { sent, is_answered: true });
            }
            let response = self.send(number, message).await?;
            presence.on(response.message.service.as_ref());
            sent.push(response);
        }
        Ok(SentAll { sent, is_answered: false })
    }

    /// Types for a while, and returns whether the person has answered.
    async fn pause(&self, mut left: Duration, presence: &Presence<Client>) -> bool {
        while !left.is_zero() && !self.is_answered() {
            presence.show().await;
            let step = left.min(REFRESH_INTERVAL);
            race(self.answered(), self.client.backend.sleep(step)).await;
            left -= step;
        }
        self.is_answered()
    }

    async fn answered(&self) {
        match &self.answers {
            Some(answers) => answers.come().await,
            None => pending().await,
        }
    }
}

impl<'c> IntoFuture for SendAll<'c, Client> {
    type Output = Result<SentAll, Error>;
    type IntoFuture = CallFuture<'c, SentAll>;

    fn into_future(mut self) -> CallFuture<'c, SentAll> {
        Box::pin(async move {
            let mut presence = Presence::typing(self.client.clone(), self.chat.clone());
            let outcome = self.run(&mut presence).await;
            presence.end().await;
            outcome
        })
    }
}

#[cfg(feature = "blocking")]
impl SendAll<'_, blocking::Client> {
    /// On the blocking client, sends the messages.
    ///
    /// # Errors
    ///
    /// Returns an error if one of the sends fails. Those before it were sent.
    pub fn call(mut self) -> Result<SentAll, Error> {
        let mut presence = Presence::typing(self.client.clone(), self.chat.clone());
        let outcome = self.run(&mut presence);
        presence.end();
        outcome
    }

    fn run(&mut self, presence: &mut Presence<blocking::Client>) -> Result<SentAll, Error> {
        let parts = std::mem::take(&mut self.parts);
        let mut sent = Vec::with_capacity(parts.len());
        for (number, (pause, message)) in (1..).zip(parts) {
            if self.pause(pause, presence) {
                return Ok(SentAll { sent, is_answered: true });
            }
            let response = self.send(number, message).call()?;
            presence.on(response.message.service.as_ref());
            sent.push(response);
        }
        Ok(SentAll { sent, is_answered: false })
    }

    /// Types for a while, and returns whether the person has answered.
    fn pause(&self, mut left: Duration, presence: &Presence<blocking::Client>) -> bool {
        while !left.is_zero() && !self.is_answered() {
            presence.show();
            let step = left.min(REFRESH_INTERVAL);
            match &self.answers {
                Some(answers) => drop(answers.wait(blocking::Deadline::after(Some(step)))),
                None => self.client.backend.sleep(step),
            }
            left -= step;
        }
        self.is_answered()
    }
}

impl<C> fmt::Debug for SendAll<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendAll").field("chat", &self.chat).field("parts", &self.parts.len()).finish_non_exhaustive()
    }
}
