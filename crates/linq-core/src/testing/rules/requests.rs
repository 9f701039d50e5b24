use http::{
    HeaderMap, HeaderValue, Method,
    header::{
        ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST, TRANSFER_ENCODING,
        USER_AGENT,
    },
};

use super::{Bench, json, respond, response};

pub(super) async fn as_made(bench: &Bench) -> Result<(), String> {
    let path = "/v3/chats/a%2Fb%20c/messages";
    for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let body = if method == Method::GET { "" } else { r#"{"text":"Grüße"}"# };
        let mut request = bench.request(method.clone(), path, json(body));
        let target = format!("{path}?signature=do-not-tell&x=%2B1%20%C3%BC&empty=");
        let uri = format!("http://{}{target}", bench.server.address());
        *request.uri_mut() = uri.parse().map_err(|_| uri)?;
        let headers = [
            (AUTHORIZATION, "Bearer key"),
            (CONTENT_TYPE, "application/json"),
            (USER_AGENT, "conformance"),
            (http::HeaderName::from_static("x-own"), "a, \"b\"; c=d"),
        ];
        for (name, value) in headers.clone() {
            request.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        bench.server.script(path, [respond(response(200, &[], b"{}"))]);
        bench.respond(request).await?;
        let mut seen = bench.server.seen(path);
        let seen = seen.pop().ok_or("the request did not arrive")?;
        ensure!(seen.method == method, "{method} arrived as {}", seen.method);
        ensure!(seen.target == target, "the address {target} arrived as {}", seen.target);
        ensure!(seen.body == body.as_bytes(), "the body of {method} arrived changed");
        for (name, value) in headers {
            let found: Vec<_> = seen.headers.get_all(&name).iter().collect();
            ensure!(found == [value], "{name}: {value} arrived as {found:?}");
        }
        let host = seen.headers.get(HOST);
        ensure!(
            host.is_some_and(|host| host == &bench.server.address().to_string()),
            "the host arrived as {host:?}"
        );
        ensure!(!seen.headers.contains_key(EXPECT), "{method} asked for permission to send its body");
        let length = (!body.is_empty()).then_some(body.len());
        check_length(&method, &seen.headers, length)?;
    }
    Ok(())
}

/// `accept: */*` has no effect, so it is allowed.
pub(super) async fn only_needed(bench: &Bench) -> Result<(), String> {
    for (method, body) in [(Method::GET, ""), (Method::POST, "{}"), (Method::PUT, "{}"), (Method::DELETE, "")]
    {
        let path = format!("/v3/{}", method.as_str().to_lowercase());
        bench.server.script(&path, [respond(response(200, &[], b"{}"))]);
        bench.respond(bench.request(method.clone(), &path, json(body))).await?;
        for (name, value) in &bench.only(&path)?.headers {
            let needed = [HOST, CONTENT_LENGTH, CONNECTION].contains(name);
            ensure!(needed || (name == ACCEPT && value == "*/*"), "{method} arrived with {name}: {value:?}");
        }
    }
    Ok(())
}

pub(super) async fn without_body(bench: &Bench) -> Result<(), String> {
    for (method, length) in [
        (Method::POST, Some(0)),
        (Method::PUT, Some(0)),
        (Method::PATCH, Some(0)),
        (Method::GET, None),
        (Method::DELETE, None),
    ] {
        let path = format!("/v3/{}", method.as_str().to_lowercase());
        bench.server.script(&path, [respond(response(200, &[], b"{}"))]);
        bench.respond(bench.request(method.clone(), &path, json(""))).await?;
        check_length(&method, &bench.only(&path)?.headers, length)?;
    }
    Ok(())
}

/// The length is sent once, and nothing is chunked. Where no length is expected, it may be 0.
fn check_length(method: &Method, headers: &HeaderMap, expected: Option<usize>) -> Result<(), String> {
    let chunked = headers.get(TRANSFER_ENCODING);
    ensure!(chunked.is_none(), "{method} arrived with the transfer encoding {chunked:?}");
    let lengths: Vec<_> = headers.get_all(CONTENT_LENGTH).iter().collect();
    let holds = match (expected, lengths.as_slice()) {
        (None, []) => true,
        (expected, [length]) => *length == &expected.unwrap_or(0).to_string(),
        _ => false,
    };
    ensure!(holds, "{method} arrived with the lengths {lengths:?} instead of {expected:?}");
    Ok(())
}
