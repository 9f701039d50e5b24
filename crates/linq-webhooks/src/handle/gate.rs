//! Conditions around a handler.

mod error;
mod memory_opt_outs;
mod opt_outs;

use std::{collections::HashSet, fmt};

pub use error::GateError;
use linq_types::{
    Handle, Timestamp,
    events::{Event, EventType, Interest, MessageView},
};
pub use memory_opt_outs::MemoryOptOuts;
pub use opt_outs::OptOuts;

use crate::{EventHandler, IgnoreReason, Outcome};

/// A handler that passes only some events to another handler. Without conditions, it passes all of them.
///
/// Each method adds a condition. An event that does not meet all of them returns [`Outcome::Ignored`] with the reason, which
/// [`Receiver::on_outcome`](crate::Receiver::on_outcome) gets. An event passes a condition that is not about its kind: an
/// event of the account has no sender, and a typing indicator no line. Of a [burst](EventHandler::handle_burst), the handler
/// gets the events that pass, if there are any.
///
/// A gate is a handler like any other: for a receiver, a durable inbox, or another gate.
///
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use linq::webhooks::{EventHandler, Gate, MemoryOptOuts, Receiver, Verifier};
///
/// fn receiver<H: EventHandler>(verifier: Verifier, bot: H) -> Receiver<Gate<H, MemoryOptOuts>> {
///     let gate = Gate::new(bot)
///         .skip_own()
///         .skip_history()
///         .only_lines(["+12025550100"])
///         .groups_only_if_mentioned()
///         .opt_outs(MemoryOptOuts::new());
///     Receiver::new(verifier, gate)
/// }
/// ```
pub struct Gate<H: EventHandler, O = ()> {
    handler: H,
    rules: Vec<Box<Rule>>,
    opt_outs: O,
    is_refusal: Option<Box<IsRefusal<H::Error>>>,
}

/// Returns why an event is ignored, if it is.
type Rule = dyn Fn(&Event) -> Option<IgnoreReason> + Send + Sync;

type IsRefusal<E> = dyn Fn(&E) -> bool + Send + Sync;

impl<H: EventHandler> Gate<H> {
    /// Creates a gate without conditions in front of this handler.
    pub fn new(handler: H) -> Self {
        Self { handler, rules: Vec::new(), opt_outs: (), is_refusal: None }
    }
}

impl<H: EventHandler, O> Gate<H, O> {
    /// Ignores what your own lines write and do: events of which [`Event::is_from_me`] returns `true`.
    ///
    /// The events that report what became of a send pass: sent, delivered, read and failed messages and polls.
    #[must_use]
    pub fn skip_own(self) -> Self {
        self.ignore(IgnoreReason::Own, |event| event.is_from_me() && !reports_a_send(&event.event_type))
    }

    /// Ignores events of other lines than these.
    #[must_use]
    pub fn only_lines<L: Into<Handle>>(self, lines: impl IntoIterator<Item = L>) -> Self {
        let lines: HashSet<Handle> = lines.into_iter().map(Into::into).collect();
        self.ignore(IgnoreReason::OtherLine, move |event| {
            event.data.line().is_some_and(|line| !lines.contains(line))
        })
    }

    /// Ignores messages that the service recovered late.
    #[must_use]
    pub fn skip_history(self) -> Self {
        self.ignore(IgnoreReason::History, |event| {
            event.message().is_some_and(|message| message.is_history())
        })
    }

    /// Ignores received messages in groups that do not mention your line.
    #[must_use]
    pub fn groups_only_if_mentioned(self) -> Self {
        self.ignore(IgnoreReason::NotMentioned, |event| {
            received(event).is_some_and(|message| message.is_group == Some(true) && !message.mentions_me())
        })
    }

    /// Ignores what other people than these write and do, and messages without a sender. Events of your own lines pass.
    #[must_use]
    pub fn allow<P: Into<Handle>>(self, people: impl IntoIterator<Item = P>) -> Self {
        let people: HashSet<Handle> = people.into_iter().map(Into::into).collect();
        self.ignore(IgnoreReason::NotAllowed, move |event| match event.data.sender() {
            _ if event.is_from_me() => false,
            Some(sender) => !people.contains(sender),
            None => event.event_type == EventType::MessageReceived,
        })
    }

    /// Ignores events for which this condition returns `false`.
    #[must_use]
    pub fn filter(self, condition: impl Fn(&Event) -> bool + Send + Sync + 'static) -> Self {
        self.ignore(IgnoreReason::Filtered, move |event| !condition(event))
    }

    fn ignore(
        mut self,
        reason: IgnoreReason,
        applies: impl Fn(&Event) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.rules.push(Box::new(move |event| applies(event).then_some(reason)));
        self
    }

    /// Remembers who opted out, and ignores what they do: the service refuses every send to them.
    ///
    /// A person opts out with [a keyword](MessageView::is_opt_out), and in again with any other message, which the handler
    /// gets. Messages are compared by their times, so that one that is delivered late does not end an opt-out. Events in
    /// groups pass, because a person cannot opt out of one. The gate learns of opt-outs from the messages that the handler
    /// accepts, before all other conditions.
    #[must_use]
    pub fn opt_outs<S: OptOuts>(self, opt_outs: S) -> Gate<H, S> {
        Gate { handler: self.handler, rules: self.rules, opt_outs, is_refusal: self.is_refusal }
    }

    /// Treats errors of the handler for which `is_refusal` returns `true` as opt-outs of the sender of the event: they are
    /// remembered, and the event is ignored instead of delivered again.
    ///
    /// With the client, that is `linq::Error::is_opted_out` (403,
    /// [`RECIPIENT_OPTED_OUT`](linq_types::error::ErrorCode::RECIPIENT_OPTED_OUT), 2024). It is for handlers that send to
    /// the sender of the event only.
    #[must_use]
    pub fn refusals(mut self, is_refusal: impl Fn(&H::Error) -> bool + Send + Sync + 'static) -> Self {
        self.is_refusal = Some(Box::new(is_refusal));
        self
    }

    /// Returns the handler.
    #[must_use]
    pub fn handler(&self) -> &H {
        &self.handler
    }
}

impl<H: EventHandler, O: OptOuts> Gate<H, O> {
    /// Returns why the event is ignored, if it is.
    async fn check(&self, event: &Event) -> Result<Option<IgnoreReason>, GateError<H::Error>> {
        if self.has_opted_out(event).await.map_err(GateError::OptOuts)? {
            return Ok(Some(IgnoreReason::OptedOut));
        }
        Ok(self.rules.iter().find_map(|rule| rule(event)))
    }

    /// Notes an opt-out or its end, and returns `true` if the person behind the event has opted out.
    async fn has_opted_out(&self, event: &Event) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
        let Some(person) = event.data.sender() else { return Ok(false) };
        if event.is_from_me() || event.data.is_group() == Some(true) {
            return Ok(false);
        }
        if let Some(message) = received(event) {
            if message.is_opt_out() {
                self.opt_outs.insert(person, time(event)).await?;
                return Ok(true);
            }
            return self.opt_outs.remove(person, time(event)).await;
        }
        self.opt_outs.contains(person).await
    }

    /// Returns the result of the handler. A refusal is remembered for this person instead.
    async fn settle(
        &self,
        result: Result<Outcome, H::Error>,
        person: Option<(Handle, Timestamp)>,
    ) -> Result<Outcome, GateError<H::Error>> {
        match result {
            Err(error) if self.is_refusal.as_ref().is_some_and(|is_refusal| is_refusal(&error)) => {
                if let Some((person, at)) = person {
                    self.opt_outs.insert(&person, at).await.map_err(GateError::OptOuts)?;
                }
                Ok(Outcome::Ignored(IgnoreReason::OptedOut))
            }
            result => result.map_err(GateError::Handler),
        }
    }
}

impl<H: EventHandler, O: OptOuts> EventHandler for Gate<H, O> {
    type Error = GateError<H::Error>;
    const EVENTS: &'static [Interest] = H::EVENTS;

    async fn handle(&self, event: Event) -> Result<Outcome, Self::Error> {
        if let Some(reason) = self.check(&event).await? {
            return Ok(Outcome::Ignored(reason));
        }
        let person = sender(&event);
        let result = self.handler.handle(event).await;
        self.settle(result, person).await
    }

    async fn handle_burst(&self, events: Vec<Event>) -> Result<Outcome, Self::Error> {
        let mut passed: Vec<Event> = Vec::new();
        let mut ignored = IgnoreReason::NotAccepted;
        for event in events {
            match self.check(&event).await? {
                None => passed.push(event),
                Some(reason) => {
                    // What the person wrote before the opt-out is not answered either.
                    if reason == IgnoreReason::OptedOut {
                        passed.retain(|earlier| earlier.data.sender() != event.data.sender());
                    }
                    ignored = reason;
                }
            }
        }
        let Some(first) = passed.first() else { return Ok(Outcome::Ignored(ignored)) };
        let person = sender(first);
        let result = self.handler.handle_burst(passed).await;
        self.settle(result, person).await
    }

    fn events(&self) -> &[Interest] {
        self.handler.events()
    }
}

/// Returns the message of an event of a received message.
fn received(event: &Event) -> Option<MessageView<'_>> {
    event.message().filter(|_| event.event_type == EventType::MessageReceived)
}

fn sender(event: &Event) -> Option<(Handle, Timestamp)> {
    Some((event.data.sender()?.clone(), time(event)))
}

/// Returns when the event happened, or 1970 if the event does not have it.
fn time(event: &Event) -> Timestamp {
    let received_at = event.message().and_then(|message| message.received_at);
    received_at.or(event.created_at).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Returns `true` if events of this type report what became of a message or poll that a line sent.
fn reports_a_send(event_type: &EventType) -> bool {
    matches!(
        event_type,
        EventType::MessageSent
            | EventType::MessageDelivered
            | EventType::MessageRead
            | EventType::MessageFailed
            | EventType::PollSent
            | EventType::PollDelivered
            | EventType::PollRead
            | EventType::PollFailed
    )
}

impl<H: EventHandler, O> fmt::Debug for Gate<H, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("events", &self.handler.events()).finish_non_exhaustive()
    }
}
