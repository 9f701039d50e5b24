use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::HeaderMap;
use linq_types::{
    Timestamp,
    events::{Envelope, Event, EventOrEnvelope, Interest, ParseEventError},
};

use super::{catch_panic::catch_panic, claims::Claims, settings::Settings};
use crate::{
    BodyTimeout, Deduplicator, EventHandler, IgnoreReason, MemoryDeduplicator, Outcome, ReceiveError,
    Verified, Verifier, trace,
};

/// A webhook endpoint without a server: it verifies, parses, deduplicates and handles the events of deliveries.
///
/// It works with any server that provides the headers and the body of a request, on any executor or, with
/// [`block_on`](crate::block_on), on none. Its futures are [`Send`] if the handler and the deduplicator are. Clones
/// are cheap and share all state.
///
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use bytes::Bytes;
/// use linq::webhooks::{EventHandler, Receiver, Verifier};
///
/// fn receiver<H: EventHandler<Error: std::fmt::Display>>(verifier: Verifier, handler: H) -> Receiver<H> {
///     Receiver::new(verifier, handler).on_error(|error| eprintln!("{} {error}", error.status()))
/// }
///
/// async fn hook<H: EventHandler>(
///     receiver: &Receiver<H>,
///     request: http::Request<Bytes>,
/// ) -> http::Response<Bytes> {
///     receiver.respond(request).await
/// }
/// ```
///
/// # Events that no method takes
///
/// An event that is not among the [`events`](EventHandler::events) of the handler returns [`Outcome::Ignored`] as soon as
/// it is verified and its envelope is read, and [`on_outcome`](Self::on_outcome) gets the reason. Its payload is not parsed,
/// so that an unexpected payload of such an event is not an error. It is not claimed, because there is nothing to handle:
/// every delivery of it is ignored. A handler that accepts [every event](linq_types::events::Interest::All) ignores none.
///
/// # Events whose payload cannot be read
///
/// A verified event is not lost if its payload does not match the type of its event type. If the handler accepts
/// [every event](linq_types::events::Interest::All), it gets the event with the payload as
/// [`EventData::Unknown`](linq_types::events::EventData::Unknown), and [`on_error`](Self::on_error) gets the error. Otherwise
/// the delivery is [`ReceiveError::InvalidEvent`], unless the receiver is told to
/// [keep such events](Self::keep_unreadable). So is a body without a readable event type, which is not an event.
///
/// # Duplicates
///
/// The API delivers each event at least once. The receiver handles each event once, even if deliveries are
/// concurrent: a delivery of an event that was handled returns [`Outcome::Duplicate`], and a delivery of an event
/// that is being handled returns [`ReceiveError::InProgress`] (503, so the API delivers it again later). If the
/// handler fails or panics, the next delivery is handled. If its future is dropped, usually because the API hung up after 10
/// seconds, the event remains in progress for [a minute](Self::release_dropped_after), in which a request of the handler may
/// still be executing, and the next delivery after that is handled.
///
/// A handler can therefore run several times for one event. Send with the [keys](linq_types::events::EventKeys) of the event,
/// so that the API executes each send once.
///
/// Events are identified by the `event_id` in the body, which every scheme signs. Only an event without one is identified by
/// `webhook-id`, if that is signed: both have the same value, but only one scheme signs the header, so removing it would
/// otherwise make one body two events. An event with neither is handled each time it is delivered.
///
/// # Handling after the response
///
/// The API waits 10 seconds for a response, and the receiver handles the event in that time. A handler that may take longer
/// is for a durable inbox (`linq::durable`, feature `inbox`): its receiver stores the event and responds with 202, and a worker
/// handles it afterwards.
///
/// To shut down, let the server finish the requests in progress; the receiver has no work of its own.
///
/// # Panics
///
/// If panics unwind, a panic in the handler is caught and becomes [`ReceiveError::Panicked`].
pub struct Receiver<H: EventHandler, D = MemoryDeduplicator> {
    pub(crate) verifier: Verifier,
    handler: Arc<H>,
    claims: Arc<Claims<D>>,
    pub(crate) settings: Arc<Settings<H::Error>>,
}

/// The event of a verified delivery.
struct Parsed {
    event: Event,
    /// Why the payload could not be read; `None` if it was.
    payload_error: Option<ParseEventError>,
}

impl<H: EventHandler> Receiver<H> {
    /// Creates a receiver that passes verified events to this handler, and remembers them in a
    /// [`MemoryDeduplicator`].
    pub fn new(verifier: Verifier, handler: H) -> Self {
        Self {
            verifier,
            handler: Arc::new(handler),
            claims: Arc::new(Claims::new(MemoryDeduplicator::new())),
            settings: Arc::default(),
        }
    }
}

impl<H: EventHandler, D> Receiver<H, D> {
    /// Sets the deduplicator. The default is a [`MemoryDeduplicator`].
    ///
    /// Several receivers can share one in an `Arc`. With `()`, every delivery is handled. Existing clones keep the
    /// previous deduplicator.
    #[must_use]
    pub fn deduplicator<E: Deduplicator>(self, deduplicator: E) -> Receiver<H, E> {
        Receiver {
            verifier: self.verifier,
            handler: self.handler,
            claims: Arc::new(Claims::new(deduplicator)),
            settings: self.settings,
        }
    }

    /// Sets the maximum size of a body in bytes. The default is 1 MiB.
    #[must_use]
    pub fn max_body_bytes(mut self, max: usize) -> Self {
        Arc::make_mut(&mut self.settings).max_body_bytes = max;
        self
    }

    /// Sets the maximum duration of reading a body, for `serve` and `into_service`. There is none by default, because this crate
    /// has no timer; otherwise a client that stops in the middle of a body holds its connection and what it sent.
    ///
    /// The API waits 10 seconds for the response. After the timeout the response is
    /// [408](ReceiveError::BodyTimeout).
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_webhooks as webhooks; }
    /// use std::time::Duration;
    ///
    /// use linq::webhooks::{BodyTimeout, EventHandler, Receiver, Verifier};
    ///
    /// fn receiver<H: EventHandler>(verifier: Verifier, handler: H) -> Receiver<H> {
    ///     let timeout = BodyTimeout::new(Duration::from_secs(10), tokio::time::sleep);
    ///     Receiver::new(verifier, handler).body_timeout(timeout)
    /// }
    /// ```
    #[must_use]
    pub fn body_timeout(mut self, timeout: BodyTimeout) -> Self {
        Arc::make_mut(&mut self.settings).body_timeout = Some(timeout);
        self
    }

    /// Sets how long an event remains in progress after its handler was dropped. The default is 60 seconds, at most a day is
    /// used.
    ///
    /// The server drops the handler when the client disconnects, which the API does after 10 seconds. A request that the
    /// handler made may still be executing then, and may take as long as the timeout of an attempt, which is 60 seconds by
    /// default in the client. The API delivers an event again for up to 30 minutes, with up to 10 minutes between two
    /// deliveries: choose minutes, not hours. Without a clock, on `wasm32-unknown-unknown`, the time begins with the delivery.
    #[must_use]
    pub fn release_dropped_after(mut self, duration: Duration) -> Self {
        Arc::make_mut(&mut self.settings).release_dropped_after = duration;
        self
    }

    /// Passes verified events whose payload cannot be read to the handler, with the payload as
    /// [`EventData::Unknown`](linq_types::events::EventData::Unknown), even if the handler does not accept
    /// [every event](Interest::All): for handlers that store events to be read later.
    #[must_use]
    pub fn keep_unreadable(mut self) -> Self {
        Arc::make_mut(&mut self.settings).keep_unreadable = true;
        self
    }

    /// Sets a callback for errors, usually to log them.
    ///
    /// It is called for each delivery that [`respond`](Self::respond) or a server adapter responds to with an error.
    /// The response itself does not contain the handler's error. It is also called with
    /// [`InvalidEvent`](ReceiveError::InvalidEvent) when an event is handled without its payload, which could not be read: the
    /// response to that delivery is the handler's.
    #[must_use]
    pub fn on_error(mut self, callback: impl Fn(&ReceiveError<H::Error>) + Send + Sync + 'static) -> Self {
        Arc::make_mut(&mut self.settings).on_error = Some(Arc::new(callback));
        self
    }

    /// Sets a callback for what becomes of each verified event, handled or not, for logs and metrics.
    ///
    /// It gets the envelope of the event and the result of [`receive`](Self::receive): an [`Outcome`], which has the reason
    /// if the event was ignored, or the error. An event whose format is not the one that the handler accepts is ignored with
    /// [`IgnoreReason::OtherFormat`]. It is not called for deliveries that are not verified or not events, and not if the
    /// future is dropped. With the feature `tracing`, the same is recorded as `tracing` events, as are those deliveries.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_webhooks as webhooks; }
    /// use linq::webhooks::{EventHandler, Outcome, Receiver, Verifier};
    ///
    /// fn receiver<H: EventHandler>(verifier: Verifier, handler: H) -> Receiver<H> {
    ///     Receiver::new(verifier, handler).on_outcome(|event, outcome| match outcome {
    ///         Ok(Outcome::Ignored(reason)) => println!("{} ignored: {reason}", event.event_type()),
    ///         Ok(outcome) => println!("{} {outcome:?}", event.event_type()),
    ///         Err(error) => println!("{} {}", event.event_type(), error.status()),
    ///     })
    /// }
    /// ```
    #[must_use]
    pub fn on_outcome(
        mut self,
        callback: impl Fn(&Envelope<'_>, Result<Outcome, &ReceiveError<H::Error>>) + Send + Sync + 'static,
    ) -> Self {
        Arc::make_mut(&mut self.settings).on_outcome = Some(Arc::new(callback));
        self
    }

    /// Calls the `on_error` callback.
    pub(crate) fn report(&self, error: &ReceiveError<H::Error>) {
        if let Some(on_error) = &self.settings.on_error {
            on_error(error);
        }
    }

    /// Returns the handler.
    #[must_use]
    pub fn handler(&self) -> &H {
        &self.handler
    }
}

impl<H: EventHandler, D: Deduplicator> Receiver<H, D> {
    /// Processes a delivery as of the given time and handles its event. Otherwise like [`receive`](Self::receive).
    ///
    /// # Errors
    ///
    /// Returns an error if the event was not handled; see [`ReceiveError`].
    pub async fn receive_at(
        &self,
        headers: &HeaderMap,
        body: impl Into<Bytes>,
        now: Timestamp,
    ) -> Result<Outcome, ReceiveError<H::Error>> {
        let verified = self.verify(headers, body.into(), now).inspect_err(trace::rejected)?;
        let result = self.handle(&verified, now).await;
        self.tell_outcome(&verified, result.as_ref());
        result
    }

    fn verify(
        &self,
        headers: &HeaderMap,
        body: Bytes,
        now: Timestamp,
    ) -> Result<Verified, ReceiveError<H::Error>> {
        let max = self.settings.max_body_bytes;
        if body.len() > max {
            return Err(ReceiveError::TooLarge { max });
        }
        self.verifier.verify_at(headers, body, now).map_err(ReceiveError::Unverified)
    }

    async fn handle(&self, verified: &Verified, now: Timestamp) -> Result<Outcome, ReceiveError<H::Error>> {
        let Parsed { event, payload_error } = match self.parse(verified)? {
            Ok(parsed) => parsed,
            Err(ignored) => return Ok(Outcome::Ignored(ignored)),
        };
        let claimed = match &event.event_id {
            None => None,
            Some(event_id) => match self.claims.claim(event_id, now).await? {
                Some(claimed) => Some(claimed.begin_handling(self.settings.release_dropped_after)),
                None => return Ok(Outcome::Duplicate),
            },
        };
        if let Some(error) = payload_error {
            self.report(&ReceiveError::InvalidEvent(error));
        }
        let result = match catch_panic(async { self.handler.handle(event).await }).await {
            Some(result) => result.map_err(ReceiveError::Handler),
            None => Err(ReceiveError::Panicked),
        };
        if let Some(claimed) = claimed {
            claimed.settle(result.is_ok()).await;
        }
        result
    }

    /// Parses the event of a delivery, or returns why the handler does not accept it.
    fn parse(&self, verified: &Verified) -> Result<Result<Parsed, IgnoreReason>, ReceiveError<H::Error>> {
        let interests = self.handler.events();
        match verified.parse_if(interests) {
            Ok(EventOrEnvelope::Accepted(event)) => Ok(Ok(Parsed { event, payload_error: None })),
            Ok(EventOrEnvelope::Other(event)) => Ok(Err(IgnoreReason::of(&event, interests))),
            Err(error) => {
                let is_kept = self.settings.keep_unreadable || interests.contains(&Interest::All);
                match error.event().filter(|_| is_kept) {
                    Some(event) => Ok(Ok(Parsed { event: event.clone(), payload_error: Some(error) })),
                    None => Err(ReceiveError::InvalidEvent(error)),
                }
            }
        }
    }

    /// Calls the `on_outcome` callback, unless the body is not an event.
    fn tell_outcome(&self, verified: &Verified, result: Result<&Outcome, &ReceiveError<H::Error>>) {
        let on_outcome = self.settings.on_outcome.as_deref();
        if on_outcome.is_none() && !trace::is_enabled() {
            return;
        }
        let Ok(event) = verified.envelope() else {
            let _not_an_event = result.inspect_err(|error| trace::rejected(error));
            return;
        };
        let result = result.copied();
        trace::event(&event, result);
        if let Some(on_outcome) = on_outcome {
            on_outcome(&event, result);
        }
    }
}

impl<H: EventHandler, D> Clone for Receiver<H, D> {
    fn clone(&self) -> Self {
        Self {
            verifier: self.verifier.clone(),
            handler: Arc::clone(&self.handler),
            claims: Arc::clone(&self.claims),
            settings: Arc::clone(&self.settings),
        }
    }
}

impl<H: EventHandler, D> fmt::Debug for Receiver<H, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("verifier", &self.verifier)
            .field("max_body_bytes", &self.settings.max_body_bytes)
            .finish_non_exhaustive()
    }
}
