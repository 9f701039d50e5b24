use std::{cell::RefCell, convert::Infallible, rc::Rc, time::Duration};

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    routing::post,
};
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::Full;
use linq_webhooks::{
    BodyTimeout, EventHandler, Outcome, Receiver, Verified, VerifyLayer, block_on, events::Event,
};
use tower::{Layer as _, Service, ServiceExt as _, service_fn};

use super::{
    delivery::{Stalled, event, headers_that_cannot_be_valid, signed_now, verifier},
    scripted::{Scripted, Step::Fail},
};

fn request<B>(headers: HeaderMap, body: B) -> Request<B> {
    let mut request = Request::post("/linq").body(body).unwrap();
    *request.headers_mut() = headers;
    request
}

#[tokio::test]
async fn a_receiver_is_a_service_for_axum() {
    let receiver = Receiver::new(verifier(), Scripted::new([Fail])).max_body_bytes(300);
    let router = Router::new().route_service("/linq", receiver.into_service());
    let send = async |headers, body: String| {
        let response = router.clone().oneshot(request(headers, Body::from(body))).await.unwrap();
        response.status().as_u16()
    };
    let body = event("a");
    assert_eq!(send(signed_now(&body), body.clone()).await, 500);
    assert_eq!(send(signed_now(&body), body.clone()).await, 204);
    assert_eq!(send(HeaderMap::new(), body).await, 401);
    assert_eq!(send(HeaderMap::new(), "x".repeat(301)).await, 401);
    assert_eq!(send(signed_now("{}"), "x".repeat(301)).await, 413);
}

#[test]
fn a_service_need_not_be_send() {
    struct Journal(Rc<RefCell<usize>>);

    impl EventHandler for Journal {
        type Error = Infallible;

        async fn handle(&self, _: Event) -> Result<Outcome, Infallible> {
            *self.0.borrow_mut() += 1;
            Ok(Outcome::Handled)
        }
    }

    let count = Rc::default();
    let service = Receiver::new(verifier(), Journal(Rc::clone(&count))).into_service();
    let body = event("a");
    let answer = block_on(service.oneshot(request(signed_now(&body), Full::new(Bytes::from(body)))));
    assert_eq!((answer.unwrap().status().as_u16(), *count.borrow()), (204, 1));
}

async fn answer<S>(service: S, headers: HeaderMap, body: &str) -> (u16, String)
where
    S: Service<Request<Body>, Response = Response<Body>, Error: std::fmt::Debug>,
{
    let response = service.oneshot(request(headers, Body::from(body.to_owned()))).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn the_layer_passes_only_signed_bodies_to_the_inner_service() {
    async fn hook(Extension(verified): Extension<Verified>, headers: HeaderMap, body: Bytes) -> String {
        assert_eq!(verified.body(), &body);
        assert!(headers.contains_key("webhook-id"));
        format!("{} {}", verified.scheme(), String::from_utf8_lossy(&body))
    }
    let router =
        Router::new().route("/linq", post(hook)).layer(VerifyLayer::new(verifier()).max_body_bytes(200));
    let body = event("a");
    assert_eq!(answer(router.clone(), signed_now(&body), &body).await, (200, format!("standard {body}")));
    let answers = [
        answer(router.clone(), HeaderMap::new(), &body).await,
        answer(router.clone(), signed_now(&body), &event("b")).await,
        answer(router, signed_now(&body), &"x".repeat(201)).await,
    ];
    insta::assert_snapshot!(answers.map(|(status, body)| format!("{status} {body}")).join("\n"), @r"
    401 missing signature headers; if Linq sent the request, configure your proxy to forward the `webhook-*` and `x-webhook-*` headers
    401 signature mismatch; check that the secret belongs to this subscription, and verify the body byte for byte as received
    413 webhook body is larger than 200 bytes; raise `max_body_bytes` to accept it
    ");
}

#[tokio::test(start_paused = true)]
async fn the_layer_reads_no_body_in_vain_and_none_for_ever() {
    let timeout = BodyTimeout::new(Duration::from_secs(10), tokio::time::sleep);
    let behind = service_fn(async |_: Request<Body>| Err::<Response<Body>, _>("called"));
    let service = VerifyLayer::new(verifier()).body_timeout(timeout).layer(behind);
    for (headers, reason) in headers_that_cannot_be_valid() {
        let response = service.clone().oneshot(request(headers, Body::new(Stalled))).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        assert_eq!((status, body.starts_with(reason.as_bytes())), (401, true), "{body:?}");
    }
    let response = service.oneshot(request(signed_now("{}"), Body::new(Stalled))).await.unwrap();
    assert_eq!(response.status().as_u16(), 408);
}

#[tokio::test]
async fn the_layer_returns_the_errors_of_the_inner_service() {
    let behind = service_fn(async |_: Request<Body>| Err::<Response<Body>, _>("inner service failed"));
    let mut service = VerifyLayer::new(verifier()).layer(behind);
    let body = event("a");
    let service = service.ready().await.unwrap();
    let error = service.call(request(signed_now(&body), Body::from(body))).await.unwrap_err();
    assert_eq!(error, "inner service failed");
}
