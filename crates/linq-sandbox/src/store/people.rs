use linq_types::{ChatId, Handle, HealthStatusKind, Service, error::ErrorCode};

use super::Store;
use crate::{clock::Moment, error::ApiError, model::Person};

/// Messages that opt the person out, in upper case only.
const OPT_OUT_KEYWORDS: [&str; 6] = ["STOP", "UNSUBSCRIBE", "OPTOUT", "CANCEL", "END", "QUIT"];
/// Messages that opt the person out, in any case.
const OPT_OUT_PHRASES: [&str; 3] = ["opt out", "opt-out", "optout"];

impl Store {
    fn person(&mut self, handle: &Handle) -> &mut Person {
        self.people.get_or_default(handle)
    }

    /// Remembers a person whom a line writes to.
    pub(super) fn note_person(&mut self, handle: &Handle) {
        if !self.is_line(handle) && self.people.get(handle).is_none() {
            self.people.insert(handle.clone(), Person::default());
        }
    }

    pub(crate) fn set_service(&mut self, handle: &Handle, service: Service) {
        self.person(handle).service = service;
    }

    pub(crate) fn set_delivery_failure(&mut self, handle: &Handle, failure: Option<ErrorCode>) {
        self.person(handle).failure = failure;
    }

    pub(super) fn delivery_failure(&self, handle: &Handle) -> Option<ErrorCode> {
        self.people.get(handle).and_then(|person| person.failure)
    }

    pub(super) fn note_writing(&mut self, handle: &Handle) {
        self.person(handle).has_written = true;
    }

    pub(crate) fn set_rcs(&mut self, handle: &Handle, has_rcs: bool) {
        self.person(handle).has_rcs = has_rcs;
    }

    /// Returns `true` if the person can be reached by a service. Everybody can by SMS.
    pub(super) fn has_service(&self, handle: &Handle, service: &Service) -> bool {
        let Some(person) = self.people.get(handle) else { return *service != Service::Rcs };
        match service {
            Service::IMessage => person.service == Service::IMessage,
            Service::Rcs => person.has_rcs || person.service == Service::Rcs,
            _ => true,
        }
    }

    /// Returns `true` if the person ever wrote to one of the lines.
    pub(super) fn has_written(&self, handle: &Handle) -> bool {
        self.people.get(handle).is_some_and(|person| person.has_written)
    }

    /// Rejects a line that acts as a person.
    pub(super) fn check_person(&self, handle: &Handle) -> Result<(), ApiError> {
        if !self.is_line(handle) {
            return Ok(());
        }
        Err(ApiError::invalid(format!("`{handle}` is one of your lines and cannot play the other person")))
    }

    pub(super) fn has_opted_out(&self, handle: &Handle) -> bool {
        self.people.get(handle).is_some_and(|person| person.opted_out)
    }

    /// Returns the best service that reaches all of these people.
    pub(super) fn reach(&self, handles: &[Handle]) -> Service {
        let services: Vec<_> = handles
            .iter()
            .map(|handle| self.people.get(handle).map_or(&Service::IMessage, |person| &person.service))
            .collect();
        if services.contains(&&Service::Sms) {
            Service::Sms
        } else if services.contains(&&Service::Rcs) {
            Service::Rcs
        } else {
            Service::IMessage
        }
    }

    /// Returns the service that carries a message to these people: RCS may fall back to SMS, SMS may be upgraded to
    /// RCS.
    pub(super) fn carrier(&self, handles: &[Handle], preferred: Option<&Service>) -> Service {
        match (preferred, self.reach(handles)) {
            (Some(Service::IMessage), _) => Service::IMessage,
            (Some(Service::Rcs), Service::IMessage) => Service::Rcs,
            (Some(Service::Sms), Service::IMessage) => Service::Sms,
            (_, reach) => reach,
        }
    }

    /// Opts a person out or in, depending on what they wrote.
    pub(super) fn set_opted_out(&mut self, now: Moment, chat_id: &ChatId, sender: &Handle, text: &str) {
        let opted_out =
            OPT_OUT_KEYWORDS.contains(&text) || OPT_OUT_PHRASES.contains(&text.to_ascii_lowercase().as_str());
        self.person(sender).opted_out = opted_out;
        if let Some(chat) = self.conversations.chat_mut(chat_id) {
            chat.set_health(
                now,
                if opted_out { HealthStatusKind::OptedOut } else { HealthStatusKind::Healthy },
            );
        }
    }

    /// Returns `true` if somebody can be reached by a service. Without `from`, a line that can check is chosen.
    pub(crate) fn check_capability(
        &mut self,
        now: Moment,
        from: Option<&Handle>,
        address: &Handle,
        service: &Service,
    ) -> Result<bool, ApiError> {
        if let Some(from) = from {
            self.check_line("from", from)?;
        }
        self.capability_checks.count(now, "capability checks")?;
        if *service == Service::Rcs {
            let lines = self.lines.iter().filter(|line| from.is_none_or(|from| line.phone_number == *from));
            let faults: Vec<_> = lines.map(|line| line.fault).collect();
            if let [Some(fault), ..] = faults.as_slice()
                && faults.iter().all(Option::is_some)
            {
                return Err(fault.error());
            }
        }
        Ok(self.has_service(address, service))
    }
}
