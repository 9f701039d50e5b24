use std::{fmt, time::Duration};

use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use http::{StatusCode, header};
use linq::{ReqwestBackend, types::Secret};
use reqwest::Upgraded;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message, Utf8Bytes,
        handshake::{client::generate_key, derive_accept_key},
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};

use super::{address::Addresses, frame::Frame};
use crate::{
    exit_code,
    failure::{Failure, causes},
};

/// The maximum size of a frame, in bytes.
const MAX_FRAME: usize = 1024 * 1024;
const READ_BUFFER: usize = 16 * 1024;
/// The timeout for the connection, the handshake and the init together.
const INIT_TIMEOUT: Duration = Duration::from_secs(10);
const SEND_TIMEOUT: Duration = Duration::from_secs(10);
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// A relay that sends nothing, not even a pong, for two of these is gone.
const PING_INTERVAL: Duration = Duration::from_secs(30);
const INIT: Utf8Bytes = Utf8Bytes::from_static(r#"{"action":"init"}"#);
const INVALID_TOKEN: CloseCode = CloseCode::Library(4001);
const MAX_CONNECTION_ID: usize = 256;

/// Why there is no connection.
#[derive(Debug)]
pub(super) enum ConnectError {
    /// The relay does not accept the API key.
    Refused,
    Failed(String),
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Refused => {
                Self::new("the relay does not accept the API key; check it with `linq whoami`")
                    .with_kind("Unauthorized")
                    .with_exit_code(exit_code::AUTHENTICATION)
            }
            ConnectError::Failed(reason) => Self::new(format!("cannot connect to the relay: {reason}"))
                .with_kind("Connect")
                .with_exit_code(exit_code::UNREACHABLE),
        }
    }
}

/// A WebSocket to a relay that has said the id of the connection.
pub(super) struct Socket {
    stream: WebSocketStream<Upgraded>,
    connection_id: String,
    pings: Interval,
    /// Whether something was received since the last ping.
    is_alive: bool,
}

impl Socket {
    pub(super) async fn open(addresses: &Addresses, api_key: &Secret) -> Result<Self, ConnectError> {
        match timeout(INIT_TIMEOUT, Self::open_in_time(addresses, api_key)).await {
            Ok(opened) => opened,
            Err(_) => Err(ConnectError::Failed(format!("timed out after {} s", INIT_TIMEOUT.as_secs()))),
        }
    }

    async fn open_in_time(addresses: &Addresses, api_key: &Secret) -> Result<Self, ConnectError> {
        let mut stream = handshake(addresses, api_key).await?;
        stream.send(Message::Text(INIT)).await.map_err(|error| ConnectError::Failed(reason(&error)))?;
        loop {
            match stream.next().await {
                Some(Ok(Message::Text(text))) => {
                    if let Frame::Init(id) = Frame::parse(&text) {
                        let connection_id = checked(id)?;
                        let mut pings = interval_at(Instant::now() + PING_INTERVAL, PING_INTERVAL);
                        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
                        return Ok(Self { stream, connection_id, pings, is_alive: true });
                    }
                }
                Some(Ok(Message::Close(Some(frame)))) if frame.code == INVALID_TOKEN => {
                    return Err(ConnectError::Refused);
                }
                Some(Ok(Message::Close(frame))) => return Err(ConnectError::Failed(closed(frame.as_ref()))),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(ConnectError::Failed(reason(&error))),
                None => return Err(ConnectError::Failed(closed(None))),
            }
        }
    }

    pub(super) fn connection_id(&self) -> &str {
        &self.connection_id
    }

    /// Returns the next frame, or the reason why there are no more. The future can be dropped at any time.
    pub(super) async fn next(&mut self) -> Result<Frame, ConnectError> {
        loop {
            let message = tokio::select! {
                message = self.stream.next() => message,
                _ = self.pings.tick() => {
                    if !self.is_alive {
                        return Err(ConnectError::Failed("it does not respond to pings".to_owned()));
                    }
                    self.is_alive = false;
                    match timeout(SEND_TIMEOUT, self.stream.send(Message::Ping(Bytes::new()))).await {
                        Ok(Ok(())) => continue,
                        Ok(Err(error)) => return Err(ConnectError::Failed(reason(&error))),
                        Err(_) => return Err(ConnectError::Failed("a ping timed out".to_owned())),
                    }
                }
            };
            self.is_alive = true;
            match message {
                Some(Ok(Message::Text(text))) => return Ok(Frame::parse(&text)),
                Some(Ok(Message::Binary(_))) => return Ok(Frame::Other),
                Some(Ok(Message::Close(Some(frame)))) if frame.code == INVALID_TOKEN => {
                    return Err(ConnectError::Refused);
                }
                Some(Ok(Message::Close(frame))) => return Err(ConnectError::Failed(closed(frame.as_ref()))),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(ConnectError::Failed(reason(&error))),
                None => return Err(ConnectError::Failed(closed(None))),
            }
        }
    }

    /// Says goodbye, if the relay takes it in time.
    pub(super) async fn close(mut self) {
        let _ = timeout(CLOSE_TIMEOUT, self.stream.close(None)).await;
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").finish_non_exhaustive()
    }
}

/// Upgrades a request by the HTTP client of the API, with its proxies and certificates. Errors do not contain the URL, which
/// has the API key.
async fn handshake(
    addresses: &Addresses,
    api_key: &Secret,
) -> Result<WebSocketStream<Upgraded>, ConnectError> {
    let failed =
        |error: reqwest::Error| ConnectError::Failed(causes(&error.without_url()).pop().unwrap_or_default());
    let key = generate_key();
    let client = ReqwestBackend::client_builder().http1_only().build().map_err(failed)?;
    let request = client
        .get(addresses.with_token(api_key))
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::SEC_WEBSOCKET_KEY, &key);
    let response = request.send().await.map_err(failed)?;
    match response.status() {
        StatusCode::SWITCHING_PROTOCOLS => {}
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Err(ConnectError::Refused),
        status => return Err(ConnectError::Failed(format!("it responded with status {}", status.as_u16()))),
    }
    let accept = derive_accept_key(key.as_bytes());
    if response.headers().get(header::SEC_WEBSOCKET_ACCEPT).is_none_or(|value| *value != *accept) {
        return Err(ConnectError::Failed("it does not speak the WebSocket protocol".to_owned()));
    }
    let stream = response.upgrade().await.map_err(failed)?;
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .max_message_size(Some(MAX_FRAME))
        .max_frame_size(Some(MAX_FRAME));
    Ok(WebSocketStream::from_raw_socket(stream, Role::Client, Some(config)).await)
}

/// Returns the id of a connection if it can be a part of a URL.
fn checked(id: String) -> Result<String, ConnectError> {
    let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~=+:@$!*".contains(&byte);
    match !id.is_empty() && id.len() <= MAX_CONNECTION_ID && id.bytes().all(is_valid) {
        true => Ok(id),
        false => Err(ConnectError::Failed("it sent an invalid id of the connection".to_owned())),
    }
}

fn closed(frame: Option<&CloseFrame>) -> String {
    match frame {
        Some(CloseFrame { code, reason }) if reason.is_empty() => {
            format!("it closed the connection with {code}")
        }
        Some(CloseFrame { code, reason }) => format!("it closed the connection with {code}: {reason}"),
        None => "it closed the connection".to_owned(),
    }
}

fn reason(error: &Error) -> String {
    match error {
        Error::Capacity(_) => format!("a frame is larger than {MAX_FRAME} bytes"),
        error => causes(error).pop().unwrap_or_default(),
    }
}
