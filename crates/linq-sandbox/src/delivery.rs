//! The delivery of webhooks and its retries.

use std::{error::Error, io, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header, response::Parts,
    uri::Scheme,
};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{self, Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};

use self::tls::TlsClient;
use crate::{
    clock::{Clock, Moment},
    ids,
    log::{Delivery, DeliveryOutcome, Sent},
    model::{Format, Subscription},
    queue::{Action, Attempt},
    receivers::{Receivers, is_in_process},
    shared::Shared,
    target::Origin,
};

mod tls;

const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(10 * 60);
const GIVE_UP_AFTER: Duration = Duration::from_secs(30 * 60);
/// The idle timeout of connections. A receiver that shuts down may wait for them to close.
const IDLE_CONNECTION: Duration = Duration::from_millis(500);

/// Delivers webhooks to their receivers.
pub(crate) struct Courier {
    client: Client<HttpConnector, Full<Bytes>>,
    tls_client: TlsClient,
    receivers: Arc<Receivers>,
}

/// Why there is no response.
enum Failure {
    Http(legacy::Error),
    /// There is no TLS.
    Tls(String),
    /// The receiver in this process is gone.
    Gone,
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
    /// Trusts the certificates in this PEM text, besides those of the platform.
    ///
    /// Returns the reason if that is not possible.
    pub(crate) fn new(target_ca: Option<&[u8]>, receivers: Arc<Receivers>) -> Result<Self, String> {
        Ok(Self {
            client: client_builder().build_http(),
            tls_client: TlsClient::new(target_ca, client_builder())?,
            receivers,
        })
    }

    /// Makes the attempt, logs it, and queues the next one if the API would retry. A subscription that is
    /// deleted or disabled gets nothing.
    pub(crate) async fn deliver(&self, shared: &Shared, attempt: Attempt) {
        let prepared = shared.inspect(|state| {
            let subscription = state.store.find_subscription(attempt.subscription_id.as_str())?;
            let token = state.routing_tokens.get(&attempt);
            subscription.is_active.then(|| {
                let signed_at = match shared.config.assumptions.fresh_timestamps {
                    _ if shared.config.sign_with_wall_time => Clock::wall_time(),
                    true => shared.clock.now(),
                    false => attempt.first,
                };
                (subscription.target_url.clone(), request(subscription, &attempt, signed_at, token))
            })
        });
        if let Some((target_url, request)) = prepared {
            let headers = request.as_ref().map(|request| request.headers().clone()).unwrap_or_default();
            let ended = self.send(shared, request).await;
            let retry_at = ended.retry.then(|| queue_retry(shared, &attempt)).flatten();
            remember_token(shared, &attempt, ended.headers);
            let succeeded =
                matches!(ended.outcome, DeliveryOutcome::Responded(status) if status.is_success());
            shared.change(|store, now| store.count_v2_delivery(now, &attempt.subscription_id, succeeded));
            log(shared, &attempt, target_url, &headers, ended.outcome, retry_at);
        }
        shared.update(|state, _| state.queue.finish(&attempt));
    }

    async fn send(&self, shared: &Shared, request: Result<Request<Full<Bytes>>, http::Error>) -> Ended {
        let request = match request {
            Ok(request) => request,
            Err(error) => return Ended::failed(format!("no request can be made of it: {error}"), false),
        };
        if !is_in_process(request.uri()) && !shared.config.allowed_targets.allow(request.uri()) {
            let reason = format!(
                "the sandbox delivers to this machine only; to deliver there, allow {} with `allow_target` or --allow-target",
                Origin::of(request.uri())
            );
            return Ended::failed(reason, false);
        }
        let timeout = shared.config.webhook_timeout;
        match tokio::time::timeout(timeout, self.request(shared, request)).await {
            Ok(Ok(answer)) => {
                let status = answer.status;
                let retry = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
                let headers = if status.is_success() { answer.headers } else { HeaderMap::new() };
                Ended { outcome: DeliveryOutcome::Responded(status), retry, headers }
            }
            Ok(Err(Failure::Tls(reason))) => Ended::failed(reason, false),
            Ok(Err(Failure::Gone)) => Ended::failed("the future of `deliver_to` was dropped", true),
            Ok(Err(Failure::Http(error))) => {
                Ended::failed(chain(&error), !error.is_connect() || is_refused(&error))
            }
            Err(_) => Ended::failed(format!("no answer within {timeout:?}"), true),
        }
    }

    async fn request(&self, shared: &Shared, request: Request<Full<Bytes>>) -> Result<Parts, Failure> {
        if is_in_process(request.uri()) {
            let (parts, body) = request.into_parts();
            let Ok(body) = body.collect().await;
            let request = Request::from_parts(parts, body.to_bytes());
            let response = self.receivers.deliver(request, shared.clock.now().timestamp()).await;
            return Ok(response.ok_or(Failure::Gone)?.into_parts().0);
        }
        let response = match request.uri().scheme() == Some(&Scheme::HTTPS) {
            true => self.tls_client.get().map_err(Failure::Tls)?.request(request).await,
            false => self.client.request(request).await,
        };
        Ok(response.map_err(Failure::Http)?.into_parts().0)
    }
}

fn client_builder() -> legacy::Builder {
    let mut builder = Client::builder(TokioExecutor::new());
    builder.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE_CONNECTION);
    builder
}

/// Logs a dropped webhook.
pub(crate) fn log_dropped(shared: &Shared, attempt: &Attempt) {
    let target_url = shared.read(|store| {
        let subscription = store.find_subscription(attempt.subscription_id.as_str());
        subscription.map(|subscription| subscription.target_url.clone())
    });
    let reason = "dropped: too many webhooks wait for their receivers".to_owned();
    let outcome = DeliveryOutcome::Failed(reason);
    log(shared, attempt, target_url.unwrap_or_default(), &HeaderMap::new(), outcome, None);
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
    *headers = match (&subscription.signer, &subscription.format) {
        (Some(signer), Format::V3(_)) => signer.headers(id, signed_at.timestamp(), &attempt.body)?,
        (Some(signer), Format::V2) => signer.v2_headers(&attempt.body),
        (None, _) => HeaderMap::new(),
    };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::USER_AGENT, HeaderValue::from_static("linq-sandbox"));
    if subscription.is_of_v3() {
        headers.insert("x-webhook-event", HeaderValue::from_str(attempt.event_type.as_str())?);
        headers.insert("x-webhook-subscription-id", HeaderValue::from_str(subscription.id.as_str())?);
    }
    if let (Some(key_header), Some(chat_id)) = (&subscription.routing_key_header, &attempt.chat_id) {
        let id_header = subscription.routing_id_header.as_deref().unwrap_or("linq-chat-id");
        headers.insert(HeaderName::try_from(id_header)?, HeaderValue::from_str(chat_id.as_str())?);
        if let Some(token) = token {
            headers.insert(HeaderName::try_from(key_header)?, token.clone());
        }
    }
    Ok(request)
}

/// Queues the next attempt, unless the waits are half an hour together. They count before they are scaled, so that the
/// number of attempts is the same for each factor, also for 0.
fn queue_retry(shared: &Shared, attempt: &Attempt) -> Option<Moment> {
    let jitter = ids::jitter(shared.config.seed, &attempt.event_id, &attempt.subscription_id, attempt.number);
    let wait = wait_after(attempt.number).mul_f64(jitter);
    let waited = attempt.waited + wait;
    if waited > GIVE_UP_AFTER {
        return None;
    }
    Some(shared.update(|state, now| {
        let at = now + wait.mul_f64(shared.config.webhook_retry_factor);
        let next = Attempt { number: attempt.number + 1, waited, ..attempt.clone() };
        state.queue.push(at, Action::Deliver(next));
        at
    }))
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
    headers: &HeaderMap,
    outcome: DeliveryOutcome,
    retry_at: Option<Moment>,
) {
    let delivery = Delivery {
        time: shared.clock.now().timestamp(),
        event_id: attempt.event_id.clone(),
        event_type: attempt.event_type.clone(),
        subscription_id: attempt.subscription_id.clone(),
        target_url,
        attempt: attempt.number,
        outcome,
        retry_at: retry_at.map(Moment::timestamp),
    };
    shared.log_delivery(Sent { delivery, chat_id: attempt.chat_id.clone() }, headers, &attempt.body);
}

/// 2 s after the first attempt, then twice as long each time, 10 minutes at most.
fn wait_after(attempt: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(20);
    (FIRST_WAIT * 2u32.pow(doublings)).min(LONGEST_WAIT)
}

/// Returns `true` if the operating system could not connect (refused, reset, unreachable, out of file descriptors),
/// rather than that the name did not resolve or the certificate was not accepted.
fn is_refused(error: &(dyn Error + 'static)) -> bool {
    let mut source = Some(error);
    while let Some(error) = source {
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.raw_os_error().is_some()) {
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
