use linq_types::backgrounds::Background;

use crate::{
    call::Call,
    json,
    response::{Answer, ApiResponse},
    shared::Shared,
};

pub(crate) fn set(shared: &Shared, call: &Call<'_>) -> Answer {
    change(shared, call, Some(json::read(call.body)?))
}

pub(crate) fn remove(shared: &Shared, call: &Call<'_>) -> Answer {
    change(shared, call, None)
}

fn change(shared: &Shared, call: &Call<'_>, background: Option<Background>) -> Answer {
    shared.change(|store, now| store.set_background(now, call.id(), background, call.trace_id))?;
    Ok(ApiResponse::accepted_silently())
}
