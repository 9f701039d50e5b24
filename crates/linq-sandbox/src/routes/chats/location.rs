use http::StatusCode;
use linq_types::participants::Participant;
use serde::Serialize;

use crate::{
    call::Call,
    check, json,
    response::{Answer, ApiResponse},
    shared::Shared,
    views::LocationsView,
};

pub(crate) fn retrieve(shared: &Shared, call: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        success: bool,
        data: LocationsView<'a>,
    }

    shared.read(|store| {
        let data = LocationsView::new(store.located_chat(call.id())?);
        Ok(ApiResponse::json(StatusCode::OK, &Body { success: true, data }))
    })
}

pub(crate) fn request(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.change(|store, now| store.request_location(now, call.id()))?;
    succeeded("Location requested")
}

pub(crate) fn stop(shared: &Shared, call: &Call<'_>) -> Answer {
    let Participant { handle, .. } = json::read(call.body)?;
    check::handle("handle", &handle)?;
    shared.change(|store, now| store.stop_sharing(now, call.id(), &handle, call.trace_id))?;
    succeeded("Location sharing stopped")
}

fn succeeded(message: &'static str) -> Answer {
    #[derive(Serialize)]
    struct Body {
        success: bool,
        message: &'static str,
    }

    Ok(ApiResponse::json(StatusCode::ACCEPTED, &Body { success: true, message }))
}
