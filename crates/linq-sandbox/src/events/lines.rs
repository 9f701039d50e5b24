use linq_types::{Handle, HealthStatusKind};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    clock::Moment,
    json,
    model::{Line, Standing},
};

/// `data` of `phone_number.status_updated`.
pub(crate) fn status_updated(now: Moment, line: &Line, before: &Standing) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        phone_number: &'a Handle,
        previous_status: &'static str,
        new_status: &'static str,
        previous_reputation: &'a HealthStatusKind,
        new_reputation: &'a HealthStatusKind,
        changed_at: Moment,
    }

    json::raw(&Data {
        phone_number: &line.phone_number,
        previous_status: status(before.is_flagged),
        new_status: status(line.is_flagged),
        previous_reputation: &before.reputation,
        new_reputation: &line.reputation,
        changed_at: now,
    })
}

fn status(is_flagged: bool) -> &'static str {
    if is_flagged { "FLAGGED" } else { "ACTIVE" }
}
