//! `/v3/capability`

use linq_types::{
    Operation,
    capability::{HandleCheck, HandleCheckResponse},
};

use crate::{Call, request::RequestSpec};

json_body! {
    HandleCheck, check;
}

resource! {
    /// A handle on checks whether a handle can be reached by iMessage or RCS.
    Capability
}

impl<'c, C> Capability<'c, C> {
    /// Checks whether a handle has iMessage.
    ///
    /// `POST /v3/capability/check_imessage` ([reference](https://docs.linqapp.com/api/resources/capability/methods/check_i_message)).
    /// The response is the result. The API allows one check in 10 seconds.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::INVALID_PHONE_NUMBER`] (1002): the number is not in E.164 format
    /// * [`ErrorCode::RATE_LIMITED`] (1007): there were too many checks, after all attempts
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq::types::capability::HandleCheck;
    ///
    /// let found = client.capability().check_imessage("+12025550199").await?;
    /// println!("{}", if found.available == Some(true) { "blue" } else { "green" });
    /// client.capability().check_rcs(HandleCheck::new("+12025550199").from_line("+12025550100")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "check_i_message")]
    pub fn check_imessage(&self, check: impl Into<HandleCheck>) -> Call<'c, C, HandleCheckResponse> {
        Call::json(self.client, RequestSpec::new(Operation::CapabilityCheckImessage, &[]).body(check.into()))
    }

    /// Checks whether a phone number has RCS.
    ///
    /// `POST /v3/capability/check_rcs` ([reference](https://docs.linqapp.com/api/resources/capability/methods/check_RCS)).
    /// The response is the result. Email addresses are refused. The API allows one check in 10 seconds.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::RATE_LIMITED`] (1007): there were too many checks, after all attempts
    /// * [`ErrorCode::SERVICE_UNAVAILABLE`] (4004): the check could not be made, which says nothing about the number
    /// * [`ErrorCode::RCS_NOT_CONFIGURED`] (4009): the line has no RCS account, so the check could not be made
    /// * [`ErrorCode::RCS_CHECK_FAILED`] (4010): the check failed, which says nothing about the number
    #[doc(alias = "check_RCS")]
    pub fn check_rcs(&self, check: impl Into<HandleCheck>) -> Call<'c, C, HandleCheckResponse> {
        Call::json(self.client, RequestSpec::new(Operation::CapabilityCheckRcs, &[]).body(check.into()))
    }
}
