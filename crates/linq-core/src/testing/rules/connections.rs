use std::{net::TcpListener, time::Duration};

use http::{Method, StatusCode};

use super::{Bench, LONG, PATH, Script, Step, json, respond, response};
use crate::TransportErrorKind;

const CALLS: usize = 1000;
/// A call that comes before the connection of the last one is back may open another.
const CONNECTIONS: usize = 10;

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
    let mut request = bench.request(Method::POST, PATH, json("{}"));
    let address = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    let address = address.map_err(|error| format!("the check finds no free port: {error}"))?;
    let uri = request.uri().to_string().replace(&bench.server.address().to_string(), &address.to_string());
    *request.uri_mut() = uri.parse().map_err(|_| uri)?;
    match bench.send(request, LONG).await {
        Err(error) if error.kind() == TransportErrorKind::Connect => Ok(()),
        outcome => Err(format!("where nobody listens, this came: {outcome:?}")),
    }
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
