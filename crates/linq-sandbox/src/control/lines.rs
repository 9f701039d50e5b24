//! How carriers and Apple treat the lines: each action is named after the method of `Line` that does the same.

use linq_types::{Handle, HealthStatusKind, LineType};
use serde::Deserialize;
use serde_json::Value;

use super::actions::{self, Action, done, read, refuse};
use crate::{
    LineFault,
    clock::Moment,
    error::ApiError,
    routes::{Answer, Call},
    shared::Shared,
    store::Store,
};

pub(super) const ACTIONS: [Action; 5] = [
    ("flag", |store, now, line, _| done(store.change_standing(now, line, |line| line.is_flagged = true))),
    ("unflag", |store, now, line, _| done(store.change_standing(now, line, |line| line.is_flagged = false))),
    ("set_reputation", set_reputation),
    ("set_fault", set_fault),
    ("set_type", set_type),
];

pub(super) fn act(shared: &Shared, call: &Call<'_>, line: &str, action: &str) -> Result<Answer, ApiError> {
    actions::perform(&ACTIONS, shared, call, &line.into(), action)
}

fn set_reputation(store: &mut Store, now: Moment, line: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct SetReputation {
        reputation: HealthStatusKind,
    }

    match read(body)? {
        SetReputation { reputation: HealthStatusKind::Unknown(_) } => {
            refuse("reputation", "one that the API gives, such as AT_RISK")
        }
        SetReputation { reputation } => {
            done(store.change_standing(now, line, |line| line.reputation = reputation))
        }
    }
}

fn set_fault(store: &mut Store, _: Moment, line: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct SetFault {
        fault: Option<String>,
    }

    let SetFault { fault } = read(body)?;
    let fault = match fault.as_deref() {
        None => None,
        Some("rcs_off") => Some(LineFault::RcsOff),
        Some("no_rcs_account") => Some(LineFault::NoRcsAccount),
        Some("check_fails") => Some(LineFault::CheckFails),
        Some(_) => return refuse("fault", "rcs_off, no_rcs_account, check_fails or null"),
    };
    done(store.set_line_fault(line, fault))
}

fn set_type(store: &mut Store, _: Moment, line: &Handle, body: &[u8]) -> Result<Value, ApiError> {
    #[derive(Deserialize)]
    struct SetType {
        #[serde(rename = "type")]
        line_type: LineType,
    }

    match read(body)? {
        SetType { line_type: LineType::Unknown(_) } => refuse("type", "iMessage or RCS"),
        SetType { line_type } => done(store.set_line_type(line, line_type)),
    }
}
