use http::{Method, StatusCode};
use linq_types::{
    Handle,
    blocked_handles::{NewBlockedHandle, UnblockHandle},
};
use serde::Serialize;

use super::{Answer, Call};
use crate::{clock::Moment, error::ApiError, json, shared::Shared, store::Blocked};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    Some(match (call.method, rest) {
        (&Method::GET, []) => Ok(list(shared)),
        (&Method::POST, []) => block(shared, call),
        (&Method::DELETE, []) => unblock(shared, call),
        _ => return None,
    })
}

#[derive(Serialize)]
struct EntryView<'a> {
    handle: &'a Handle,
    blocked_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl<'a> EntryView<'a> {
    fn new(blocked: &'a Blocked) -> Self {
        Self { handle: &blocked.handle, blocked_at: blocked.at, reason: blocked.reason.as_deref() }
    }
}

fn list(shared: &Shared) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        blocked_handles: Vec<EntryView<'a>>,
    }

    shared.read(|store| {
        let blocked_handles = store.blocked.iter().map(EntryView::new).collect();
        Answer::json(StatusCode::OK, &Body { blocked_handles })
    })
}

fn block(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        blocked_handle: EntryView<'a>,
    }

    let NewBlockedHandle { handle, reason, .. } = json::read(call.body)?;
    shared.change(|store, now| {
        let blocked = store.block(now, handle, reason)?;
        Ok(Answer::json(StatusCode::CREATED, &Body { blocked_handle: EntryView::new(blocked) }))
    })
}

fn unblock(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    let UnblockHandle { handle, .. } = json::read(call.body)?;
    shared.change(|store, _| store.unblock(&handle))?;
    Ok(Answer::no_content())
}
