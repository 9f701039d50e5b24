use std::time::{Duration, Instant};

use http::{Method, StatusCode};

use super::{Bench, LONG, PATH, SHORT, Script, Step, chunk, head, json, respond, response};
use crate::TransportErrorKind;

/// How much later than asked something may end, on a machine under load.
const SLACK: Duration = Duration::from_secs(1);

pub(super) async fn truncated(bench: &Bench) -> Result<(), String> {
    let cut = |bytes: Vec<u8>| Script::Respond(vec![Step::Write(bytes), Step::Close]);
    let mut chunked = head(200, &[("transfer-encoding", "chunked")]);
    chunked.extend_from_slice(&chunk(br#"{"data":[]}"#));
    let mut announced = response(200, &[], br#"{"data":[]}"#);
    announced.pop();
    for (path, script) in [
        ("/v3/announced", cut(announced)),
        ("/v3/chunked", cut(chunked)),
        ("/v3/head", cut(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec())),
    ] {
        bench.server.script(path, [script]);
        bench.fail(path, LONG, TransportErrorKind::Other).await?;
        bench.only(path)?;
    }
    Ok(())
}

pub(super) async fn hanging(bench: &Bench) -> Result<(), String> {
    bench.server.script(PATH, [Script::Respond(vec![Step::Hang])]);
    in_time(bench).await?;
    bench.only(PATH).map(drop)
}

pub(super) async fn trickling(bench: &Bench) -> Result<(), String> {
    let mut steps = vec![Step::Write(head(200, &[("content-length", "100")]))];
    for _ in 0..100 {
        steps.extend([Step::Pause(SHORT / 10), Step::Write(b" ".to_vec())]);
    }
    bench.server.script(PATH, [Script::Respond(steps)]);
    in_time(bench).await
}

async fn in_time(bench: &Bench) -> Result<(), String> {
    let start = now();
    bench.fail(PATH, SHORT, TransportErrorKind::Timeout).await?;
    let took = now().duration_since(start);
    ensure!(took < SHORT + SLACK, "the error came after {took:?} instead of {SHORT:?}");
    Ok(())
}

pub(super) async fn patient(bench: &Bench) -> Result<(), String> {
    bench.server.script(PATH, [respond(response(200, &[], b"{}"))]);
    let response = bench.send(bench.request(Method::GET, PATH, json("")), Duration::MAX).await;
    ensure!(response.is_ok(), "a timeout of {:?} gave {response:?}", Duration::MAX);
    Ok(())
}

pub(super) async fn slow(bench: &Bench) -> Result<(), String> {
    let mut steps = vec![Step::Write(head(200, &[("content-length", "10")]))];
    for _ in 0..10 {
        steps.extend([Step::Pause(Duration::from_millis(20)), Step::Write(b"-".to_vec())]);
    }
    bench.server.script(PATH, [Script::Respond(steps)]);
    let response = bench.respond(bench.request(Method::GET, PATH, json(""))).await?;
    ensure!(response.body() == "----------", "the body came back as {:?}", response.body());
    Ok(())
}

pub(super) async fn sleep(bench: &Bench) -> Result<(), String> {
    for asked in [Duration::ZERO, Duration::from_millis(50)] {
        let start = now();
        bench.sleep(asked).await;
        let slept = now().duration_since(start);
        ensure!(slept >= asked && slept < asked + SLACK, "a sleep of {asked:?} took {slept:?}");
    }
    Ok(())
}

pub(super) async fn cancelled(bench: &Bench) -> Result<(), String> {
    bench.server.script(PATH, [Script::Respond(vec![Step::Hang])]);
    bench.fail(PATH, SHORT, TransportErrorKind::Timeout).await?;
    let mut waits = 0;
    while !bench.server.hung_up(PATH) {
        ensure!(waits < 50, "the connection was still open a second after its request was dropped");
        bench.sleep(SLACK / 50).await;
        waits += 1;
    }
    bench.server.script(PATH, [respond(response(200, &[], b"{}"))]);
    let after = bench.respond(bench.request(Method::GET, PATH, json(""))).await?;
    ensure!(after.status() == StatusCode::OK, "the next call gave {}", after.status());
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the check measures how long a backend takes")]
fn now() -> Instant {
    Instant::now()
}
