use std::time::Duration;

use linq_types::{
    Handle, HealthStatusKind, LineType, Patch, PhoneNumberId, TraceId, error::ErrorCode, events::EventType,
    phone_numbers::UpdatePhoneNumber,
};

use super::{Store, audits::Audit, call_limit::CallLimit, contact_cards::Card, subscriptions::Notice};
use crate::{LineFault, clock::Moment, error::ApiError, events, handle, ids::Ids};

/// A line of the account.
pub(crate) struct Line {
    pub(crate) id: PhoneNumberId,
    pub(crate) phone_number: Handle,
    pub(crate) line_type: LineType,
    pub(crate) reputation: HealthStatusKind,
    pub(crate) is_flagged: bool,
    pub(crate) forwarding_number: Option<Handle>,
    pub(super) fault: Option<LineFault>,
    pub(super) card: Option<Card>,
    pub(super) card_calls: CallLimit,
    pub(super) audit: Option<Audit>,
}

impl Line {
    pub(super) fn new(ids: &mut Ids, phone_number: Handle) -> Self {
        Self {
            id: ids.uuid().into(),
            phone_number,
            line_type: LineType::IMessage,
            reputation: HealthStatusKind::Healthy,
            is_flagged: false,
            forwarding_number: None,
            fault: None,
            card: None,
            card_calls: CallLimit::new(3, Duration::from_secs(10 * 60)),
            audit: None,
        }
    }

    pub(crate) fn card(&self) -> Option<&Card> {
        self.card.as_ref()
    }

    /// Whether the service lets it send.
    pub(crate) fn can_send(&self) -> bool {
        !self.is_flagged && self.reputation != HealthStatusKind::Critical
    }
}

/// How the service sees a line.
#[derive(Clone, PartialEq)]
pub(crate) struct Standing {
    pub(crate) is_flagged: bool,
    pub(crate) reputation: HealthStatusKind,
}

impl Standing {
    pub(crate) fn of(line: &Line) -> Self {
        Self { is_flagged: line.is_flagged, reputation: line.reputation.clone() }
    }
}

impl Store {
    pub(crate) fn line(&self, field: &str, handle: &Handle) -> Result<&Line, ApiError> {
        self.check_line(field, handle)?;
        let line = self.lines.iter().find(|line| line.phone_number == *handle);
        line.ok_or_else(|| not_yours(field, handle))
    }

    pub(super) fn line_mut(&mut self, field: &str, handle: &Handle) -> Result<&mut Line, ApiError> {
        let line = self.lines.iter_mut().find(|line| line.phone_number == *handle);
        line.ok_or_else(|| not_yours(field, handle))
    }

    /// Changes what calls to a line are forwarded to.
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
            handle::check_phone_number("forwarding_number", number)?;
        }
        if line.forwarding_number != wanted {
            let before = std::mem::replace(&mut line.forwarding_number, wanted);
            let notice = Notice::about_line(
                now,
                &EventType::PhoneNumberForwardingUpdated,
                &line.phone_number,
                trace_id,
            );
            self.subscriptions.publish(&mut self.queue, notice, |_| {
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

    /// Flags a line, or gives it another reputation, as carriers and Apple do.
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
            let notice =
                Notice::about_line(now, &EventType::PhoneNumberStatusUpdated, &line.phone_number, &trace_id);
            self.subscriptions
                .publish(&mut self.queue, notice, |_| events::status_updated(now, line, &before));
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

    /// Refuses a line that the service does not let send.
    pub(super) fn check_line_can_send(&self, line: &Handle) -> Result<(), ApiError> {
        match self.lines.iter().find(|known| known.phone_number == *line) {
            Some(known) if !known.can_send() => Err(ApiError::new(
                ErrorCode::LINE_SUSPENDED,
                format!("`{line}` may not send at present because of its reputation"),
            )),
            _ => Ok(()),
        }
    }
}

fn not_yours(field: &str, handle: &Handle) -> ApiError {
    ApiError::new(ErrorCode::FOREIGN_PHONE_NUMBER, format!("`{field}`: `{handle}` is not one of your lines"))
}
