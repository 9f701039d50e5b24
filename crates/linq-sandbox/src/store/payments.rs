use linq_types::{
    Handle, PaymentId,
    error::ErrorCode,
    payments::{NewPayment, PaymentHandleStatus, PaymentStatus},
};

use super::{Store, payment_requests};
use crate::{error::ApiError, handle};

/// A payment that is made for a person.
pub(crate) struct Payment {
    pub(crate) id: PaymentId,
    pub(crate) asked: NewPayment,
    pub(crate) status: PaymentStatus,
}

impl Store {
    pub(crate) fn begin_payment(&mut self, asked: NewPayment) -> Result<&Payment, ApiError> {
        handle::check("handle", &asked.handle)?;
        if asked.amount_cents <= 0 {
            return Err(ApiError::new(ErrorCode::INVALID_PARAMETER, "`amount_cents` must be more than 0"));
        }
        payment_requests::check_currency(&asked.currency)?;
        payment_requests::check_metadata(asked.metadata.as_ref())?;
        let status = match self.payment_connection(&asked.handle).1 {
            PaymentHandleStatus::Connected => PaymentStatus::AwaitingUserAction,
            PaymentHandleStatus::Pending => PaymentStatus::Connecting,
            _ => PaymentStatus::NeedsConnection,
        };
        Ok(self.payments.push_mut(Payment { id: self.ids.uuid().into(), asked, status }))
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

    /// A payment with the credentials that it is made with.
    pub(crate) fn ready_payment(&self, id: &str) -> Result<&Payment, ApiError> {
        let payment = self.payment(id)?;
        if payment.status == PaymentStatus::Ready { Ok(payment) } else { Err(wrong_state(payment)) }
    }

    /// A person agrees to a payment.
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

    /// Takes a person's payments on once it is known how they stand.
    pub(super) fn set_open_payments(&mut self, person: &Handle, status: &PaymentStatus) {
        let payments = self.payments.iter_mut().filter(|payment| payment.asked.handle == *person);
        let open = payments.filter(|payment| {
            matches!(payment.status, PaymentStatus::NeedsConnection | PaymentStatus::Connecting)
        });
        for payment in open {
            payment.status = status.clone();
        }
    }
}

fn not_found(id: &str) -> ApiError {
    ApiError::nothing_there(&format!("payment `{id}`"))
}

fn wrong_state(payment: &Payment) -> ApiError {
    ApiError::new(ErrorCode::CONFLICT, format!("the payment `{}` is {}", payment.id, payment.status))
}
