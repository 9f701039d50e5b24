use linq_types::{Handle, Service};

use super::Store;
use crate::{clock::Moment, error::ApiError};

impl Store {
    /// Whether somebody has a service. Without a line to ask from, one that can tell is chosen.
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
