//! Delivering webhooks: one attempt at a time, and when to try again.

use std::{error::Error, io, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::Full;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use linq_types::{ChatId, EventId, WebhookSubscriptionId, events::EventType};

use crate::{
    clock::Moment,
    ids,
    log::{Delivery, LogEntry, Outcome},
    scheduler::Action,
    shared::Shared,
    store::Subscription,
};

const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(10 * 60);
const GIVE_UP_AFTER: Duration = Duration::from_secs(30 * 60);
/// How long a connection waits for the next webhook. A receiver that shuts down may wait for it to close.
const IDLE_CONNECTION: Duration = Duration::from_millis(500);

/// One attempt to deliver an event to a subscription.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) subscription_id: WebhookSubscriptionId,
    pub(crate) event_id: EventId,
    pub(crate) event_type: EventType,
    pub(crate) body: Bytes,
    /// From 1.
    pub(crate) number: u32,
    /// When the first attempt was due.
    pub(crate) first: Moment,
    pub(crate) due: Moment,
    /// Whether it was never due, so that no fault held it back yet.
    pub(crate) is_new: bool,
    /// The chat it happened in.
    pub(crate) chat_id: Option<ChatId>,
}

impl Attempt {
    /// About what it takes in memory.
    pub(crate) fn size(&self) -> usize {
        size_of::<Self>() + self.body.len()
    }

    pub(crate) fn without_body(&self) -> Self {
        Self { body: Bytes::new(), ..self.clone() }
    }

    /// Whether it is the same attempt for the same subscription.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        (self.number, &self.event_id, &self.subscription_id)
            == (other.number, &other.event_id, &other.subscription_id)
    }
}

/// Carries webhooks to their receivers.
pub(crate) struct Courier {
    client: Client<HttpConnector, Full<Bytes>>,
}

/// How an attempt went, and whether it is worth another.
struct Verdict {
    outcome: Outcome,
    retry: bool,
    /// Of the answer.
    headers: HeaderMap,
}

impl Verdict {
    fn failed(reason: impl Into<String>, retry: bool) -> Self {
        Self { outcome: Outcome::Failed(reason.into()), retry, headers: HeaderMap::new() }
    }
}

impl Courier {
    pub(crate) fn new() -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_CONNECTION)
            .build_http();
        Self { client }
    }

    /// Makes the attempt, logs it, and queues the next one where the API would try again. A subscription that is
    /// gone or paused by now gets nothing.
    pub(crate) async fn deliver(&self, shared: &Shared, attempt: Attempt) {
        let prepared = shared.read(|store| {
            let subscription = store.subscriptions.get(attempt.subscription_id.as_str())?;
            let token = store.routing_tokens.get(&attempt);
            subscription.is_active.then(|| {
                let signed_at = match shared.config.rules.fresh_timestamps {
                    true => shared.clock.now(),
                    false => attempt.first,
                };
                (subscription.target_url.clone(), request(subscription, &attempt, signed_at, token))
            })
        });
        if let Some((target_url, request)) = prepared {
            let verdict = self.send(request, shared.config.webhook_timeout).await;
            let retry_at = verdict.retry.then(|| queue_retry(shared, &attempt)).flatten();
            remember_token(shared, &attempt, verdict.headers);
            log(shared, &attempt, target_url, verdict.outcome, retry_at);
        }
        shared.change(|store, _| store.queue.finish(&attempt));
    }

    async fn send(&self, request: Result<Request<Full<Bytes>>, http::Error>, timeout: Duration) -> Verdict {
        let request = match request {
            Ok(request) => request,
            Err(error) => return Verdict::failed(format!("no request can be made of it: {error}"), false),
        };
        if request.uri().scheme_str() != Some("http") {
            return Verdict::failed("the sandbox delivers over plain http only", false);
        }
        match tokio::time::timeout(timeout, self.client.request(request)).await {
            Ok(Ok(answer)) => {
                let status = answer.status();
                let retry = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
                let headers =
                    if status.is_success() { answer.into_parts().0.headers } else { HeaderMap::new() };
                Verdict { outcome: Outcome::Answered(status), retry, headers }
            }
            Ok(Err(error)) => Verdict::failed(chain(&error), !error.is_connect() || is_refused(&error)),
            Err(_) => Verdict::failed(format!("no answer within {timeout:?}"), true),
        }
    }
}

/// Logs a webhook that nobody will get.
pub(crate) fn log_dropped(shared: &Shared, attempt: &Attempt) {
    let target_url = shared.read(|store| {
        let subscription = store.subscriptions.get(attempt.subscription_id.as_str());
        subscription.map(|subscription| subscription.target_url.clone())
    });
    let reason = "dropped: too many webhooks wait for their receivers".to_owned();
    log(shared, attempt, target_url.unwrap_or_default(), Outcome::Failed(reason), None);
}

/// A request that is signed at this time: each attempt has its own, and all have the event's id.
fn request(
    subscription: &Subscription,
    attempt: &Attempt,
    signed_at: Moment,
    token: Option<&HeaderValue>,
) -> Result<Request<Full<Bytes>>, http::Error> {
    let id = attempt.event_id.as_str();
    let mut request = Request::new(Full::new(attempt.body.clone()));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = Uri::clone(&subscription.target);
    let headers = request.headers_mut();
    *headers = subscription.signer.headers(id, signed_at.timestamp(), &attempt.body)?;
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::USER_AGENT, HeaderValue::from_static("linq-sandbox"));
    headers.insert("x-webhook-event", HeaderValue::from_str(attempt.event_type.as_str())?);
    headers.insert("x-webhook-subscription-id", HeaderValue::from_str(subscription.id.as_str())?);
    if let (Some(key_header), Some(chat_id)) = (&subscription.routing_key_header, &attempt.chat_id) {
        let id_header = subscription.routing_id_header.as_deref().unwrap_or("linq-chat-id");
        headers.insert(HeaderName::try_from(id_header)?, HeaderValue::from_str(chat_id.as_str())?);
        if let Some(token) = token {
            headers.insert(HeaderName::try_from(key_header)?, token.clone());
        }
    }
    Ok(request)
}

/// Queues the next attempt, unless it would come too late.
fn queue_retry(shared: &Shared, attempt: &Attempt) -> Option<Moment> {
    let factor = shared.config.retry_factor;
    let jitter = ids::jitter(shared.config.seed, &attempt.event_id, &attempt.subscription_id, attempt.number);
    shared.change(|store, now| {
        let at = now + wait_after(attempt.number).mul_f64(jitter * factor);
        (at - attempt.first <= GIVE_UP_AFTER.mul_f64(factor)).then(|| {
            let next = Attempt { number: attempt.number + 1, ..attempt.clone() };
            store.queue.push(at, Action::Deliver(next));
            at
        })
    })
}

/// With delivery affinity, a receiver's 2xx answer may name who is to get the chat's next webhooks.
fn remember_token(shared: &Shared, attempt: &Attempt, mut headers: HeaderMap) {
    shared.change(|store, _| {
        let subscription = store.subscriptions.get(attempt.subscription_id.as_str());
        let key_header = subscription.and_then(|subscription| subscription.routing_key_header.as_deref());
        if let Some(token) = key_header.and_then(|name| headers.remove(name)) {
            store.routing_tokens.set(attempt, token);
        }
    });
}

fn log(shared: &Shared, attempt: &Attempt, target_url: String, outcome: Outcome, retry_at: Option<Moment>) {
    shared.log.push(LogEntry::Delivery(Delivery {
        time: shared.clock.now().timestamp(),
        event_id: attempt.event_id.clone(),
        event_type: attempt.event_type.clone(),
        subscription_id: attempt.subscription_id.clone(),
        target_url,
        attempt: attempt.number,
        outcome,
        retry_at: retry_at.map(Moment::timestamp),
    }));
}

/// 2 s after the first attempt, then twice as long each time, 10 minutes at most.
fn wait_after(attempt: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(20);
    (FIRST_WAIT * 2u32.pow(doublings)).min(LONGEST_WAIT)
}

/// Whether nobody listened, rather than that the name has no address.
fn is_refused(error: &(dyn Error + 'static)) -> bool {
    let mut source = Some(error);
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>()
            && matches!(
                error.kind(),
                io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset | io::ErrorKind::TimedOut
            )
        {
            return true;
        }
        source = error.source();
    }
    false
}

/// An error with its causes, in one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_two_seconds_up_to_ten_minutes() {
        let waits: Vec<_> = (1..=11).map(|attempt| wait_after(attempt).as_secs()).collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
        assert_eq!(wait_after(u32::MAX), LONGEST_WAIT);
    }
}
