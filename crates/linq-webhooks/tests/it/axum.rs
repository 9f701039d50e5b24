use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::{DefaultBodyLimit, FromRef, State},
    http::{HeaderMap, Request, StatusCode},
    routing::post,
};
use bytes::Bytes;
use linq_webhooks::{
    BodyTimeout, EventHandler, Outcome, ReceiveError, Receiver, VerifiedEvent, Verifier,
    events::{Event, EventType},
};
use tower::ServiceExt as _;

use super::delivery::{
    RECEIVED, SECRET, Stalled, UNKNOWN, headers_that_cannot_be_valid, signed, signed_now, verifier,
};

async fn post_to(router: Router, headers: HeaderMap, body: &'static str) -> (u16, String) {
    let mut request = Request::post("/linq").body(Body::from(body)).unwrap();
    *request.headers_mut() = headers;
    let response = router.oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[derive(Clone)]
struct App {
    verifier: Verifier,
}

impl FromRef<App> for Verifier {
    fn from_ref(app: &App) -> Self {
        app.verifier.clone()
    }
}

fn extracting() -> Router {
    async fn hook(VerifiedEvent { event, scheme, .. }: VerifiedEvent) -> String {
        format!("{} {scheme}", event.event_type)
    }
    Router::new().route("/linq", post(hook)).with_state(App { verifier: verifier() })
}

#[tokio::test]
async fn the_extractor_lets_only_verified_events_through() {
    let answer = post_to(extracting(), signed_now(RECEIVED), RECEIVED).await;
    assert_eq!(answer, (200, "message.received standard".to_owned()));
    let answer = post_to(extracting(), signed_now(UNKNOWN), UNKNOWN).await;
    assert_eq!(answer, (200, "comet.sighted standard".to_owned()));
}

#[tokio::test]
async fn the_extractor_rejects_with_the_status_and_reason() {
    let answers = [
        post_to(extracting(), HeaderMap::new(), RECEIVED).await,
        post_to(extracting(), signed_now(UNKNOWN), RECEIVED).await,
        post_to(extracting(), signed_now("<html>"), "<html>").await,
        post_to(extracting().layer(DefaultBodyLimit::max(9)), signed_now(RECEIVED), RECEIVED).await,
    ];
    insta::assert_snapshot!(answers.map(|(status, body)| format!("{status} {body}")).join("\n"), @r"
    401 missing signature headers; if Linq sent the request, configure your proxy to forward the `webhook-*` and `x-webhook-*` headers
    401 signature mismatch; check that the secret belongs to this subscription, and verify the body byte for byte as received
    400 invalid webhook body: not JSON
    413 Failed to buffer the request body: length limit exceeded
    ");
}

#[tokio::test(start_paused = true)]
async fn the_extractor_reads_no_body_in_vain_and_none_for_ever() {
    let timeout = BodyTimeout::new(Duration::from_secs(10), tokio::time::sleep);
    let router = extracting().layer(Extension(timeout));
    let post_stalled = async |headers| {
        let mut request = Request::post("/linq").body(Body::new(Stalled)).unwrap();
        *request.headers_mut() = headers;
        let response = router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    };
    for (headers, reason) in headers_that_cannot_be_valid() {
        let (status, answer) = post_stalled(headers).await;
        assert_eq!((status, answer.starts_with(reason)), (401, true), "{answer}");
    }
    let answer = post_stalled(signed_now("{}")).await;
    assert_eq!(answer, (408, "timed out reading the webhook body after 10 s".to_owned()));
}

#[tokio::test]
async fn the_extractor_passes_an_event_whose_payload_cannot_be_read() {
    async fn hook(VerifiedEvent { event, payload_error, .. }: VerifiedEvent) -> String {
        format!("{:?}: {}", event.data, payload_error.unwrap())
    }
    let router = Router::new().route("/linq", post(hook)).with_state(App { verifier: verifier() });
    let body = r#"{"event_id":"e1","event_type":"message.read","data":7}"#;
    let (status, answer) = post_to(router, signed_now(body), body).await;
    assert_eq!(status, 200);
    assert!(answer.starts_with("Unknown("), "{answer}");
    assert!(
        answer.ends_with("invalid payload of a `message.read` event: missing or unexpected value at `data`"),
        "{answer}"
    );
}

struct Failing;

impl EventHandler for Failing {
    type Error = &'static str;

    async fn handle(&self, event: Event) -> Result<Outcome, Self::Error> {
        if event.event_type == EventType::MessageReceived {
            Ok(Outcome::Handled)
        } else {
            Err("secret of the database")
        }
    }
}

fn receiving() -> Router {
    async fn hook(
        State(hooks): State<Arc<Receiver<Failing>>>,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Outcome, ReceiveError<&'static str>> {
        hooks.receive(&headers, body).await
    }
    Router::new().route("/linq", post(hook)).with_state(Arc::new(Receiver::new(verifier(), Failing)))
}

#[tokio::test]
async fn the_result_of_a_receiver_is_a_response_without_the_error_of_the_handler() {
    let answer = post_to(receiving(), signed_now(RECEIVED), RECEIVED).await;
    assert_eq!(answer, (StatusCode::NO_CONTENT.as_u16(), String::new()));
    let answer = post_to(receiving(), signed_now(UNKNOWN), UNKNOWN).await;
    assert_eq!(answer, (StatusCode::INTERNAL_SERVER_ERROR.as_u16(), String::new()));
    let (status, reason) = post_to(receiving(), signed(SECRET, RECEIVED), RECEIVED).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED.as_u16());
    assert!(reason.starts_with("timestamp is "), "{reason}");
}
