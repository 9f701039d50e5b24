//! `/v3/phone_numbers`

use linq_types::{
    Handle, Operation, PhoneNumberId, ReputationAuditId,
    phone_numbers::{
        PhoneNumberListResponse, PhoneNumberUpdateResponse, ReputationAudit, ReputationAuditStartResponse,
        UpdatePhoneNumber,
    },
};

use crate::{Call, request::RequestSpec};

json_body! {
    UpdatePhoneNumber, check;
}

resource! {
    /// A handle on your lines.
    PhoneNumbers
}

impl<'c, C> PhoneNumbers<'c, C> {
    /// Lists your lines. This list has no pages.
    ///
    /// `GET /v3/phone_numbers` ([reference](https://docs.linqapp.com/api/resources/phone_numbers/methods/list)).
    pub fn list(&self) -> Call<'c, C, PhoneNumberListResponse> {
        Call::json(self.client, RequestSpec::new(Operation::PhoneNumbersList, &[]))
    }

    /// Updates a line: sets or clears the number that calls are forwarded to.
    ///
    /// `PUT /v3/phone_numbers/{phoneNumberId}` ([reference](https://docs.linqapp.com/api/resources/phone_numbers/methods/update)).
    /// The line is named by its id, not by its number.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::INVALID_PHONE_NUMBER`] (1002): the number is not in E.164 format
    /// * [`ErrorCode::PHONE_NUMBER_NOT_FOUND`] (2019): there is no line with this id
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client, line: linq_core::types::PhoneNumberId) -> Result<(), linq_core::Error> {
    /// use linq::types::phone_numbers::UpdatePhoneNumber;
    ///
    /// let lines = client.phone_numbers();
    /// lines.update(&line, UpdatePhoneNumber::new().forwarding_number("+12025550188")).await?;
    /// lines.update(&line, UpdatePhoneNumber::new().clear_forwarding_number()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(
        &self,
        phone_number: impl Into<PhoneNumberId>,
        changes: UpdatePhoneNumber,
    ) -> Call<'c, C, PhoneNumberUpdateResponse> {
        let spec = RequestSpec::new(Operation::PhoneNumbersUpdate, &[phone_number.into().as_str()]);
        Call::json(self.client, spec.body(changes))
    }

    /// Starts an audit of a line's reputation.
    ///
    /// `POST /v3/phone_numbers/{phoneNumber}/reputation_audit` ([reference](https://docs.linqapp.com/api/resources/phone_numbers/methods/start_reputation_audit)).
    /// The line is named by its number. The response has the id of the audit;
    /// [`retrieve_reputation_audit`](Self::retrieve_reputation_audit) tells when the report is ready. A line has one audit at
    /// a time: while one is running, the response has its id.
    ///
    /// # Errors
    ///
    /// Returns an error if the line has to wait after its last audit
    /// ([`is_rate_limited`](crate::Error::is_rate_limited)).
    pub fn start_reputation_audit(
        &self,
        phone_number: impl Into<Handle>,
    ) -> Call<'c, C, ReputationAuditStartResponse> {
        let phone_number = phone_number.into();
        let operation = Operation::PhoneNumbersStartReputationAudit;
        let spec = RequestSpec::new(operation, &[phone_number.as_str()]);
        Call::json(self.client, spec.check_path("phoneNumber", &phone_number))
    }

    /// Returns an audit of a line's reputation: its status and, when it is complete, its report.
    ///
    /// `GET /v3/phone_numbers/{phoneNumber}/reputation_audit/{auditId}` ([reference](https://docs.linqapp.com/api/resources/phone_numbers/methods/get_reputation_audit)).
    /// An audit that failed says so in [`status`](ReputationAudit::status); the call
    /// succeeds.
    ///
    /// # Errors
    ///
    /// Returns an error if this line has no such audit ([`is_not_found`](crate::Error::is_not_found)).
    pub fn retrieve_reputation_audit(
        &self,
        phone_number: impl Into<Handle>,
        audit: impl Into<ReputationAuditId>,
    ) -> Call<'c, C, ReputationAudit> {
        let (phone_number, audit) = (phone_number.into(), audit.into());
        let operation = Operation::PhoneNumbersRetrieveReputationAudit;
        let spec = RequestSpec::new(operation, &[phone_number.as_str(), audit.as_str()]);
        Call::json(self.client, spec.check_path("phoneNumber", &phone_number))
    }
}
