//! `POST /sandbox/people/{handle}/{action}`.

use http::StatusCode;
use linq_types::Handle;
use serde::Serialize;
use serde_json::json;

use crate::{
    call::Call,
    check,
    error::ApiError,
    page::PersonRow,
    person_action::{PersonAction, Said},
    response::{Answer, ApiResponse},
    shared::Shared,
};

/// An action, for `GET /sandbox/`.
#[derive(Serialize)]
pub(super) struct ActionView {
    names: &'static [&'static str],
    does: &'static str,
    required: Vec<String>,
    optional: Vec<String>,
}

pub(super) fn actions() -> Vec<ActionView> {
    let rows = PersonAction::ROWS.iter().map(|row| ActionView {
        names: row.names,
        does: row.does(),
        required: row.fields(false),
        optional: row.fields(true),
    });
    rows.collect()
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    PersonAction::ROWS.iter().flat_map(|row| row.names).copied()
}

pub(super) fn list(shared: &Shared) -> ApiResponse {
    shared.read(|store| {
        let people = store.people.changed(0, usize::MAX).into_iter().map(PersonRow::new);
        let people: Vec<_> = people.collect();
        ApiResponse::json(StatusCode::OK, &json!({ "people": people }))
    })
}

pub(super) fn act(shared: &Shared, call: &Call<'_>, person: &str, name: &str) -> Answer {
    let person = Handle::from(person);
    check::handle("handle", &person)?;
    let action = PersonAction::read(name, call.body).ok_or_else(|| {
        let known: Vec<_> = names().collect();
        ApiError::nothing_there(&format!("action `{name}`; there are: {}", known.join(", ")))
    })??;
    let said = shared.change(|store, now| action.apply(store, now, &person))?;
    let body = match said {
        Some(Said { chat_id, message_id }) => json!({ "chat_id": chat_id, "message_id": message_id }),
        None => json!({}),
    };
    Ok(ApiResponse::json(StatusCode::OK, &body))
}

/// The code for `POST /v3/payments/handles/{handle}/verify`.
pub(super) fn payment_code(shared: &Shared, person: &str) -> ApiResponse {
    let code = shared.read(|store| store.payment_code(&person.into()));
    ApiResponse::json(StatusCode::OK, &json!({ "payment_code": code }))
}
