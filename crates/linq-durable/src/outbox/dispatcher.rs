use std::{fmt, future::Future, time::Duration};

use linq_core::{Error, ErrorKind, Pace, ReplayStored, Replayed, Retry, WithMeta};

use super::{
    Outbox, SendRecord, SendState,
    queued_send::QueuedSend,
    records::{Records, messages_of},
};
use crate::{
    Claim, Item, QueueName, RetryPolicy, Settlement, StoreError,
    runner::{Process, Runner, Work, backoff, runner_settings},
    trace::Trace,
};

/// For how long an idempotency key is trusted after the first attempt: the service documents no lifetime.
const KEY_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a send waits whose record cannot be written.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// The worker that makes the sends of an [`Outbox`].
///
/// It takes either client, and does not need a runtime: spawn [`run`](Self::run) as a task, or give it a thread with
/// [`block_on`](linq_webhooks::block_on). Several dispatchers, also in several processes, share the work. If the store or the
/// API cannot be reached, the dispatcher tries again, and never ends on its own.
///
/// ```
/// # mod linq { pub(crate) use linq_core::*; pub(crate) use linq_durable as durable; }
/// use linq::{Client, Pace, durable::Outbox};
///
/// async fn dispatch(outbox: &Outbox, client: Client) {
///     outbox.dispatcher(client).concurrency(8).pace(Pace::LINQ).run().await
/// }
/// ```
///
/// # When a send is repeated
///
/// A send that may have been executed, or that the API asks to repeat, is repeated with the same key after a backoff of 1
/// second, doubled up to 5 minutes, or after the delay that the API asks for. Everything else is decided at once. 24 hours
/// after the first attempt it is given up as [`Unknown`](SendState::Unknown).
#[must_use = "a dispatcher does nothing unless it is run"]
#[cfg(feature = "outbox")]
pub struct Dispatcher<C> {
    runner: Runner,
    sending: Sending<C>,
}

/// How a dispatcher makes sends.
struct Sending<C> {
    outbox: Outbox,
    client: C,
    pace: Pace,
    retry: RetryPolicy,
    messages: [QueueName; 1],
}

impl<C> Dispatcher<C> {
    pub(super) fn new(outbox: Outbox, client: C) -> Self {
        let runner = Runner::new(outbox.store.clone(), outbox.queue.clone());
        let retry = RetryPolicy::default().max_attempts(u32::MAX);
        let messages = [messages_of(&outbox.queue)];
        Self { runner, sending: Sending { outbox, client, pace: Pace::LINQ, retry, messages } }
    }

    /// Sets how long a send waits between attempts. The number of attempts of the policy does not apply: a send is repeated
    /// until 24 hours after the first.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.sending.retry = policy.max_attempts(u32::MAX);
        self
    }

    /// Sets the pace. The default is [`Pace::LINQ`].
    ///
    /// It is kept in the store, by all dispatchers together. A send that has to wait for it costs no attempt, and holds up its
    /// chat only.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.sending.pace = pace;
        self
    }

    runner_settings!(
        "sends",
        "Sets how long a send may take with all attempts of the client. The default is 10 minutes."
    );
}

impl<C: ReplayStored> Dispatcher<C> {
    /// Makes sends for ever.
    pub async fn run(self) {
        self.runner.run(&self.sending).await;
    }

    /// Makes sends until `shutdown` completes, and then finishes those that it has claimed.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) {
        self.runner.run_until(&self.sending, shutdown).await;
    }
}

impl<C: ReplayStored> Process for Sending<C> {
    async fn process(&self, work: &mut Work) -> Settlement {
        let claim = &work.claim;
        match QueuedSend::read(&claim.item) {
            Ok(send) => {
                work.trace.trace_id(send.trace_id.as_deref());
                self.advance(claim, &send).await.unwrap_or(Settlement::postpone(STORE_PAUSE))
            }
            // A later version of this program may be able to read it.
            Err(error) => Settlement::dead_letter(format!("stored send cannot be read: {error}")),
        }
    }

    fn timed_out(&self, item: &Item, timeout: Duration) -> Settlement {
        self.retry_after(item, format!("send timed out after {timeout:?}"), Duration::ZERO)
    }

    fn trace(claim: &Claim) -> Trace {
        Trace::send(claim)
    }

    fn other_queues(&self) -> &[QueueName] {
        &self.messages
    }
}

impl<C: ReplayStored> Sending<C> {
    /// Makes the next step with a send: decides without an attempt, or makes one.
    async fn advance(&self, claim: &Claim, send: &QueuedSend) -> Result<Settlement, StoreError> {
        let (item, records) = (&claim.item, self.outbox.records());
        let loaded = records.load(&item.id).await?;
        let (mut record, version) = loaded.unwrap_or_else(|| (SendRecord::new(item), 0));
        record.trace_id.clone_from(&send.trace_id);
        record.replaces.clone_from(&send.replaces);
        if let Some(settlement) = self.settle_ended(&records, &record).await? {
            return Ok(settlement);
        }
        let ended = match record.in_doubt_for(claim) {
            Some(doubt) if doubt >= KEY_LIFETIME => {
                Some((SendState::Unknown, "no answer within 24 hours of the first attempt"))
            }
            None if send.expires_after().is_some_and(|limit| claim.age >= limit) => {
                Some((SendState::Expired, "expired before its first attempt"))
            }
            _ => None,
        };
        if let Some((state, error)) = ended {
            (record.state, record.error) = (state, Some(error.to_owned()));
            return Ok(match records.put(&record, version).await? {
                true => Settlement::dead_letter(error),
                false => Settlement::Release,
            });
        }
        let line = send.line.as_deref().or_else(|| send.call.line());
        let limits = self.pace.limits(send.call.chat_id(), line, &send.call.people());
        if let Some(wait) = self.outbox.store.pace(limits).await? {
            return Ok(Settlement::postpone(wait));
        }
        let is_first = record.first_sent_at.is_none();
        record.state = SendState::Sending;
        record.first_sent_at = record.first_sent_at.or_else(|| Some(claim.claimed_at()));
        if !records.put(&record, version).await? {
            // It was cancelled, or a webhook came.
            return Ok(Settlement::Release);
        }
        let result = self.client.replay_stored(&send.call).await;
        Ok(self.conclude(&records, item, is_first, result).await)
    }

    /// Settles a send whose end is in its record already: the process died before it was settled, or a webhook came first.
    async fn settle_ended(
        &self,
        records: &Records<'_>,
        record: &SendRecord,
    ) -> Result<Option<Settlement>, StoreError> {
        Ok(match record.state {
            SendState::Queued | SendState::Sending => None,
            SendState::Accepted => {
                if let Some(message) = &record.message_id {
                    records.link(message, &record.key).await?;
                }
                Some(Settlement::Complete)
            }
            SendState::Cancelled => Some(Settlement::Complete),
            SendState::Refused | SendState::Failed | SendState::Unknown | SendState::Expired => {
                Some(Settlement::dead_letter(record.error.clone().unwrap_or_default()))
            }
        })
    }

    /// Records the result of an attempt. If the store fails, that is tried until the lease is lost: then the send is repeated
    /// with the same key, and has the same result.
    async fn conclude(
        &self,
        records: &Records<'_>,
        item: &Item,
        is_first: bool,
        result: Result<WithMeta<Replayed>, Error>,
    ) -> Settlement {
        let (state, settlement) = match &result {
            Ok(_) => (SendState::Accepted, Settlement::Complete),
            Err(error) => self.judge(item, is_first, error),
        };
        let change = |record: &mut SendRecord| {
            let is_open = matches!(record.state, SendState::Sending | SendState::Queued);
            match &result {
                Ok(accepted) => {
                    let Replayed { message_id, chat_id, .. } = &accepted.value;
                    record.message_id = record.message_id.take().or_else(|| message_id.clone());
                    record.chat_id.clone_from(chat_id);
                    (record.state, record.error) = (SendState::Accepted, None);
                }
                // A webhook has told that it was executed.
                Err(_) if !is_open => return false,
                Err(error) => {
                    record.state = state;
                    record.code = error.code();
                    record.error = Some(error.to_string());
                    if state == SendState::Queued {
                        record.first_sent_at = None;
                    }
                }
            }
            true
        };
        let message = result.as_ref().ok().and_then(|accepted| accepted.value.message_id.clone());
        for failures in 1.. {
            let recorded = async {
                records.change_or_create(item, change).await?;
                match &message {
                    Some(message) => records.link(message, &item.id.as_str().into()).await,
                    None => Ok(()),
                }
            };
            if recorded.await.is_ok() {
                break;
            }
            self.outbox.store.sleep(backoff(failures)).await;
        }
        settlement
    }

    /// Says what an error means for the send.
    fn judge(&self, item: &Item, is_first: bool, error: &Error) -> (SendState, Settlement) {
        let text = error.to_string();
        let is_key_refused = error.status().is_some_and(|status| status.as_u16() == 401);
        match (error.kind(), error.retry()) {
            (ErrorKind::FailedMessage | ErrorKind::InvalidRequest | ErrorKind::Config, _) => {
                (SendState::Failed, Settlement::dead_letter(text))
            }
            // The key of the client can be replaced, and nothing was sent.
            (_, Retry::Never) if !is_key_refused && !error.maybe_sent() => {
                (SendState::Refused, Settlement::dead_letter(text))
            }
            (_, retry) => {
                let state = match is_first && !error.maybe_sent() {
                    true => SendState::Queued,
                    false => SendState::Sending,
                };
                let asked = match retry {
                    Retry::After(delay) => error.retry_after().map_or(Duration::ZERO, |_| delay),
                    _ => Duration::ZERO,
                };
                (state, self.retry_after(item, text, asked))
            }
        }
    }

    fn retry_after(&self, item: &Item, error: String, asked: Duration) -> Settlement {
        let delay = self.retry.delay(item.attempts).unwrap_or_default();
        Settlement::retry(delay.max(asked), error)
    }
}

impl<C> fmt::Debug for Dispatcher<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatcher")
            .field("runner", &self.runner)
            .field("pace", &self.sending.pace)
            .finish_non_exhaustive()
    }
}
