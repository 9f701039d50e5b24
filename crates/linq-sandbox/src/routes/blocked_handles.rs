use http::StatusCode;
use linq_types::{
    Handle,
    blocked_handles::{NewBlockedHandle, UnblockHandle},
};
use serde::Serialize;

use crate::{
    call::Call,
    clock::Moment,
    json,
    model::Blocked,
    response::{Answer, ApiResponse},
    shared::Shared,
};

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

pub(crate) fn list(shared: &Shared, _: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        blocked_handles: Vec<EntryView<'a>>,
    }

    shared.read(|store| {
        let blocked_handles = store.blocked.iter().map(EntryView::new).collect();
        Ok(ApiResponse::json(StatusCode::OK, &Body { blocked_handles }))
    })
}

pub(crate) fn block(shared: &Shared, call: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        blocked_handle: EntryView<'a>,
    }

    let NewBlockedHandle { handle, reason, .. } = json::read(call.body)?;
    shared.change(|store, now| {
        let blocked = store.block(now, handle, reason)?;
        Ok(ApiResponse::json(StatusCode::CREATED, &Body { blocked_handle: EntryView::new(blocked) }))
    })
}

pub(crate) fn unblock(shared: &Shared, call: &Call<'_>) -> Answer {
    let UnblockHandle { handle, .. } = json::read(call.body)?;
    shared.change(|store, _| store.unblock(&handle))?;
    Ok(ApiResponse::no_content())
}
