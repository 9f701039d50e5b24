use linq_types::{error::ErrorCode, payments::PaymentProviderStatus};

use super::Store;
use crate::error::ApiError;

impl Store {
    pub(crate) fn provider(&self, name: &str) -> Result<&PaymentProviderStatus, ApiError> {
        let status = self.payment_providers.get(name);
        status
            .ok_or_else(|| ApiError::nothing_there(&format!("connection with the payment provider `{name}`")))
    }

    pub(super) fn provider_is_ready(&self, name: &str) -> bool {
        self.payment_providers.get(name) == Some(&PaymentProviderStatus::Ready)
    }

    /// Begins to connect a provider: where to go on, and the id of the attempt.
    pub(crate) fn begin_provider(
        &mut self,
        name: &str,
        return_url: &str,
    ) -> Result<(String, String, &PaymentProviderStatus), ApiError> {
        if !return_url.starts_with("https://") && !return_url.starts_with("http://") {
            return Err(ApiError::new(
                ErrorCode::INVALID_PARAMETER,
                "`return_url` must be an address on the web",
            ));
        }
        let session_id = self.ids.uuid();
        let hosted_url = format!("{}/payment_providers/{session_id}", self.attachments.origin);
        let status = self.payment_providers.entry(name.to_owned());
        Ok((hosted_url, session_id, status.or_insert(PaymentProviderStatus::Onboarding)))
    }

    pub(crate) fn set_provider(&mut self, name: String, status: PaymentProviderStatus) {
        self.payment_providers.insert(name, status);
    }
}
