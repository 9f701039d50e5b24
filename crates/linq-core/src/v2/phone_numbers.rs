//! `/v2/phone_numbers`

use linq_types::v2::{Operation, phone_numbers::PhoneNumberListResponse};

use crate::{Call, request::RequestSpec};

resource! {
    /// A handle on your lines in the V2 API.
    PhoneNumbers
}

impl<'c, C> PhoneNumbers<'c, C> {
    /// Lists your lines. This list has no pages.
    ///
    /// `GET /v2/phone_numbers`. In V3: [`PhoneNumbers::list`](crate::resources::phone_numbers::PhoneNumbers::list).
    pub fn list(&self) -> Call<'c, C, PhoneNumberListResponse> {
        Call::json(self.client, RequestSpec::v2(Operation::PhoneNumbersList, &[]))
    }
}
