//! How carriers and Apple treat the lines: each action is named after the method of `Line` that does the same.

use http::StatusCode;
use linq_types::{Handle, HealthStatusKind, LineType};
use serde::Deserialize;
use serde_json::json;

use crate::{
    call::Call,
    error::ApiError,
    json,
    model::LineFault,
    page::LineRow,
    response::{Answer, ApiResponse},
    shared::Shared,
};

pub(super) const ACTIONS: [&str; 5] = ["flag", "unflag", "set_reputation", "set_fault", "set_type"];

pub(super) fn list(shared: &Shared) -> ApiResponse {
    shared.read(|store| {
        let lines: Vec<_> = store.lines.iter().map(LineRow::new).collect();
        ApiResponse::json(StatusCode::OK, &json!({ "lines": lines }))
    })
}

pub(super) fn act(shared: &Shared, call: &Call<'_>, line: &str, action: &str) -> Answer {
    let line = Handle::from(line);
    match action {
        "flag" => {
            shared.change(|store, now| store.change_standing(now, &line, |line| line.is_flagged = true))
        }
        "unflag" => {
            shared.change(|store, now| store.change_standing(now, &line, |line| line.is_flagged = false))
        }
        "set_reputation" => set_reputation(shared, call, &line),
        "set_fault" => set_fault(shared, call, &line),
        "set_type" => set_type(shared, call, &line),
        _ => {
            let known = ACTIONS.join(", ");
            Err(ApiError::nothing_there(&format!("action `{action}`; there are: {known}")))
        }
    }?;
    Ok(ApiResponse::json(StatusCode::OK, &json!({})))
}

fn set_reputation(shared: &Shared, call: &Call<'_>, line: &Handle) -> Result<(), ApiError> {
    #[derive(Deserialize)]
    struct SetReputation {
        reputation: HealthStatusKind,
    }

    match json::read_or_empty(call.body)? {
        SetReputation { reputation: HealthStatusKind::Unknown(_) } => {
            Err(unknown("reputation", "one that the API gives, such as AT_RISK"))
        }
        SetReputation { reputation } => {
            shared.change(|store, now| store.change_standing(now, line, |line| line.reputation = reputation))
        }
    }
}

fn set_fault(shared: &Shared, call: &Call<'_>, line: &Handle) -> Result<(), ApiError> {
    #[derive(Deserialize)]
    struct SetFault {
        fault: Option<String>,
    }

    let SetFault { fault } = json::read_or_empty(call.body)?;
    let fault = match fault.as_deref() {
        None => None,
        Some(name) => match LineFault::ALL.into_iter().find(|fault| fault.as_str() == name) {
            None => return Err(unknown("fault", "rcs_off, no_rcs_account, check_fails or null")),
            fault => fault,
        },
    };
    shared.change(|store, _| store.set_line_fault(line, fault))
}

fn set_type(shared: &Shared, call: &Call<'_>, line: &Handle) -> Result<(), ApiError> {
    #[derive(Deserialize)]
    struct SetType {
        #[serde(rename = "type")]
        line_type: LineType,
    }

    match json::read_or_empty(call.body)? {
        SetType { line_type: LineType::Unknown(_) } => Err(unknown("type", "iMessage or RCS")),
        SetType { line_type } => shared.change(|store, _| store.set_line_type(line, line_type)),
    }
}

fn unknown(field: &str, known: &str) -> ApiError {
    ApiError::invalid(format!("`{field}` must be {known}"))
}
