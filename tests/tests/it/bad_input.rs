//! Invalid input is a typed error with a clear message, never a panic.

use std::{error::Error as _, net::SocketAddr};

use http::StatusCode;
use linq_core::{Client, Error, ErrorKind};
use linq_reqwest::ReqwestBackend;
use linq_webhooks::{
    Signer, Timestamp, Verifier, VerifyError,
    events::{Event, EventData, ParseEventError},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn client_at(base_url: &str) -> Result<Client, Error> {
    Client::builder().api_key("a-key").base_url(base_url).build(ReqwestBackend::new()?)
}

/// Answers every request on one connection after another with these bytes, and counts them.
async fn server(answer: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = connection.read(&mut request).await;
            let _ = connection.write_all(answer.as_bytes()).await;
        }
    });
    address
}

fn now() -> Timestamp {
    Timestamp::from_unix(1_790_000_000, 0).unwrap()
}

/// Signs, verifies and parses a body.
fn receive(body: &'static str) -> Result<Event, ParseEventError> {
    let headers = Signer::new(SECRET).unwrap().headers("e1", now(), body.as_bytes()).unwrap();
    Verifier::new(SECRET).unwrap().verify_at(&headers, body, now()).unwrap().parse()
}

#[test]
fn a_missing_key_is_an_error_that_names_the_variable() {
    let error = Client::builder().build(ReqwestBackend::new().unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    insta::assert_snapshot!(error, @"missing API key; set the environment variable LINQ_API_V3_API_KEY or call `ClientBuilder::api_key`");
}

#[test]
fn an_invalid_base_url_is_an_error_with_the_reason() {
    let error = client_at("ftp://files.example.com").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    insta::assert_snapshot!(error, @"invalid base URL: the scheme must be http or https; expected something like https://api.linqapp.com/api/partner");
}

#[tokio::test]
async fn an_unreachable_host_is_a_connect_error_and_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = listener.local_addr().unwrap();
    drop(listener);

    let client = client_at(&format!("http://{closed}")).unwrap();
    let error = client.chats().messages("c1").send("Hello!").max_attempts(1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.maybe_sent());
    assert!(error.source().is_some(), "what the HTTP library said");
    insta::assert_snapshot!(error, @"POST /v3/chats/{chatId}/messages: could not connect; nothing was sent: check the base URL and the network, then try again");
}

#[tokio::test]
async fn a_page_of_html_is_an_api_error_that_keeps_the_page() {
    let address = server(
        "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: 20\r\nconnection: close\r\n\r\n<h1>Bad Gateway</h1>",
    )
    .await;
    let client = client_at(&format!("http://{address}")).unwrap();
    let error = client.phone_numbers().list().max_attempts(1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.code(), None);
    assert_eq!(error.body().map(|body| &body[..]), Some(&b"<h1>Bad Gateway</h1>"[..]));
    insta::assert_snapshot!(error, @"GET /v3/phone_numbers: the API responded with 502 Bad Gateway; not the documented error response: see `body()`");
}

#[test]
fn a_tampered_webhook_is_rejected() {
    let body = r#"{"event_id":"e1","event_type":"message.received","data":{"amount":1}}"#;
    let headers = Signer::new(SECRET).unwrap().headers("e1", now(), body.as_bytes()).unwrap();
    let tampered = body.replace("1}", "9}");
    let error = Verifier::new(SECRET).unwrap().verify_at(&headers, tampered, now()).unwrap_err();
    assert_eq!(error, VerifyError::SignatureMismatch);
    insta::assert_snapshot!(error, @"signature mismatch; check that the secret belongs to this subscription, and verify the body byte for byte as received");
}

#[test]
fn an_unknown_event_type_is_kept_as_data() {
    let event =
        receive(r#"{"event_id":"e1","event_type":"comet.sighted","data":{"tail":"bright"}}"#).unwrap();
    assert_eq!(event.event_type.as_str(), "comet.sighted");
    let EventData::Unknown(data) = event.data else { panic!("{event:?}") };
    assert_eq!(data.as_str(), r#"{"tail":"bright"}"#);
}

#[test]
fn a_webhook_that_is_not_json_is_an_error_that_keeps_the_body() {
    let error = receive("<html>").unwrap_err();
    assert_eq!(error.event_type(), None);
    assert_eq!(error.raw(), b"<html>");
    insta::assert_snapshot!(error, @"invalid webhook body: not JSON");
}
