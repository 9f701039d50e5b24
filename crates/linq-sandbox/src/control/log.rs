//! The requests and the attempts to deliver webhooks.

use std::borrow::Cow;

use http::{HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::json;

use crate::{
    error::ApiError,
    log::{Bodies, Body, Entry},
    page::EntryRow,
    response::{Answer, ApiResponse},
    shared::Shared,
};

/// An entry with what was sent and received.
#[derive(Serialize)]
struct Detail<'a> {
    #[serde(flatten)]
    entry: EntryRow<'a>,
    request: Option<RequestDetail<'a>>,
    response: Option<ResponseDetail<'a>>,
}

#[derive(Serialize)]
struct RequestDetail<'a> {
    headers: Vec<[String; 2]>,
    #[serde(flatten)]
    body: BodyDetail<'a>,
}

impl<'a> RequestDetail<'a> {
    fn new(bodies: &'a Bodies) -> Self {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = bodies.headers();
        let headers = headers.iter().map(|(name, value)| [name.as_str().to_owned(), text(value)]);
        Self { headers: headers.collect(), body: BodyDetail::new(bodies.request()) }
    }
}

#[derive(Serialize)]
struct ResponseDetail<'a> {
    status: u16,
    #[serde(flatten)]
    body: BodyDetail<'a>,
}

#[derive(Serialize)]
struct BodyDetail<'a> {
    body: Cow<'a, str>,
    truncated: bool,
}

impl<'a> BodyDetail<'a> {
    fn new(body: Body<'a>) -> Self {
        Self { body: String::from_utf8_lossy(body.bytes), truncated: body.is_truncated }
    }
}

pub(super) fn requests(shared: &Shared) -> ApiResponse {
    shared.log.read(|kept| {
        let requests: Vec<_> = kept.requests().map(|row| EntryRow::new(Entry::Request(row))).collect();
        ApiResponse::json(StatusCode::OK, &json!({ "requests": requests }))
    })
}

pub(super) fn entry(shared: &Shared, number: &str) -> Answer {
    let parsed = number.parse().ok();
    shared.log.read(|kept| {
        let entry = parsed.and_then(|number| kept.find(number));
        let entry = entry.ok_or_else(|| ApiError::nothing_there(&format!("entry `{number}` of the log")))?;
        let (bodies, status) = match entry {
            Entry::Request(row) => (row.bodies.as_ref(), Some(row.value.status)),
            Entry::Delivery(row) => (row.bodies.as_ref(), None),
        };
        let detail = Detail {
            entry: EntryRow::new(entry),
            request: bodies.map(RequestDetail::new),
            response: bodies.zip(status).map(|(bodies, status)| ResponseDetail {
                status: status.as_u16(),
                body: BodyDetail::new(bodies.response()),
            }),
        };
        Ok(ApiResponse::json(StatusCode::OK, &detail))
    })
}

pub(super) fn clear(shared: &Shared) -> ApiResponse {
    shared.clear_log();
    ApiResponse::no_content()
}
