use std::{
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
    time::Duration,
};

use http::{Method, StatusCode};

use super::{Bench, LONG, PATH, SHORT, Script, Step, json, respond, response};
use crate::TransportErrorKind;

const CALLS: usize = 1000;
/// A call that comes before the connection of the last one is back may open another.
const CONNECTIONS: usize = 10;
/// More connections than a system queues for a server.
const LONGEST_QUEUE: usize = 5000;

pub(super) async fn kept_alive(bench: &Bench) -> Result<(), String> {
    bench.server.script(PATH, [respond(response(200, &[], b"{}"))]);
    for call in 0..CALLS {
        let body = if call % 2 == 0 { "{}" } else { "" };
        let method = if call % 2 == 0 { Method::POST } else { Method::GET };
        let response = bench.respond(bench.request(method, PATH, json(body))).await?;
        ensure!(response.status() == StatusCode::OK, "call {call} gave {}", response.status());
    }
    let (arrived, connections) = (bench.server.seen(PATH).len(), bench.server.connections());
    ensure!(arrived == CALLS, "{arrived} requests arrived instead of {CALLS}");
    ensure!(connections <= CONNECTIONS, "{CALLS} calls took {connections} connections");
    Ok(())
}

pub(super) async fn closed(bench: &Bench) -> Result<(), String> {
    let respond_and_close = Script::Respond(vec![Step::Write(response(200, &[], b"{}")), Step::Close]);
    bench.server.script(PATH, [respond_and_close]);
    for _ in 0..3 {
        bench.respond(bench.request(Method::POST, PATH, json("{}"))).await?;
        bench.sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

pub(super) async fn refused(bench: &Bench) -> Result<(), String> {
    let address = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    let address = address.map_err(no_port)?;
    not_connected(bench, &format!("http://{address}"), LONG, "where nobody listens").await
}

pub(super) async fn unresolvable(bench: &Bench) -> Result<(), String> {
    for base in ["http://nowhere.invalid", "https://nowhere.invalid"] {
        not_connected(bench, base, LONG, "for a host that does not resolve").await?;
    }
    Ok(())
}

/// Backends without TLS refuse `https`, which is an error of connecting too.
pub(super) async fn without_tls(bench: &Bench) -> Result<(), String> {
    let handshake_failure: &[u8] = &[21, 3, 3, 0, 2, 2, 40];
    let responses: [(&str, &[u8]); 3] = [
        ("after a TLS alert", handshake_failure),
        ("from a server without TLS", b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"),
        ("when the handshake is cut off", b""),
    ];
    for (what, response) in responses {
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(no_port)?;
        let address = listener.local_addr().map_err(no_port)?;
        let serving = thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let length = stream.read(&mut [0; 4096]).unwrap_or(0);
                if length == 0 {
                    break;
                }
                drop(stream.write_all(response));
            }
        });
        let outcome = not_connected(bench, &format!("https://{address}"), LONG, what).await;
        drop(TcpStream::connect(address));
        drop(serving.join());
        outcome?;
    }
    Ok(())
}

/// Connects to a server whose queue of connections is full, so that it does not respond.
pub(super) async fn not_accepted(bench: &Bench) -> Result<(), String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(no_port)?;
    let address = listener.local_addr().map_err(no_port)?;
    let mut queued = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, SHORT) {
        queued.push(stream);
        ensure!(queued.len() < LONGEST_QUEUE, "the queue of the check's server has no end");
    }
    not_connected(bench, &format!("http://{address}"), SHORT, "while connecting").await
}

/// Sends requests of each kind to this URL, none of which can get as far as a connection.
async fn not_connected(bench: &Bench, base: &str, timeout: Duration, what: &str) -> Result<(), String> {
    for (method, body) in [(Method::POST, "{}"), (Method::POST, ""), (Method::GET, "")] {
        let mut request = bench.request(method.clone(), PATH, json(body));
        let own = format!("http://{}", bench.server.address());
        let uri = request.uri().to_string().replace(&own, base);
        *request.uri_mut() = uri.parse().map_err(|_| uri)?;
        match bench.send(request, timeout).await {
            Err(error) if error.kind() == TransportErrorKind::Connect => {}
            outcome => return Err(format!("{what}, a {method} of {} bytes gave {outcome:?}", body.len())),
        }
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "it is passed to `map_err`")]
fn no_port(error: io::Error) -> String {
    format!("the check finds no free port: {error}")
}

pub(super) async fn reset_unread(bench: &Bench) -> Result<(), String> {
    bench.server.script(PATH, [Script::ResetUnread]);
    bench.fail(PATH, LONG, TransportErrorKind::Other).await?;
    bench.only(PATH).map(drop)
}

pub(super) async fn reset_read(bench: &Bench) -> Result<(), String> {
    bench.server.script(PATH, [Script::ResetRead]);
    bench.fail(PATH, LONG, TransportErrorKind::Other).await?;
    bench.only(PATH).map(drop)
}

/// Also on a connection that has served before: a library must not take that for a reason to send again.
pub(super) async fn unanswered(bench: &Bench) -> Result<(), String> {
    bench.server.script("/v3/before", [respond(response(200, &[], b"{}"))]);
    bench.respond(bench.request(Method::GET, "/v3/before", json(""))).await?;
    bench.server.script(PATH, [Script::Respond(vec![Step::Close])]);
    bench.fail(PATH, LONG, TransportErrorKind::Other).await?;
    bench.only(PATH).map(drop)
}
