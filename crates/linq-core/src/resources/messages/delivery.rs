use std::{fmt, time::Duration};

use linq_types::{
    MessageId,
    messages::{DeliveryStatus, Message},
};

use super::Messages;
#[cfg(feature = "blocking")]
use crate::blocking;
use crate::{
    Call, CallFuture, Client, Error, EventWatch,
    deadline::{Deadline, Limit},
    event_watch::Receipt,
    exchange::Options,
    retry,
};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);
/// The longest pause between two looks at a message.
const MAX_PAUSE: Duration = Duration::from_secs(5);

/// The wait for the delivery of a message: `.await` it on the [`Client`].
#[cfg_attr(
    feature = "blocking",
    doc = "On the [`blocking::Client`](crate::blocking::Client), finish it with `.call()`."
)]
///
/// It returns [`DeliveryStatus::Delivered`] or [`DeliveryStatus::Read`]. SMS reports no delivery, so there it returns
/// [`DeliveryStatus::Sent`].
///
/// It requests the message again and again, half a second later at first and every five seconds in the end, unless a
/// [`watch`](Self::watch) sees the webhooks. It sends nothing, so it can be dropped and repeated.
///
/// # Errors
///
/// It returns an error if
///
/// * the message failed ([`ErrorKind::FailedMessage`](crate::ErrorKind::FailedMessage)): [`Error::code`] has the reason, but
///   only if a watch has seen the webhook, because the API does not respond with it;
/// * the message is not delivered within the timeout ([`ErrorKind::NotDelivered`](crate::ErrorKind::NotDelivered)), which may
///   still happen;
/// * a request fails with an error that is not [transient](Error::is_transient), such as
///   [`ErrorCode::MESSAGE_NOT_FOUND`](crate::types::error::ErrorCode::MESSAGE_NOT_FOUND) (2002).
///
/// ```
/// # use linq_core as linq;
/// # async fn doc(client: linq_core::Client, message: linq_core::types::MessageId) {
/// use linq::ErrorKind;
///
/// match client.messages().delivery(&message).await {
///     Ok(status) => println!("{status}"),
///     Err(error) if error.kind() == ErrorKind::FailedMessage => println!("failed: {:?}", error.code()),
///     Err(error) if error.kind() == ErrorKind::NotDelivered => println!("not yet"),
///     Err(error) => println!("not known: {error}"),
/// }
/// # }
/// ```
#[must_use = "nothing is awaited until it is awaited or finished with `.call()`"]
pub struct Delivery<'c, C> {
    client: &'c C,
    message: MessageId,
    timeout: Duration,
    watch: Option<EventWatch>,
    options: Options,
}

impl<'c, C> Delivery<'c, C> {
    pub(super) fn new(client: &'c C, message: MessageId) -> Self {
        Self { client, message, timeout: DEFAULT_TIMEOUT, watch: None, options: Options::default() }
    }

    /// Waits for up to this time; 60 seconds by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Waits for the webhooks that a receiver in this process lets the watch observe, and makes no requests.
    pub fn watch(mut self, watch: &EventWatch) -> Self {
        self.watch = Some(watch.clone());
        self
    }

    request_options!();

    /// One look at the message. Looks are repeated, so attempts are not, unless asked for.
    fn retrieve(&self) -> Call<'c, C, Message> {
        let options = Options { attempts: self.options.attempts.or(Some(1)), ..self.options.clone() };
        Call { options, ..Messages { client: self.client }.retrieve(&self.message) }
    }
}

/// What follows from one look at a message. It has no clock and no I/O: both clients are loops around it.
enum Progress {
    Settled(DeliveryStatus),
    /// Wait, then look again.
    Pending(Duration),
}

impl Progress {
    /// A wait that does not fit into what is `left` is an error at once.
    fn of(look: Result<Message, Error>, looks: u32, left: Option<Duration>) -> Result<Self, Error> {
        let backoff = retry::backoff(looks, 0.0).min(MAX_PAUSE);
        let pause = match look {
            Ok(Message { delivery_status: Some(status), service, .. }) => {
                match (Receipt { status, service, code: None }).settled() {
                    Some(outcome) => return outcome.map(Self::Settled),
                    None => backoff,
                }
            }
            Ok(_) => backoff,
            Err(error) if error.is_transient() => error.retry_after().unwrap_or(backoff),
            Err(error) => return Err(error),
        };
        match left {
            Some(left) if pause >= left => Err(Error::not_delivered()),
            _ => Ok(Self::Pending(pause)),
        }
    }
}

impl Delivery<'_, Client> {
    async fn settle(&self, limit: Limit) -> Result<DeliveryStatus, Error> {
        if let Some(watch) = &self.watch {
            return watch.settled(&self.message).await;
        }
        let backend = &*self.client.backend;
        for looks in 1.. {
            match Progress::of(self.retrieve().await, looks, limit.left(backend))? {
                Progress::Settled(status) => return Ok(status),
                Progress::Pending(pause) => backend.sleep(pause).await,
            }
        }
        Err(Error::not_delivered())
    }
}

impl<'c> IntoFuture for Delivery<'c, Client> {
    type Output = Result<DeliveryStatus, Error>;
    type IntoFuture = CallFuture<'c, DeliveryStatus>;

    fn into_future(self) -> CallFuture<'c, DeliveryStatus> {
        Box::pin(async move {
            let mut deadline = Deadline::after(Some(self.timeout), &*self.client.backend);
            let limit = deadline.limit();
            let settled = deadline.race(self.settle(limit)).await;
            settled.unwrap_or_else(|| Err(Error::not_delivered()))
        })
    }
}

#[cfg(feature = "blocking")]
impl Delivery<'_, blocking::Client> {
    /// On the blocking client, waits for the delivery.
    ///
    /// # Errors
    ///
    /// Returns an error if the message failed, is not delivered within the timeout, or cannot be requested.
    pub fn call(self) -> Result<DeliveryStatus, Error> {
        let limit = blocking::Deadline::after(Some(self.timeout));
        if let Some(watch) = &self.watch {
            return watch.wait_settled(&self.message, limit).unwrap_or_else(|| Err(Error::not_delivered()));
        }
        for looks in 1.. {
            let look = self.retrieve().within(Some(limit)).map(|look| look.value);
            match Progress::of(look, looks, limit.left())? {
                Progress::Settled(status) => return Ok(status),
                Progress::Pending(pause) => self.client.backend.sleep(pause),
            }
        }
        Err(Error::not_delivered())
    }
}

impl<C> fmt::Debug for Delivery<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery").field("message", &self.message).finish_non_exhaustive()
    }
}
