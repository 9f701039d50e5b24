use linq_types::participants::Participant;

use crate::{
    call::Call,
    check, json,
    response::{Answer, ApiResponse},
    shared::Shared,
};

pub(crate) fn add(shared: &Shared, call: &Call<'_>) -> Answer {
    let Participant { handle, .. } = json::read(call.body)?;
    check::handle("handle", &handle)?;
    shared.change(|store, now| store.add_participant(now, call.id(), &handle, call.trace_id))?;
    Ok(ApiResponse::accepted("Participant addition processed", call.trace_id))
}

pub(crate) fn remove(shared: &Shared, call: &Call<'_>) -> Answer {
    let Participant { handle, .. } = json::read(call.body)?;
    check::handle("handle", &handle)?;
    shared.change(|store, now| store.remove_participant(now, call.id(), &handle, call.trace_id))?;
    Ok(ApiResponse::accepted("Participant removal processed", call.trace_id))
}
