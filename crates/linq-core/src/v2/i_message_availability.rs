//! `/v2/i_message_availability`

use linq_types::v2::{
    Operation,
    availability::{AvailabilityCheck, AvailabilityCheckResponse},
};

use crate::{Call, request::RequestSpec};

json_body! {
    AvailabilityCheck;
}

resource! {
    /// A handle on checks for iMessage in the V2 API.
    IMessageAvailability
}

impl<'c, C> IMessageAvailability<'c, C> {
    /// Checks whether a phone number has iMessage. The API allows one check in 10 seconds.
    ///
    /// `POST /v2/i_message_availability/check`. In V3:
    /// [`Capability::check_imessage`](crate::resources::capability::Capability::check_imessage).
    pub fn check(&self, check: impl Into<AvailabilityCheck>) -> Call<'c, C, AvailabilityCheckResponse> {
        Call::json(self.client, RequestSpec::v2(Operation::AvailabilityCheck, &[]).body(check.into()))
    }
}
