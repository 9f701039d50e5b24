//! The delivery of webhooks and its retries.

use std::{error::Error, io, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::Full;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};

use crate::{
    clock::Moment,
    ids,
    log::{Delivery, DeliveryOutcome, LogEntry},
    model::Subscription,
    queue::{Action, Attempt},
    shared::Shared,
};

const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(10 * 60);
const GIVE_UP_AFTER: Duration = Duration::from_secs(30 * 60);
/// The idle timeout of connections. A receiver that shuts down may wait for them to close.
const IDLE_CONNECTION: Duration = Duration::from_millis(500);

/// Delivers webhooks to their receivers.
pub(crate) struct Courier {
    client: Client<HttpConnector, Full<Bytes>>,
}

/// The outcome of an attempt, and whether to retry.
struct Ended {
    outcome: DeliveryOutcome,
    retry: bool,
    /// The headers of the response.
    headers: HeaderMap,
}

impl Ended {
    fn failed(reason: impl Into<String>, retry: bool) -> Self {
        Self { outcome: DeliveryOutcome::Failed(reason.into()), retry, headers: HeaderMap::new() }
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

    /// Makes the attempt, logs it, and queues the next one if the API would retry. A subscription that is
    /// deleted or disabled gets nothing.
    pub(crate) async fn deliver(&self, shared: &Shared, attempt: Attempt) {
        let prepared = shared.inspect(|state| {
            let subscription = state.store.find_subscription(attempt.subscription_id.as_str())?;
            let token = state.routing_tokens.get(&attempt);
            subscription.is_active.then(|| {
                let signed_at = match shared.config.assumptions.fresh_timestamps {
                    true => shared.clock.now(),
                    false => attempt.first,
                };
                (subscription.target_url.clone(), request(subscription, &attempt, signed_at, token))
            })
        });
        if let Some((target_url, request)) = prepared {
            let ended = self.send(request, shared.config.webhook_timeout).await;
            let retry_at = ended.retry.then(|| queue_retry(shared, &attempt)).flatten();
            remember_token(shared, &attempt, ended.headers);
            log(shared, &attempt, target_url, ended.outcome, retry_at);
        }
        shared.update(|state, _| state.queue.finish(&attempt));
    }

    async fn send(&self, request: Result<Request<Full<Bytes>>, http::Error>, timeout: Duration) -> Ended {
        let request = match request {
            Ok(request) => request,
            Err(error) => return Ended::failed(format!("no request can be made of it: {error}"), false),
        };
        if request.uri().scheme_str() != Some("http") {
            return Ended::failed("the sandbox delivers over plain http only", false);
        }
        match tokio::time::timeout(timeout, self.client.request(request)).await {
            Ok(Ok(answer)) => {
                let status = answer.status();
                let retry = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
                let headers =
                    if status.is_success() { answer.into_parts().0.headers } else { HeaderMap::new() };
                Ended { outcome: DeliveryOutcome::Responded(status), retry, headers }
            }
            Ok(Err(error)) => Ended::failed(chain(&error), !error.is_connect() || is_refused(&error)),
            Err(_) => Ended::failed(format!("no answer within {timeout:?}"), true),
        }
    }
}

/// Logs a dropped webhook.
pub(crate) fn log_dropped(shared: &Shared, attempt: &Attempt) {
    let target_url = shared.read(|store| {
        let subscription = store.find_subscription(attempt.subscription_id.as_str());
        subscription.map(|subscription| subscription.target_url.clone())
    });
    let reason = "dropped: too many webhooks wait for their receivers".to_owned();
    log(shared, attempt, target_url.unwrap_or_default(), DeliveryOutcome::Failed(reason), None);
}

/// Creates the request of an attempt, signed at this time.
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

/// Queues the next attempt, unless it would be too late.
fn queue_retry(shared: &Shared, attempt: &Attempt) -> Option<Moment> {
    let factor = shared.config.webhook_retry_factor;
    let jitter = ids::jitter(shared.config.seed, &attempt.event_id, &attempt.subscription_id, attempt.number);
    shared.update(|state, now| {
        let at = now + wait_after(attempt.number).mul_f64(jitter * factor);
        (at - attempt.first <= GIVE_UP_AFTER.mul_f64(factor)).then(|| {
            let next = Attempt { number: attempt.number + 1, ..attempt.clone() };
            state.queue.push(at, Action::Deliver(next));
            at
        })
    })
}

/// Stores the routing token of a 2xx response.
fn remember_token(shared: &Shared, attempt: &Attempt, mut headers: HeaderMap) {
    shared.update(|state, _| {
        let subscription = state.store.find_subscription(attempt.subscription_id.as_str());
        let key_header = subscription.and_then(|subscription| subscription.routing_key_header.as_deref());
        if let Some(token) = key_header.and_then(|name| headers.remove(name)) {
            state.routing_tokens.set(attempt, token);
        }
    });
}

fn log(
    shared: &Shared,
    attempt: &Attempt,
    target_url: String,
    outcome: DeliveryOutcome,
    retry_at: Option<Moment>,
) {
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

/// Returns `true` if the connection was refused, reset or timed out, rather than that the name did not resolve.
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

/// Formats an error with its sources in one line.
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
