use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::{
    io::{AsyncWriteExt as _, copy, sink},
    sync::watch,
    time::{Instant, interval_at, sleep, timeout},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message, Utf8Bytes,
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};

use super::handshake::Handshake;
use crate::{
    relay_connections::{Frames, MAX_WAITING_BYTES},
    shared::Shared,
};

/// The maximum size of a message of a client, in bytes.
const MAX_MESSAGE: usize = 64 * 1024;
const READ_BUFFER: usize = 4 * 1024;
/// The maximum time until a client sends `init`.
const MAX_INIT: Duration = Duration::from_secs(10);
/// How long the end of a connection may take.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// How a connection ends: the code and reason of its close frame; `None` if the client closed it, or is gone.
type Ending = Option<(CloseCode, &'static str)>;

const INVALID_TOKEN: Ending = Some((CloseCode::Library(4001), "invalid token"));
const TOO_MANY: Ending = Some((CloseCode::Again, "too many relay connections"));
const SHUTDOWN: Ending = Some((CloseCode::Away, "the sandbox shuts down"));
const NO_INIT: Ending = Some((CloseCode::Policy, "timed out: expected {\"action\":\"init\"}"));
const NO_ACTION: Ending = Some((CloseCode::Policy, "invalid message: expected {\"action\":\"init\"}"));
const BINARY: Ending = Some((CloseCode::Unsupported, "invalid message: expected text"));
const TOO_LARGE: Ending = Some((CloseCode::Size, "the message is too large"));
const NOT_UTF8: Ending = Some((CloseCode::Invalid, "invalid message: not UTF-8"));
const PROTOCOL: Ending = Some((CloseCode::Protocol, "protocol error"));
const SILENT: Ending = Some((CloseCode::Policy, "timed out: no pong"));
const NO_RANDOMNESS: Ending = Some((CloseCode::Error, "no randomness for an id"));
const GONE: Ending = None;

/// Serves a connection until it ends, or until the sender of `stop` is dropped.
pub(crate) async fn run(handshake: Handshake, shared: &Shared, mut stop: watch::Receiver<()>) {
    let request_timeout = shared.config.request_timeout;
    let Ok(Ok(upgraded)) = timeout(request_timeout, handshake.upgrade).await else { return };
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(MAX_WAITING_BYTES + MAX_MESSAGE)
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE));
    let mut socket =
        WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
    if !handshake.is_authorized {
        return close(socket, INVALID_TOKEN).await;
    }
    let Some(_reserved) = shared.relay.reserve() else { return close(socket, TOO_MANY).await };
    let Ok(id) = random_id() else { return close(socket, NO_RANDOMNESS).await };
    let mut frames = shared.relay.open(id);
    let ending = tokio::select! {
        ending = talk(&mut socket, &mut frames, request_timeout) => ending,
        _ = stop.changed() => SHUTDOWN,
    };
    if ending == SHUTDOWN {
        let _ = timeout(CLOSE_TIMEOUT, send_last(&mut socket, &mut frames)).await;
    }
    drop(frames);
    close(socket, ending).await;
}

/// The id of a connection is all that its webhooks need, so it cannot be guessed from the seed.
fn random_id() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}

async fn talk(socket: &mut Socket, frames: &mut Frames<'_>, request_timeout: Duration) -> Ending {
    let mut pings = interval_at(Instant::now() + request_timeout, request_timeout);
    let mut init = std::pin::pin!(sleep(request_timeout.min(MAX_INIT)));
    let (mut is_initialized, mut is_alive) = (false, true);
    loop {
        let sent = tokio::select! {
            message = socket.next() => {
                is_alive = true;
                match message {
                    Some(Ok(Message::Text(text))) => match action(&text).as_deref() {
                        Some("init") => {
                            is_initialized = true;
                            let reply = serde_json::json!({ "connectionId": frames.connection_id() });
                            send(socket, Message::text(reply.to_string()), request_timeout).await
                        }
                        Some(_) => Ok(()),
                        None => return NO_ACTION,
                    },
                    Some(Ok(Message::Binary(_))) => return BINARY,
                    Some(Ok(Message::Close(_))) | None => return GONE,
                    Some(Ok(_)) => Ok(()),
                    Some(Err(error)) => return ending_of(&error),
                }
            }
            frame = frames.next() => match frame.is_abandoned() {
                true => Ok(()),
                false => {
                    let sent = send(socket, Message::text(frame.text.as_str()), request_timeout).await;
                    if sent.is_ok() {
                        frame.confirm();
                    }
                    sent
                }
            },
            _ = pings.tick() => {
                if !is_alive {
                    return SILENT;
                }
                is_alive = false;
                send(socket, Message::Ping(bytes::Bytes::new()), request_timeout).await
            }
            () = init.as_mut(), if !is_initialized => return NO_INIT,
        };
        if let Err(ending) = sent {
            return ending;
        }
    }
}

/// Returns the action of a message; `None` if it has none.
fn action(text: &Utf8Bytes) -> Option<String> {
    #[derive(Deserialize)]
    struct Request {
        action: String,
    }

    serde_json::from_str(text.as_str()).ok().map(|Request { action }| action)
}

/// Writes a message. A client that does not take it in time is gone.
async fn send(socket: &mut Socket, message: Message, within: Duration) -> Result<(), Ending> {
    match timeout(within, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(ending_of(&error)),
        Err(_) => Err(GONE),
    }
}

fn ending_of(error: &Error) -> Ending {
    match error {
        Error::Capacity(_) => TOO_LARGE,
        Error::Utf8(_) => NOT_UTF8,
        Error::Protocol(_) => PROTOCOL,
        _ => GONE,
    }
}

/// Writes what waits already, so that the deliveries in progress succeed.
async fn send_last(socket: &mut Socket, frames: &mut Frames<'_>) {
    while let Some(frame) = frames.take_last() {
        if socket.send(Message::text(frame.text.as_str())).await.is_err() {
            return;
        }
        frame.confirm();
    }
}

async fn close(mut socket: Socket, ending: Ending) {
    let frame = ending.map(|(code, reason)| CloseFrame { code, reason: Utf8Bytes::from_static(reason) });
    let goodbye = async {
        if socket.close(frame).await.is_ok() {
            while let Some(Ok(_)) = socket.next().await {}
        }
        // The system would drop the close frame if the client sent something that nobody reads.
        let mut stream = socket.into_inner();
        let _ = stream.shutdown().await;
        let _ = copy(&mut stream, &mut sink()).await;
    };
    let _ = timeout(CLOSE_TIMEOUT, goodbye).await;
}
