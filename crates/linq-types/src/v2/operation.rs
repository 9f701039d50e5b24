use crate::operation::{Method, operations};

operations! {
    /// An operation of the V2 API that this crate knows.
    ///
    /// It is a type of its own, because [`Operation`](crate::Operation) lists the operations of V3 for everything that derives
    /// from them.
    pub enum Operation;

    /// Checks whether a phone number has iMessage.
    AvailabilityCheck: "v2.i_message_availability.check", POST "/v2/i_message_availability/check", none;
    /// Creates a chat and sends its first message.
    ChatsCreate: "v2.chats.create", POST "/v2/chats", body "/message/idempotency_key", sends;
    /// Sends a message into a chat.
    ChatsMessagesSend: "v2.chat_messages.create", POST "/v2/chats/{chatId}/chat_messages", body "/message/idempotency_key", sends;
    /// Lists your lines.
    PhoneNumbersList: "v2.phone_numbers.list", GET "/v2/phone_numbers", none;
    /// Creates a webhook subscription.
    WebhookSubscriptionsCreate: "v2.webhook_subscriptions.create", POST "/v2/webhook_subscriptions", none;
    /// Deletes a webhook subscription.
    WebhookSubscriptionsDelete: "v2.webhook_subscriptions.delete", DELETE "/v2/webhook_subscriptions/{subscriptionId}", none;
    /// Lists your webhook subscriptions.
    WebhookSubscriptionsList: "v2.webhook_subscriptions.list", GET "/v2/webhook_subscriptions", none;
    /// Updates a webhook subscription.
    WebhookSubscriptionsUpdate: "v2.webhook_subscriptions.update", PUT "/v2/webhook_subscriptions/{subscriptionId}", none;
}

impl Operation {
    /// Returns the id, such as `v2.chats.create`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.row().id
    }

    /// Returns the HTTP method.
    #[must_use]
    pub const fn method(self) -> Method {
        self.row().method
    }

    /// Returns the path below the base URL, with a `{name}` for each parameter: `/v2/chats/{chatId}/chat_messages`.
    #[must_use]
    pub const fn route(self) -> &'static str {
        self.row().route
    }

    /// Returns the JSON pointer of the idempotency key in the request body, if the API takes one.
    #[must_use]
    pub const fn key_pointer(self) -> Option<&'static str> {
        self.row().key.pointer
    }

    /// Returns `true` if executing the request twice has no further effect: by its method, or because the API honors
    /// its idempotency key.
    #[must_use]
    pub const fn is_idempotent(self) -> bool {
        self.row().is_idempotent()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_one_of_v2_and_only_sends_take_a_key() {
        for operation in Operation::ALL {
            let sends = matches!(operation, Operation::ChatsCreate | Operation::ChatsMessagesSend);
            assert!(operation.route().starts_with("/v2/"), "{operation}");
            assert!(operation.id().starts_with("v2."), "{operation}");
            assert_eq!(
                (operation.key_pointer().is_some(), operation.row().sends),
                (sends, sends),
                "{operation}"
            );
            assert!(!operation.row().key.header, "{operation}");
        }
        assert!(
            Operation::ChatsCreate.is_idempotent() && Operation::WebhookSubscriptionsUpdate.is_idempotent()
        );
        assert!(!Operation::WebhookSubscriptionsCreate.is_idempotent());
    }
}
