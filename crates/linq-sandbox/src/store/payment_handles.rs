use linq_types::{
    Handle, PaymentConnectId,
    error::ErrorCode,
    payments::{PaymentHandleStatus, PaymentStatus, VerifyPaymentHandle},
};

use super::Store;
use crate::{error::ApiError, handle};

/// Whether payments can be made for a person.
pub(crate) struct Connection {
    pub(crate) id: PaymentConnectId,
    pub(crate) status: PaymentHandleStatus,
    /// What was sent to the person to prove that they agree.
    code: String,
}

impl Store {
    pub(crate) fn payment_connection(
        &self,
        person: &Handle,
    ) -> (Option<&PaymentConnectId>, PaymentHandleStatus) {
        self.payment_connections
            .get(person)
            .map_or((None, PaymentHandleStatus::NotConnected), |one| (Some(&one.id), one.status.clone()))
    }

    /// The code that the person got, as long as it is awaited.
    pub(crate) fn payment_code(&self, person: &Handle) -> Option<String> {
        let connection = self.payment_connections.get(person)?;
        (connection.status == PaymentHandleStatus::Pending).then(|| connection.code.clone())
    }

    /// Sends the person a code, unless they are connected.
    pub(crate) fn connect_payments(&mut self, person: &Handle) -> Result<(), ApiError> {
        handle::check("handle", person)?;
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
            return Err(ApiError::new(ErrorCode::INVALID_PARAMETER, "`code` is wrong"));
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
}
