//! `/v3/phone_numbers`

use http::Method;
use linq_types::{
    Handle, PhoneNumberId, ReputationAuditId,
    phone_numbers::{
        PhoneNumberListResponse, PhoneNumberUpdateResponse, ReputationAudit, ReputationAuditStartResponse,
        UpdatePhoneNumber,
    },
};

use crate::{Call, request::RequestSpec};

json_body! {
    UpdatePhoneNumber;
}

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

    /// Changes a line: sets or clears the number that calls are forwarded to.
    ///
    /// `PUT /v3/phone_numbers/{phoneNumberId}`. The line is named by its id, not by its number.
    ///
    /// # Errors
    ///
    /// Worth matching: 1002 (the number is not in E.164 form), 2019 (no line with this id).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, line: linq_core::types::PhoneNumberId) -> Result<(), linq_core::Error> {
    /// use linq_core::types::phone_numbers::UpdatePhoneNumber;
    ///
    /// let lines = client.phone_numbers();
    /// lines.update(&line, UpdatePhoneNumber::new().forwarding_number("+12025550188")).await?;
    /// client.phone_numbers().update(&line, UpdatePhoneNumber::new().clear_forwarding_number()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(
        self,
        phone_number: impl Into<PhoneNumberId>,
        changes: UpdatePhoneNumber,
    ) -> Call<'c, C, PhoneNumberUpdateResponse> {
        let phone_number = phone_number.into();
        let route = "/v3/phone_numbers/{phoneNumberId}";
        let spec = RequestSpec::new(Method::PUT, route, &[phone_number.as_str()]);
        Call::json(self.client, spec.body(changes))
    }

    /// Starts an audit of a line's reputation.
    ///
    /// `POST /v3/phone_numbers/{phoneNumber}/reputation_audit`. The line is named by its number. The answer has the
    /// audit's id; [`retrieve_reputation_audit`](Self::retrieve_reputation_audit) tells when the report is there. A line has
    /// one audit at a time: while one is running, its id is the answer.
    ///
    /// # Errors
    ///
    /// [`is_rate_limited`](crate::Error::is_rate_limited) while the line has to wait after its last audit.
    pub fn start_reputation_audit(
        self,
        phone_number: impl Into<Handle>,
    ) -> Call<'c, C, ReputationAuditStartResponse> {
        let phone_number = phone_number.into();
        let route = "/v3/phone_numbers/{phoneNumber}/reputation_audit";
        Call::json(self.client, RequestSpec::new(Method::POST, route, &[phone_number.as_str()]))
    }

    /// Gets an audit of a line's reputation: how far it has got and, when it is complete, its report.
    ///
    /// `GET /v3/phone_numbers/{phoneNumber}/reputation_audit/{auditId}`. An audit that has failed says so in
    /// [`status`](ReputationAudit::status) and is no error of the call.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) when this line has no such audit.
    pub fn retrieve_reputation_audit(
        self,
        phone_number: impl Into<Handle>,
        audit: impl Into<ReputationAuditId>,
    ) -> Call<'c, C, ReputationAudit> {
        let (phone_number, audit) = (phone_number.into(), audit.into());
        let route = "/v3/phone_numbers/{phoneNumber}/reputation_audit/{auditId}";
        Call::json(self.client, RequestSpec::new(Method::GET, route, &[phone_number.as_str(), audit.as_str()]))
    }
}
