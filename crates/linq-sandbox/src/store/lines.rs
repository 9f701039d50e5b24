use std::time::Duration;

use linq_types::{
    ChatId, Handle, HealthStatusKind, LineType, Patch, TraceId, error::ErrorCode, events::EventType,
    phone_numbers::UpdatePhoneNumber,
};

use super::{Store, effects::Event};
use crate::{
    check,
    clock::Moment,
    error::ApiError,
    events,
    model::{Audit, Line, LineFault, Standing},
};

const AUDIT_TAKES: Duration = Duration::from_secs(30);
const AUDIT_COOLDOWN: Duration = Duration::from_secs(60 * 60);

impl Store {
    pub(crate) fn is_line(&self, handle: &Handle) -> bool {
        self.lines.iter().any(|line| line.phone_number == *handle)
    }

    /// Rejects a number that is not a line of the account.
    pub(crate) fn check_line(&self, field: &str, handle: &Handle) -> Result<(), ApiError> {
        if self.is_line(handle) { Ok(()) } else { Err(not_yours(field, handle)) }
    }

    pub(crate) fn line(&self, field: &str, handle: &Handle) -> Result<&Line, ApiError> {
        let line = self.lines.iter().find(|line| line.phone_number == *handle);
        line.ok_or_else(|| not_yours(field, handle))
    }

    pub(super) fn line_mut(&mut self, field: &str, handle: &Handle) -> Result<&mut Line, ApiError> {
        let line = self.lines.iter_mut().find(|line| line.phone_number == *handle);
        line.ok_or_else(|| not_yours(field, handle))
    }

    /// Sets the forwarding number of a line.
    pub(crate) fn update_line(
        &mut self,
        now: Moment,
        id: &str,
        update: UpdatePhoneNumber,
        trace_id: &TraceId,
    ) -> Result<&Line, ApiError> {
        let at = self.lines.iter().position(|line| line.id == *id);
        let line = at.and_then(|at| self.lines.get_mut(at)).ok_or_else(|| {
            ApiError::not_found(ErrorCode::PHONE_NUMBER_NOT_FOUND, "phone number with the id", id)
        })?;
        let wanted = match update.forwarding_number {
            Patch::Keep => return Err(ApiError::missing("forwarding_number")),
            Patch::Clear => None,
            Patch::Set(number) => Some(number).filter(|number| !number.as_str().is_empty()),
        };
        if let Some(number) = &wanted {
            check::phone_number("forwarding_number", number)?;
        }
        if line.forwarding_number != wanted {
            let before = std::mem::replace(&mut line.forwarding_number, wanted);
            let event = Event::about_line(
                now,
                &EventType::PhoneNumberForwardingUpdated,
                &line.phone_number,
                trace_id,
            );
            self.effects.publish(&self.subscriptions, event, |_| {
                events::forwarding_updated(
                    now,
                    &line.phone_number,
                    before.as_ref(),
                    line.forwarding_number.as_ref(),
                )
            });
        }
        Ok(line)
    }

    /// Changes the flag or the reputation of a line, as carriers and Apple do.
    pub(crate) fn change_standing(
        &mut self,
        now: Moment,
        phone_number: &Handle,
        change: impl FnOnce(&mut Line),
    ) -> Result<(), ApiError> {
        let trace_id = self.ids.trace_id();
        let line = self.lines.iter_mut().find(|line| line.phone_number == *phone_number);
        let line = line.ok_or_else(|| not_yours("phone_number", phone_number))?;
        let before = Standing::of(line);
        change(line);
        if before != Standing::of(line) {
            let event =
                Event::about_line(now, &EventType::PhoneNumberStatusUpdated, &line.phone_number, &trace_id);
            self.effects.publish(&self.subscriptions, event, |_| events::status_updated(now, line, &before));
        }
        Ok(())
    }

    pub(crate) fn set_line_fault(
        &mut self,
        phone_number: &Handle,
        fault: Option<LineFault>,
    ) -> Result<(), ApiError> {
        self.line_mut("phone_number", phone_number)?.fault = fault;
        Ok(())
    }

    pub(crate) fn set_line_type(
        &mut self,
        phone_number: &Handle,
        line_type: LineType,
    ) -> Result<(), ApiError> {
        self.line_mut("phone_number", phone_number)?.line_type = line_type;
        Ok(())
    }

    /// Rejects a line that may not send.
    pub(super) fn check_line_can_send(&self, line: &Handle) -> Result<(), ApiError> {
        match self.lines.iter().find(|known| known.phone_number == *line) {
            Some(known) if !known.can_send() => Err(ApiError::new(
                ErrorCode::LINE_SUSPENDED,
                format!("`{line}` may not send at present because of its reputation"),
            )),
            _ => Ok(()),
        }
    }

    /// Starts an audit, or returns the running one.
    pub(crate) fn start_audit(&mut self, now: Moment, line: &Handle) -> Result<Audit, ApiError> {
        match &self.line("phoneNumber", line)?.audit {
            Some(running) if running.completes_at > now => return Ok(running.clone()),
            Some(past) if past.completes_at + AUDIT_COOLDOWN > now => {
                return Err(ApiError::too_many(
                    format!("the last audit of `{line}` ended less than an hour ago"),
                    past.completes_at + AUDIT_COOLDOWN - now,
                ));
            }
            _ => {}
        }
        let audit = Audit { id: self.ids.uuid().into(), completes_at: now + AUDIT_TAKES };
        self.line_mut("phoneNumber", line)?.audit = Some(audit.clone());
        Ok(audit)
    }

    pub(crate) fn audit(&self, line: &Handle, id: &str) -> Result<&Audit, ApiError> {
        let audit = self.line("phoneNumber", line)?.audit.as_ref().filter(|audit| audit.id == *id);
        audit.ok_or_else(|| ApiError::nothing_there(&format!("reputation audit `{id}` of `{line}`")))
    }

    /// Returns the line's chats with people who opted out.
    pub(crate) fn opted_out_chats(&self, line: &Handle) -> Vec<&ChatId> {
        let chats = self
            .conversations
            .chats()
            .filter(|chat| chat.line == *line && chat.health.status == HealthStatusKind::OptedOut);
        let mut ids: Vec<_> = chats.map(|chat| &chat.id).collect();
        ids.sort();
        ids
    }
}

fn not_yours(field: &str, handle: &Handle) -> ApiError {
    ApiError::new(ErrorCode::FOREIGN_PHONE_NUMBER, format!("`{field}`: `{handle}` is not one of your lines"))
}
