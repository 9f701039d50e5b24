use http::{
    HeaderValue, Method, StatusCode,
    header::{CONTENT_ENCODING, IF_MATCH, RANGE},
};

use super::{Bench, LONG, PATH, Script, Step, chunk, head, json, respond, response};
use crate::TransportErrorKind;

const CHUNKED: (&str, &str) = ("transfer-encoding", "chunked");

/// `{"zipped":true}`, compressed by gzip.
const GZIPPED: [u8; 35] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 170, 202, 44, 40, 72, 77, 81, 178, 42, 41, 42, 77, 173, 5, 0,
    132, 40, 188, 8, 15, 0, 0, 0,
];

pub(super) async fn statuses(bench: &Bench) -> Result<(), String> {
    for status in [200, 201, 202].into_iter().chain(400..600) {
        bench.server.script(PATH, [respond(response(status, &[], br#"{"error":{}}"#))]);
        let response = bench.respond(bench.request(Method::POST, PATH, json("{}"))).await?;
        ensure!(response.status() == status, "{status} came back as {}", response.status());
        ensure!(response.body() == r#"{"error":{}}"#, "the body of {status} is {:?}", response.body());
    }
    Ok(())
}

pub(super) async fn bodies(bench: &Bench) -> Result<(), String> {
    let body: Vec<u8> = (0..=u8::MAX).cycle().take(100_000).collect();
    let (first, rest) = body.split_at(70_000);
    let headers = [("x-trace-id", "abc"), ("x-several", "one"), ("x-several", "two")];
    let chunked = [&headers[..], &[CHUNKED]].concat();
    let close = [&headers[..], &[("connection", "close")]].concat();
    let end = Step::Write(chunk(b""));
    let steps: [(&str, u16, &[u8], Vec<Step>); 6] = [
        ("with its length", 200, &body, vec![Step::Write(response(200, &headers, &body))]),
        (
            "in chunks",
            202,
            &body,
            vec![
                Step::Write(head(202, &chunked)),
                Step::Write(chunk(first)),
                Step::Write(chunk(rest)),
                end.clone(),
            ],
        ),
        (
            "up to the end of the connection",
            200,
            &body,
            vec![Step::Write(head(200, &close)), Step::Write(body.clone()), Step::Close],
        ),
        ("without a body", 204, b"", vec![Step::Write(head(204, &headers))]),
        ("with an empty body", 200, b"", vec![Step::Write(response(200, &headers, b""))]),
        ("with an empty body in chunks", 200, b"", vec![Step::Write(head(200, &chunked)), end]),
    ];
    for (how, status, body, steps) in steps {
        bench.server.script(PATH, [Script::Respond(steps)]);
        let response = bench.respond(bench.request(Method::GET, PATH, json(""))).await?;
        ensure!(response.status() == status, "the status {status} came back as {}", response.status());
        let length = response.body().len();
        ensure!(response.body() == body, "a response {how} came back changed, {length} bytes long");
        let several: Vec<_> = response.headers().get_all("x-several").iter().collect();
        ensure!(several == ["one", "two"], "a header that came twice came back as {several:?}");
        ensure!(response.headers().get("x-trace-id").is_some(), "a header of a response {how} is lost");
    }
    Ok(())
}

pub(super) async fn retry_hints(bench: &Bench) -> Result<(), String> {
    let hints: [&[(&str, &str)]; 6] = [
        &[],
        &[("retry-after", "3")],
        &[("retry-after", "0.25")],
        &[("retry-after-ms", "1500")],
        &[("date", "Fri, 06 Nov 2026 08:49:37 GMT"), ("retry-after", "Fri, 06 Nov 2026 08:49:40 GMT")],
        &[("x-should-retry", "false")],
    ];
    let body = r#"{"error":{"status":429,"code":1007,"retry_after":12}}"#;
    for headers in hints {
        bench.server.script(PATH, [respond(response(429, headers, body.as_bytes()))]);
        let response = bench.respond(bench.request(Method::POST, PATH, json("{}"))).await?;
        ensure!(response.status() == 429, "429 came back as {}", response.status());
        ensure!(response.body() == body, "the body came back as {:?}", response.body());
        for (name, value) in headers {
            let found = response.headers().get(*name);
            ensure!(found.is_some_and(|found| found == value), "{name}: {value} came back as {found:?}");
        }
    }
    ensure!(bench.server.seen(PATH).len() == hints.len(), "429 was tried again");
    Ok(())
}

pub(super) async fn redirects(bench: &Bench) -> Result<(), String> {
    let target = format!("http://{}/v3/target", bench.server.address());
    for status in [300, 301, 302, 303, 307, 308] {
        for location in [target.as_str(), "/v3/target"] {
            bench.server.script(PATH, [respond(response(status, &[("location", location)], b"over there"))]);
            for (method, body) in [(Method::GET, ""), (Method::POST, "{}")] {
                let response = bench.respond(bench.request(method, PATH, json(body))).await?;
                ensure!(response.status() == status, "{status} came back as {}", response.status());
                ensure!(response.body() == "over there", "the body of {status} is {:?}", response.body());
            }
        }
    }
    ensure!(bench.server.seen("/v3/target").is_empty(), "a redirect was followed");
    Ok(())
}

/// Downloads consist of such requests.
pub(super) async fn ranges(bench: &Bench) -> Result<(), String> {
    let headers = [("content-range", "bytes 4-9/10"), ("etag", "\"v1\""), ("accept-ranges", "bytes")];
    for (status, body) in [(206, &b"456789"[..]), (412, b"<Error/>"), (416, b"<Error/>")] {
        bench.server.script(PATH, [respond(response(status, &headers, body))]);
        let mut request = bench.request(Method::GET, PATH, json(""));
        request.headers_mut().insert(RANGE, HeaderValue::from_static("bytes=4-11"));
        request.headers_mut().insert(IF_MATCH, HeaderValue::from_static("\"v1\""));
        let response = bench.respond(request).await?;
        ensure!(response.status() == status, "{status} came back as {}", response.status());
        ensure!(response.body() == body, "the body of {status} is {:?}", response.body());
        for (name, value) in headers {
            let found = response.headers().get(name);
            ensure!(found.is_some_and(|found| found == value), "{name}: {value} came back as {found:?}");
        }
    }
    let seen = bench.server.seen(PATH);
    ensure!(seen.len() == 3, "{} requests arrived instead of three", seen.len());
    for seen in seen {
        let (range, condition) = (seen.headers.get(RANGE), seen.headers.get(IF_MATCH));
        ensure!(range.is_some_and(|range| range == "bytes=4-11"), "the range arrived as {range:?}");
        ensure!(condition.is_some_and(|tag| tag == "\"v1\""), "the condition arrived as {condition:?}");
    }
    Ok(())
}

pub(super) async fn compressed(bench: &Bench) -> Result<(), String> {
    bench.server.script(PATH, [respond(response(200, &[("content-encoding", "gzip")], &GZIPPED))]);
    let response = bench.respond(bench.request(Method::GET, PATH, json(""))).await?;
    let asked = bench.only(PATH)?.headers.contains_key("accept-encoding");
    let encoded = response.headers().contains_key(CONTENT_ENCODING);
    ensure!(!(asked && encoded), "a compressed response was asked for, but is not decoded");
    let expected: &[u8] = if encoded { &GZIPPED } else { br#"{"zipped":true}"# };
    ensure!(response.body() == expected, "the response came back as {:?}", response.body());
    Ok(())
}

pub(super) async fn limit(bench: &Bench) -> Result<(), String> {
    let too_large = vec![b' '; bench.max_response_bytes + 1];
    let largest = &too_large[1..];
    let announced = |body| respond(response(200, &[], body));
    let chunked = |body: &[u8]| {
        let mut bytes = head(200, &[CHUNKED]);
        body.chunks(1 << 20).for_each(|piece| bytes.extend_from_slice(&chunk(piece)));
        bytes.extend_from_slice(&chunk(b""));
        respond(bytes)
    };
    for fits in [announced(largest), chunked(largest)] {
        bench.server.script(PATH, [fits]);
        let response = bench.respond(bench.request(Method::GET, PATH, json(""))).await?;
        ensure!(response.status() == StatusCode::OK, "the status is {}", response.status());
        let length = response.body().len();
        ensure!(length == largest.len(), "{length} of {} bytes came back", largest.len());
    }
    for too_large in [announced(&too_large), chunked(&too_large)] {
        bench.server.script(PATH, [too_large]);
        bench.fail(PATH, LONG, TransportErrorKind::TooLarge).await?;
    }
    Ok(())
}
