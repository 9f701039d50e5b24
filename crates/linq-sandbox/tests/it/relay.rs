//! Webhooks over a WebSocket, with a client as the official command line is one.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _, future::join_all, stream::FuturesUnordered};
use http::{HeaderMap, HeaderName, Request, StatusCode};
use http_body_util::Full;
use linq_sandbox::{DeliveryOutcome, RelayFrames, Sandbox};
use linq_types::WebhookSubscriptionId;
use linq_webhooks::Verifier;
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout},
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest as _,
        protocol::frame::{
            Frame,
            coding::{CloseCode, Data, OpCode},
        },
    },
};

use super::api::{ADA, Api};

const SHORT: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_secs(10);
const INIT: &str = r#"{"action":"init"}"#;

type Socket = WebSocketStream<TcpStream>;

async fn connect(sandbox: &Sandbox, query: &str) -> Socket {
    let stream = TcpStream::connect(sandbox.address()).await.unwrap();
    client_async(format!("{}{query}", sandbox.relay_url()), stream).await.unwrap().0
}

async fn connect_with_key(sandbox: &Sandbox) -> Socket {
    connect(sandbox, &format!("?token={}", sandbox.api_key())).await
}

/// Returns the next message, with an error if there is none in time.
async fn next(socket: &mut Socket) -> Option<Result<Message, Error>> {
    timeout(LONG, socket.next()).await.expect("a message or the end")
}

async fn next_json(socket: &mut Socket) -> Value {
    loop {
        match next(socket).await {
            Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// Returns the code of the close frame.
async fn closed(socket: &mut Socket) -> CloseCode {
    loop {
        match next(socket).await {
            Some(Ok(Message::Close(frame))) => return frame.expect("a code").code,
            Some(Ok(_)) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// Opens a connection, and returns it with its id.
async fn init(sandbox: &Sandbox) -> (Socket, String) {
    let mut socket = connect_with_key(sandbox).await;
    socket.send(Message::text(INIT)).await.unwrap();
    let reply = next_json(&mut socket).await;
    (socket, reply["connectionId"].as_str().unwrap().to_owned())
}

fn target(api: &Api, connection_id: &str) -> String {
    format!("http://{}/relay/{connection_id}", api.sandbox.address())
}

/// Subscribes a connection to messages, and returns the id and the signing secret.
async fn subscribe(api: &Api, connection_id: &str) -> (WebhookSubscriptionId, String) {
    let subscription =
        json!({ "target_url": target(api, connection_id), "subscribed_events": ["message.received"] });
    let created = api.post("/v3/webhook-subscriptions", subscription).await;
    assert_eq!(created.status, 201, "{created:?}");
    let text = |name: &str| created.body[name].as_str().unwrap().to_owned();
    (text("id").into(), text("signing_secret"))
}

/// Verifies a frame, and returns its event.
fn verified(api: &Api, secret: &str, frame: &Value) -> Value {
    let headers = frame["headers"].as_object().unwrap().iter();
    let headers: HeaderMap = headers
        .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.as_str().unwrap().parse().unwrap()))
        .collect();
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type", "x-webhook-event"] {
        assert!(headers.contains_key(name), "{name}: {headers:?}");
    }
    for name in ["host", "content-length"] {
        assert!(!headers.contains_key(name), "{name}: {headers:?}");
    }
    let payload = frame["payload"].as_str().unwrap().to_owned();
    Verifier::new(secret).unwrap().verify_at(&headers, payload.clone(), api.sandbox.now()).unwrap();
    serde_json::from_str(&payload).unwrap()
}

/// Posts a webhook to a connection, and returns the status.
async fn post(api: &Api, connection_id: &str, body: impl Into<bytes::Bytes>) -> StatusCode {
    let request = Request::post(target(api, connection_id)).body(Full::new(body.into())).unwrap();
    api.exchange(request).await.status()
}

#[tokio::test]
async fn events_arrive_as_frames_whose_signature_verifies() {
    let api = Api::still().await;
    let (mut socket, id) = init(&api.sandbox).await;
    let (_, secret) = subscribe(&api, &id).await;
    for text in ["Hello?", "\u{1f389} \"quoted\"\n"] {
        api.sandbox.person(ADA).says(text).unwrap();
        let advance = api.sandbox.advance(Duration::ZERO);
        let (frame, ()) = tokio::join!(next_json(&mut socket), advance);
        let event = verified(&api, &secret, &frame);
        assert_eq!(event["event_type"], "message.received");
        assert_eq!(event["data"]["parts"][0]["value"], text);
        assert_eq!(frame["headers"]["webhook-id"], event["event_id"]);
        let delivery = api.sandbox.deliveries().pop().unwrap();
        assert_eq!(delivery.outcome, DeliveryOutcome::Responded(StatusCode::OK));
    }
}

#[tokio::test]
async fn bare_frames_are_the_event_itself() {
    let api = Api::with(Sandbox::builder().relay_frames(RelayFrames::Bare)).await;
    let (mut socket, id) = init(&api.sandbox).await;
    subscribe(&api, &id).await;
    api.sandbox.person(ADA).says("Hello?").unwrap();
    let event = next_json(&mut socket).await;
    assert_eq!(event["event_type"], "message.received");
    assert_eq!(event["data"]["parts"][0]["value"], "Hello?");
}

#[tokio::test]
async fn after_a_reconnect_events_arrive_at_the_new_target() {
    let api = Api::still().await;
    let (socket, old_id) = init(&api.sandbox).await;
    let (subscription_id, secret) = subscribe(&api, &old_id).await;
    drop(socket);
    while post(&api, &old_id, "").await != StatusCode::GONE {
        tokio::task::yield_now().await;
    }
    api.sandbox.person(ADA).says("Lost").unwrap();
    api.advance_secs(3_600).await;
    let [delivery] = api.sandbox.deliveries().try_into().unwrap();
    assert_eq!(delivery.outcome, DeliveryOutcome::Responded(StatusCode::GONE));
    assert_eq!(delivery.retry_at, None);

    let (mut socket, new_id) = init(&api.sandbox).await;
    assert_ne!(new_id, old_id);
    let update = json!({ "target_url": target(&api, &new_id) });
    let updated = api.put(&format!("/v3/webhook-subscriptions/{subscription_id}"), update).await;
    assert_eq!(updated.status, 200, "{updated:?}");
    api.sandbox.person(ADA).says("Found").unwrap();
    let (frame, ()) = tokio::join!(next_json(&mut socket), api.sandbox.advance(Duration::ZERO));
    assert_eq!(verified(&api, &secret, &frame)["data"]["parts"][0]["value"], "Found");
}

#[tokio::test]
async fn a_wrong_token_is_closed_with_4001() {
    let api = Api::start().await;
    let key = api.sandbox.api_key();
    for query in [
        String::new(),
        "?token=".to_owned(),
        "?token=wrong".to_owned(),
        format!("?token={}", &key[1..]),
        format!("?token={key}x"),
        format!("?other={key}"),
    ] {
        let mut socket = connect(&api.sandbox, &query).await;
        assert_eq!(closed(&mut socket).await, CloseCode::Library(4001), "{query}");
    }
    let api = Api::with(Sandbox::builder().api_key("a+b/c=&d%")).await;
    let mut socket = connect(&api.sandbox, "?token=a%2Bb%2Fc%3D%26d%25").await;
    socket.send(Message::text(INIT)).await.unwrap();
    assert!(next_json(&mut socket).await["connectionId"].is_string());
}

#[tokio::test]
async fn a_request_without_a_handshake_is_426_and_other_endpoints_are_404() {
    let api = Api::start().await;
    let send = async |method: &str, path: &str| {
        let uri = format!("http://{}{path}", api.sandbox.address());
        let request = Request::builder().method(method).uri(uri);
        let request = request.header("authorization", format!("Bearer {}", api.sandbox.api_key()));
        api.exchange(request.body(Full::default()).unwrap()).await
    };
    let refused = send("GET", &format!("/relay?token={}", api.sandbox.api_key())).await;
    assert_eq!(refused.status(), StatusCode::UPGRADE_REQUIRED);
    assert_eq!(refused.headers()["upgrade"], "websocket");
    for (method, path, status) in [
        ("POST", "/relay/none", StatusCode::GONE),
        ("POST", "/relay/", StatusCode::GONE),
        ("POST", "/relay", StatusCode::NOT_FOUND),
        ("GET", "/relay/none", StatusCode::NOT_FOUND),
        ("GET", "/relayed", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(send(method, path).await.status(), status, "{method} {path}");
    }
}

#[tokio::test]
async fn a_web_page_of_another_origin_is_403() {
    let api = Api::start().await;
    let own = format!("http://{}", api.sandbox.address());
    let port = api.sandbox.address().port();
    for (origin, is_accepted) in [
        (own.as_str(), true),
        ("http://evil.example", false),
        ("null", false),
        ("", false),
        (&own.replace("http:", "https:"), false),
        (&format!("http://localhost:{port}"), false),
        ("http://127.0.0.1", false),
    ] {
        let url = format!("{}?token={}", api.sandbox.relay_url(), api.sandbox.api_key());
        let mut request = url.into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        let stream = TcpStream::connect(api.sandbox.address()).await.unwrap();
        match client_async(request, stream).await {
            Ok(_) => assert!(is_accepted, "{origin}"),
            Err(Error::Http(response)) => {
                assert!(!is_accepted && response.status() == StatusCode::FORBIDDEN, "{origin}: {response:?}");
            }
            Err(error) => panic!("{origin}: {error}"),
        }
    }
}

#[tokio::test]
async fn a_connection_without_init_is_closed_in_time_and_one_with_init_stays() {
    let api = Api::with(Sandbox::builder().request_timeout(SHORT)).await;
    let (mut initialized, _) = init(&api.sandbox).await;
    let mut idle = connect_with_key(&api.sandbox).await;
    let mut wrong = connect_with_key(&api.sandbox).await;
    wrong.send(Message::text(r#"{"action":"start"}"#)).await.unwrap();
    let started = Instant::now();
    for socket in [&mut idle, &mut wrong] {
        let code = closed(socket).await;
        assert_eq!(code, CloseCode::Policy);
    }
    assert!(started.elapsed() < LONG);
    initialized.send(Message::text(INIT)).await.unwrap();
    assert!(next_json(&mut initialized).await["connectionId"].is_string());
}

#[tokio::test]
async fn a_client_that_answers_no_ping_is_closed() {
    let api = Api::with(Sandbox::builder().request_timeout(SHORT)).await;
    // It answers pings only while it is read from.
    let (mut socket, id) = init(&api.sandbox).await;
    let gone = async {
        loop {
            let request = Request::post(target(&api, &id)).body(Full::new("".into())).unwrap();
            // The connections of this client are closed after the same time.
            if api.try_send(request).await.is_some_and(|reply| reply.status == StatusCode::GONE) {
                return;
            }
            tokio::time::sleep(SHORT / 4).await;
        }
    };
    timeout(LONG, gone).await.expect("the connection is closed");
    assert_eq!(closed(&mut socket).await, CloseCode::Policy);
}

#[tokio::test]
async fn hostile_messages_close_the_connection_with_a_code() {
    let api = Api::start().await;
    let not_utf8 = Frame::message(vec![0xff, 0xfe], OpCode::Data(Data::Text), true);
    let reserved = Frame::message(vec![b'a'], OpCode::Data(Data::Reserved(3)), true);
    for (message, code) in [
        (Message::binary(INIT.as_bytes()), CloseCode::Unsupported),
        (Message::binary(vec![]), CloseCode::Unsupported),
        (Message::text("init"), CloseCode::Policy),
        (Message::text(""), CloseCode::Policy),
        (Message::text("[]"), CloseCode::Policy),
        (Message::text("{}"), CloseCode::Policy),
        (Message::text(r#"{"action":1}"#), CloseCode::Policy),
        (Message::text("[".repeat(60_000)), CloseCode::Policy),
        (Message::text(" ".repeat(64 * 1024 + 1)), CloseCode::Size),
        (Message::text(" ".repeat(4 * 1024 * 1024)), CloseCode::Size),
        (Message::Frame(not_utf8), CloseCode::Invalid),
        (Message::Frame(reserved), CloseCode::Protocol),
    ] {
        let (mut socket, _) = init(&api.sandbox).await;
        let shown = format!("{:.60}", format!("{message:?}"));
        // The sandbox may have closed the connection before it read everything.
        let _ = socket.send(message).await;
        assert_eq!(closed(&mut socket).await, code, "{shown}");
    }
}

#[tokio::test]
async fn pings_repeated_inits_and_other_actions_keep_the_connection() {
    let api = Api::start().await;
    let (mut socket, id) = init(&api.sandbox).await;
    socket.send(Message::Ping("a".into())).await.unwrap();
    assert_eq!(next(&mut socket).await.unwrap().unwrap(), Message::Pong("a".into()));
    for _ in 0..1_000 {
        socket.send(Message::Ping("b".into())).await.unwrap();
        socket.send(Message::Pong("c".into())).await.unwrap();
    }
    socket.send(Message::text(r#"{"action":"keep-alive"}"#)).await.unwrap();
    socket.send(Message::text(INIT)).await.unwrap();
    assert_eq!(next_json(&mut socket).await["connectionId"], id);
    socket.close(None).await.unwrap();
}

#[tokio::test]
async fn frames_for_a_client_that_does_not_read_are_bounded() {
    let api = Api::start().await;
    let (mut socket, id) = init(&api.sandbox).await;
    let large = "x".repeat(900 * 1024);
    let mut deliveries = FuturesUnordered::new();
    let mut statuses = Vec::new();
    // Once the connection takes no more, 4 MiB wait.
    while !statuses.contains(&503) {
        assert!(deliveries.len() < 100, "{statuses:?}");
        deliveries.push(post(&api, &id, large.clone()));
        while let Ok(Some(status)) = timeout(SHORT * 3, deliveries.next()).await {
            statuses.push(status.as_u16());
        }
    }
    assert!((4..=5).contains(&deliveries.len()), "{statuses:?}");
    let before = statuses.len();
    for _ in 0..200 {
        deliveries.push(post(&api, &id, "{}".to_owned()));
    }
    while deliveries.len() > 1 + 64 {
        statuses.push(timeout(LONG, deliveries.next()).await.unwrap().unwrap().as_u16());
    }
    assert!(statuses[before..].iter().all(|status| *status == 503), "{statuses:?}");

    // What waits is written once the client reads.
    let read = async {
        let mut count = 0;
        while let Ok(Some(Ok(message))) = timeout(Duration::from_secs(1), socket.next()).await {
            count += usize::from(message.is_text());
        }
        count
    };
    let (rest, count) = tokio::join!(deliveries.collect::<Vec<_>>(), read);
    assert!(rest.iter().all(|status| *status == StatusCode::OK), "{rest:?}");
    let confirmed = rest.len() + statuses.iter().filter(|status| **status == 200).count();
    assert_eq!(count, confirmed, "each confirmed frame arrives, and no other");
    let too_large = "x".repeat(1024 * 1024 + 1);
    assert_eq!(post(&api, &id, too_large).await, StatusCode::PAYLOAD_TOO_LARGE);
    let escaped = "\u{1}".repeat(1024 * 1024);
    assert_eq!(post(&api, &id, escaped).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(post(&api, &id, vec![0xff]).await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn sixty_four_connections_are_open_at_most() {
    let api = Api::start().await;
    let mut open = join_all((0..64).map(|_| init(&api.sandbox))).await;
    let mut refused = connect_with_key(&api.sandbox).await;
    assert_eq!(closed(&mut refused).await, CloseCode::Again);
    let (mut ended, id) = open.pop().unwrap();
    ended.close(None).await.unwrap();
    while post(&api, &id, "").await != StatusCode::GONE {
        tokio::task::yield_now().await;
    }
    // The place is free once the connection has ended.
    drop(ended);
    let freed = async {
        loop {
            let mut socket = connect_with_key(&api.sandbox).await;
            socket.send(Message::text(INIT)).await.unwrap();
            match next(&mut socket).await {
                Some(Ok(Message::Text(_))) => break,
                _ => tokio::task::yield_now().await,
            }
        }
    };
    timeout(LONG, freed).await.expect("a place is free");
}

#[tokio::test]
async fn shutdown_closes_connections_and_does_not_wait_for_their_clients() {
    let sandbox = Sandbox::start().await.unwrap();
    let (mut polite, _) = init(&sandbox).await;
    let (silent, _) = init(&sandbox).await;
    let idle = connect_with_key(&sandbox).await;
    let shutdown = timeout(LONG, sandbox.shutdown());
    let (done, code) = tokio::join!(shutdown, closed(&mut polite));
    done.expect("the sandbox has stopped");
    assert_eq!(code, CloseCode::Away);
    drop((silent, idle));
}

#[tokio::test]
async fn dropping_the_sandbox_ends_connections() {
    let sandbox = Sandbox::start().await.unwrap();
    let (mut socket, _) = init(&sandbox).await;
    drop(sandbox);
    while let Some(Ok(_)) = next(&mut socket).await {}
}

#[tokio::test]
async fn reset_keeps_connections() {
    let api = Api::with(Sandbox::builder()).await;
    let (mut socket, id) = init(&api.sandbox).await;
    subscribe(&api, &id).await;
    api.sandbox.reset();
    let (_, secret) = subscribe(&api, &id).await;
    api.sandbox.person(ADA).says("Again").unwrap();
    let frame = next_json(&mut socket).await;
    assert_eq!(verified(&api, &secret, &frame)["data"]["parts"][0]["value"], "Again");
}

#[tokio::test]
async fn the_relay_of_a_sandbox_on_every_address_is_an_allowed_target() {
    let api = Api::with(Sandbox::builder().address(([0, 0, 0, 0], 0))).await;
    assert_eq!(api.sandbox.relay_url(), format!("ws://{}/relay", api.sandbox.address()));
    let (mut socket, id) = init(&api.sandbox).await;
    let (_, secret) = subscribe(&api, &id).await;
    api.sandbox.person(ADA).says("Hello?").unwrap();
    verified(&api, &secret, &next_json(&mut socket).await);
}

#[tokio::test]
async fn ids_of_connections_do_not_depend_on_the_seed_and_change_no_other_ids() {
    let first = Api::still().await;
    let second = Api::still().await;
    let (_socket, id) = init(&first.sandbox).await;
    let (_other_socket, other_id) = init(&second.sandbox).await;
    assert_ne!(id, other_id);
    let third = Api::still().await;
    let said = |api: &Api| api.sandbox.person(ADA).says("Hello?").unwrap();
    assert_eq!(said(&first), said(&third));
}
