use linq_types::{Handle, MessageId, Service, error::ErrorCode, messages::DeliveryStatus};

use super::Store;
use crate::{clock::Moment, error::ApiError, model::Step};

impl Store {
    /// A message of yours is delivered to a person at once. It may have failed before: late
    /// receipts happen.
    pub(crate) fn receive_delivery(
        &mut self,
        now: Moment,
        id: &MessageId,
        by: &Handle,
    ) -> Result<(), ApiError> {
        self.check_receipts(id, by)?;
        if self.message(id.as_str())?.status == DeliveryStatus::Pending {
            self.take_step(now, id, Step::Sent);
        }
        if self.message(id.as_str())?.delivered_at.is_none() {
            self.take_step(now, id, Step::Delivered);
        }
        Ok(())
    }

    /// A person reads a message of yours, which is delivered before if it is not yet.
    pub(crate) fn receive_read(&mut self, now: Moment, id: &MessageId, by: &Handle) -> Result<(), ApiError> {
        self.receive_delivery(now, id, by)?;
        if self.message(id.as_str())?.read_at.is_none() {
            self.take_step(now, id, Step::Read);
        }
        Ok(())
    }

    fn check_receipts(&self, id: &MessageId, by: &Handle) -> Result<(), ApiError> {
        let message = self.message(id.as_str())?;
        self.check_member(&message.chat_id, by)?;
        if !message.is_from_me {
            return Err(ApiError::invalid(format!("the message `{id}` is none of yours")));
        }
        if message.service == Service::Sms {
            return Err(ApiError::new(ErrorCode::SERVICE_NOT_SUPPORTED, "SMS has no receipts"));
        }
        Ok(())
    }
}
