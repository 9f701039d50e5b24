use linq_types::{
    Handle, PaymentConnectId,
    error::ErrorCode,
    payments::{NewPayment, PaymentHandleStatus, PaymentProviderStatus, PaymentStatus, VerifyPaymentHandle},
};

use super::{Store, append, payment_requests};
use crate::{
    check,
    error::ApiError,
    model::{Connection, Payment},
};

impl Store {
    pub(crate) fn begin_payment(&mut self, asked: NewPayment) -> Result<&Payment, ApiError> {
        check::handle("handle", &asked.handle)?;
        if asked.amount_cents <= 0 {
            return Err(ApiError::invalid("`amount_cents` must be more than 0"));
        }
        payment_requests::check_currency(&asked.currency)?;
        payment_requests::check_metadata(asked.metadata.as_ref())?;
        let status = match self.payment_connection(&asked.handle).1 {
            PaymentHandleStatus::Connected => PaymentStatus::AwaitingUserAction,
            PaymentHandleStatus::Pending => PaymentStatus::Connecting,
            _ => PaymentStatus::NeedsConnection,
        };
        Ok(append(&mut self.payments, Payment { id: self.ids.uuid().into(), asked, status }))
    }

    pub(crate) fn payment(&self, id: &str) -> Result<&Payment, ApiError> {
        self.payments.iter().find(|payment| payment.id == *id).ok_or_else(|| not_found(id))
    }

    pub(crate) fn cancel_payment(&mut self, id: &str) -> Result<&Payment, ApiError> {
        let payment = self.payments.iter_mut().find(|payment| payment.id == *id);
        let payment = payment.ok_or_else(|| not_found(id))?;
        if payment.status == PaymentStatus::Canceled {
            return Err(wrong_state(payment));
        }
        payment.status = PaymentStatus::Canceled;
        Ok(payment)
    }

    /// Returns a payment whose credentials are available.
    pub(crate) fn ready_payment(&self, id: &str) -> Result<&Payment, ApiError> {
        let payment = self.payment(id)?;
        if payment.status == PaymentStatus::Ready { Ok(payment) } else { Err(wrong_state(payment)) }
    }

    /// A person approves a payment.
    pub(crate) fn approve_payment(&mut self, id: &str, by: &Handle) -> Result<(), ApiError> {
        let payment =
            self.payments.iter_mut().find(|payment| payment.id == *id && payment.asked.handle == *by);
        let payment = payment.ok_or_else(|| not_found(id))?;
        if payment.status != PaymentStatus::AwaitingUserAction {
            return Err(wrong_state(payment));
        }
        payment.status = PaymentStatus::Ready;
        Ok(())
    }

    /// Moves a person's open payments to this status.
    pub(super) fn set_open_payments(&mut self, person: &Handle, status: &PaymentStatus) {
        let payments = self.payments.iter_mut().filter(|payment| payment.asked.handle == *person);
        let open = payments.filter(|payment| {
            matches!(payment.status, PaymentStatus::NeedsConnection | PaymentStatus::Connecting)
        });
        for payment in open {
            payment.status = status.clone();
        }
    }

    pub(crate) fn payment_connection(
        &self,
        person: &Handle,
    ) -> (Option<&PaymentConnectId>, PaymentHandleStatus) {
        self.payment_connections
            .get(person)
            .map_or((None, PaymentHandleStatus::NotConnected), |one| (Some(&one.id), one.status.clone()))
    }

    /// Returns the verification code of the person, if one is pending.
    pub(crate) fn payment_code(&self, person: &Handle) -> Option<String> {
        let connection = self.payment_connections.get(person)?;
        (connection.status == PaymentHandleStatus::Pending).then(|| connection.code.clone())
    }

    /// Sends the person a code, unless they are connected.
    pub(crate) fn connect_payments(&mut self, person: &Handle) -> Result<(), ApiError> {
        check::handle("handle", person)?;
        if self.payment_connection(person).1 == PaymentHandleStatus::Connected {
            return Ok(());
        }
        let connection = Connection {
            id: self.ids.uuid().into(),
            status: PaymentHandleStatus::Pending,
            code: self.ids.digits(),
        };
        self.payment_connections.insert(person.clone(), connection);
        self.set_open_payments(person, &PaymentStatus::Connecting);
        Ok(())
    }

    pub(crate) fn verify_payments(
        &mut self,
        person: &Handle,
        proof: &VerifyPaymentHandle,
    ) -> Result<(), ApiError> {
        let connection = self.payment_connections.get_mut(person);
        let pending =
            connection.filter(|one| one.id == proof.connect_id && one.status == PaymentHandleStatus::Pending);
        let pending = pending.ok_or_else(|| {
            ApiError::nothing_there(&format!("connection `{}` that awaits a code", proof.connect_id))
        })?;
        if pending.code != proof.code.expose() {
            return Err(ApiError::invalid("`code` is wrong"));
        }
        pending.status = PaymentHandleStatus::Connected;
        self.set_open_payments(person, &PaymentStatus::AwaitingUserAction);
        Ok(())
    }

    pub(crate) fn revoke_payments(&mut self, person: &Handle) {
        if let Some(connection) = self.payment_connections.get_mut(person) {
            connection.status = PaymentHandleStatus::Revoked;
        }
    }

    pub(crate) fn provider(&self, name: &str) -> Result<&PaymentProviderStatus, ApiError> {
        let status = self.payment_providers.get(name);
        status
            .ok_or_else(|| ApiError::nothing_there(&format!("connection with the payment provider `{name}`")))
    }

    pub(super) fn provider_is_ready(&self, name: &str) -> bool {
        self.payment_providers.get(name) == Some(&PaymentProviderStatus::Ready)
    }

    /// Starts connecting a provider. Returns the URL to continue at, the session id and the status.
    pub(crate) fn begin_provider(
        &mut self,
        name: &str,
        return_url: &str,
    ) -> Result<(String, String, &PaymentProviderStatus), ApiError> {
        if !return_url.starts_with("https://") && !return_url.starts_with("http://") {
            return Err(ApiError::invalid("`return_url` must be an address on the web"));
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

fn not_found(id: &str) -> ApiError {
    ApiError::nothing_there(&format!("payment `{id}`"))
}

fn wrong_state(payment: &Payment) -> ApiError {
    ApiError::new(ErrorCode::CONFLICT, format!("the payment `{}` is {}", payment.id, payment.status))
}
