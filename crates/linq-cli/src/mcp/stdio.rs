//! The transport over standard input and output: one JSON message per line.
//!
//! Threads of their own read and write, because a read that waits would keep the process from ending.

use std::{
    io::{self, BufRead, Write as _, stdin, stdout},
    sync::Arc,
    thread,
    time::Duration,
};

use rmcp::{
    RoleServer, ServiceExt as _,
    model::{ClientJsonRpcMessage, ErrorData, ServerJsonRpcMessage},
    service::ServerInitializeError,
    transport::Transport,
};
use serde::{Serialize, de::IgnoredAny};
use serde_json::{Value, json};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::server::Server;
use crate::{failure::Failure, log::Log, shutdown::ShutdownSignal, terminal::print_on_stderr};

/// The maximum size of a message.
const MAX_LINE: usize = 1024 * 1024;
/// How many messages wait in each direction.
const MAX_WAITING: usize = 16;
/// How long the client may take to read the last messages.
const GRACE_PERIOD: Duration = Duration::from_secs(2);

/// Serves one client until standard input ends, the client is gone, or a signal.
pub(super) async fn serve(server: &Arc<Server>, signal: ShutdownSignal) -> Result<(), Failure> {
    let (outgoing, lines) = mpsc::channel(MAX_WAITING);
    let (ended, written) = oneshot::channel();
    thread::spawn(move || ended.send(write(lines)));
    let (sender, incoming) = mpsc::channel(MAX_WAITING);
    thread::spawn(move || read_lines(&mut stdin().lock(), &sender));
    let log = Log::default();
    let session = async {
        match server.clone().serve(Stdio { server: server.clone(), incoming, outgoing }).await {
            Ok(running) => running.waiting().await.map(drop).map_err(|error| Failure::new(error.to_string())),
            // The client is gone before it said anything.
            Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
            Err(error) => Err(Failure::new(format!("the client does not speak the protocol: {error}"))),
        }
    };
    let result = tokio::select! {
        result = session => result,
        () = signal.wait(&log) => Ok(()),
    };
    match timeout(GRACE_PERIOD, written).await {
        Ok(Ok(Err(error))) => Err(Failure::of_output("standard output", &error)),
        _ => result,
    }
}

/// A line of standard input.
enum Line {
    Whole(Vec<u8>),
    TooLong,
}

/// Reads lines until the input ends or nobody takes them.
fn read_lines(input: &mut impl BufRead, lines: &mpsc::Sender<Line>) {
    while let Ok(Some(line)) = read_line(input) {
        if lines.blocking_send(line).is_err() {
            return;
        }
    }
}

/// Reads a line without ever keeping more than the maximum. Returns `None` at the end.
fn read_line(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    let mut is_too_long = false;
    loop {
        let available = match input.fill_buf() {
            Ok([]) => return Ok(None),
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let end = available.iter().position(|byte| *byte == b'\n');
        let piece = &available[..end.unwrap_or(available.len())];
        is_too_long |= line.len() + piece.len() > MAX_LINE;
        if !is_too_long {
            line.extend_from_slice(piece);
        }
        let used = piece.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() {
            return Ok(Some(if is_too_long { Line::TooLong } else { Line::Whole(line) }));
        }
    }
}

/// Writes lines until there are no more senders.
fn write(mut lines: mpsc::Receiver<Vec<u8>>) -> io::Result<()> {
    let mut output = stdout().lock();
    while let Some(line) = lines.blocking_recv() {
        output.write_all(&line)?;
        output.flush()?;
    }
    Ok(())
}

struct Stdio {
    server: Arc<Server>,
    incoming: mpsc::Receiver<Line>,
    outgoing: mpsc::Sender<Vec<u8>>,
}

impl Stdio {
    /// Returns the message of a line. A line without one that needs an answer gets it here.
    async fn message(&self, line: Line) -> Option<ClientJsonRpcMessage> {
        let error = match line {
            Line::TooLong => {
                ErrorData::invalid_request(format!("the message is longer than {MAX_LINE} bytes"), None)
            }
            Line::Whole(line) if line.trim_ascii().is_empty() => return None,
            Line::Whole(line) => match serde_json::from_slice(&line) {
                Ok(message) => return Some(message),
                Err(error) if serde_json::from_slice::<IgnoredAny>(&line).is_err() => {
                    ErrorData::parse_error(format!("invalid JSON: {error}"), None)
                }
                // Notifications get no answer, not even those that are unknown.
                Err(_) if is_notification(&line) => return None,
                Err(_) => ErrorData::invalid_request("the message is none of the protocol", None),
            },
        };
        let _ = print_on_stderr(&format!("rejected a message: {}\n", linq::types::escape(&error.message)));
        let answer = json!({ "jsonrpc": "2.0", "id": null, "error": error });
        let _ = self.outgoing.send(line_of(&answer)).await;
        None
    }
}

impl Transport<RoleServer> for Stdio {
    type Error = io::Error;

    fn send(
        &mut self,
        message: ServerJsonRpcMessage,
    ) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let outgoing = self.outgoing.clone();
        async move { outgoing.send(line_of(&message)).await.map_err(|_| io::ErrorKind::BrokenPipe.into()) }
    }

    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        loop {
            let line = tokio::select! {
                line = self.incoming.recv() => line,
                () = self.outgoing.closed() => None,
            };
            let Some(line) = line else {
                // Requests in progress are answered before the end; waits would hold it up.
                self.server.end();
                return None;
            };
            if let Some(message) = self.message(line).await {
                return Some(message);
            }
        }
    }

    async fn close(&mut self) -> io::Result<()> {
        self.incoming.close();
        Ok(())
    }
}

fn is_notification(line: &[u8]) -> bool {
    let message: Value = serde_json::from_slice(line).unwrap_or_default();
    message.get("method").is_some() && message.get("id").is_none()
}

fn line_of(message: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(message).unwrap_or_default();
    line.push(b'\n');
    line
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor};

    use super::*;

    #[test]
    fn lines_are_read_whole_up_to_the_maximum_and_the_rest_is_skipped() {
        let (longest, too_long) = ("x".repeat(MAX_LINE), "y".repeat(MAX_LINE + 1));
        let text = format!("first\n\n{longest}\n{too_long}\nlast\nwithout end");
        let mut input = BufReader::with_capacity(1000, Cursor::new(text));
        for expected in [Some("first"), Some(""), Some(&*longest), None, Some("last")] {
            match (read_line(&mut input).unwrap(), expected) {
                (Some(Line::Whole(line)), Some(expected)) => assert!(line == expected.as_bytes()),
                (Some(Line::TooLong), None) => {}
                _ => panic!("expected {} bytes", expected.unwrap_or_default().len()),
            }
        }
        assert!(read_line(&mut input).unwrap().is_none());
    }
}
