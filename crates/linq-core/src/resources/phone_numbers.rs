//! `/v3/phone_numbers`

use http::Method;
use linq_types::phone_numbers::PhoneNumberListResponse;

use crate::{Call, request::RequestSpec};

resource! {
    /// Your lines.
    PhoneNumbers
}

impl<'c, C> PhoneNumbers<'c, C> {
    /// Lists your lines, all of them at once.
    ///
    /// `GET /v3/phone_numbers`
    pub fn list(self) -> Call<'c, C, PhoneNumberListResponse> {
        Call::json(self.client, RequestSpec::new(Method::GET, "/v3/phone_numbers", &[]))
    }
}
