use http::StatusCode;
use linq_types::{ChatId, Handle, HealthStatusKind, ReputationAuditId};
use serde::Serialize;

use crate::{
    call::Call,
    clock::Moment,
    model::Line,
    response::{Answer, ApiResponse},
    shared::Shared,
    store::Store,
};

pub(crate) fn start(shared: &Shared, call: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Started<'a> {
        audit_id: &'a ReputationAuditId,
        status: &'static str,
    }

    shared.change(|store, now| {
        let audit = store.start_audit(now, &call.id().into())?;
        Ok(ApiResponse::json(StatusCode::ACCEPTED, &Started { audit_id: &audit.id, status: "pending" }))
    })
}

pub(crate) fn retrieve(shared: &Shared, call: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        audit_id: &'a ReputationAuditId,
        status: &'static str,
        phone: &'a Handle,
        #[serde(skip_serializing_if = "Option::is_none")]
        generated_at: Option<Moment>,
        #[serde(skip_serializing_if = "Option::is_none")]
        report: Option<Report<'a>>,
    }

    let phone_number = Handle::from(call.id());
    shared.read(|store| {
        let line = store.line("phoneNumber", &phone_number)?;
        let audit = store.audit(&phone_number, call.path_parameter(1))?;
        let completed = audit.completed_at(shared.clock.now());
        let body = Body {
            audit_id: &audit.id,
            status: if completed.is_some() { "complete" } else { "pending" },
            phone: &line.phone_number,
            generated_at: completed,
            report: completed.map(|_| Report::new(store, line)),
        };
        Ok(ApiResponse::json(StatusCode::OK, &body))
    })
}

/// The report of an audit: the reputation, whether the line is flagged, and who opted out.
#[derive(Serialize)]
struct Report<'a> {
    severity: &'a HealthStatusKind,
    summary_markdown: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_driver: Option<&'static str>,
    drivers: Vec<Driver>,
    evidence: Evidence<'a>,
    action_items: Vec<ActionItem>,
}

#[derive(Serialize)]
struct Driver {
    key: &'static str,
    summary: &'static str,
}

#[derive(Serialize)]
struct Evidence<'a> {
    opt_out_chats: Vec<OptOutChat<'a>>,
    unhealthy_chats: Vec<UnhealthyChat<'a>>,
}

#[derive(Serialize)]
struct OptOutChat<'a> {
    chat_id: &'a ChatId,
}

#[derive(Serialize)]
struct UnhealthyChat<'a> {
    chat_id: &'a ChatId,
    status: HealthStatusKind,
    driver_keys: [&'static str; 1],
}

#[derive(Serialize)]
struct ActionItem {
    title: &'static str,
    priority: usize,
}

const FLAGGED: Driver = Driver { key: "flagged", summary: "The line is flagged." };
const OPT_OUTS: Driver = Driver { key: "opt_out_handling", summary: "People asked for no more messages." };

impl<'a> Report<'a> {
    fn new(store: &'a Store, line: &'a Line) -> Self {
        let opted_out = store.opted_out_chats(&line.phone_number);
        let drivers: Vec<_> =
            [line.is_flagged.then_some(FLAGGED), (!opted_out.is_empty()).then_some(OPT_OUTS)]
                .into_iter()
                .flatten()
                .collect();
        let action_items = drivers.iter().zip(1..).map(|(driver, priority)| ActionItem {
            title: if driver.key == FLAGGED.key { "Stop sending for now" } else { "Leave them in peace" },
            priority,
        });
        Self {
            severity: &line.reputation,
            summary_markdown: format!("The line {} is **{}**.", line.phone_number, line.reputation),
            primary_driver: drivers.first().map(|driver| driver.key),
            action_items: action_items.collect(),
            evidence: Evidence {
                opt_out_chats: opted_out.iter().map(|chat_id| OptOutChat { chat_id }).collect(),
                unhealthy_chats: opted_out
                    .iter()
                    .map(|chat_id| UnhealthyChat {
                        chat_id,
                        status: HealthStatusKind::OptedOut,
                        driver_keys: [OPT_OUTS.key],
                    })
                    .collect(),
            },
            drivers,
        }
    }
}
