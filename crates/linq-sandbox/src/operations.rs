use std::fmt;

use http::Method;

/// An endpoint of the API.
///
/// `Display` gives the method and the path, as faults name it: `POST /v3/chats`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// A short name: `chats.create`.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The path below the base URL, with its parameters in braces: `/v3/chats/{chat_id}`.
    pub path: &'static str,
}

impl Operation {
    const fn new(id: &'static str, method: Method, path: &'static str) -> Self {
        Self { id, method, path }
    }

    /// Whether a request is one of these. The path is the one below the base URL.
    pub(crate) fn is(&self, method: &Method, path: &str) -> bool {
        let same = |(template, given): (&str, &str)| template == given || template.starts_with('{');
        self.method == *method
            && self.path.split('/').count() == path.split('/').count()
            && self.path.split('/').zip(path.split('/')).all(same)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// Every endpoint of the API, so that a fault can name it and a test can try them all.
#[must_use]
pub fn operations() -> &'static [Operation] {
    &OPERATIONS
}

static OPERATIONS: [Operation; 70] = [
    Operation::new("chats.create", Method::POST, "/v3/chats"),
    Operation::new("chats.retrieve", Method::GET, "/v3/chats/{chat_id}"),
    Operation::new("chats.update", Method::PUT, "/v3/chats/{chat_id}"),
    Operation::new("chats.leave_chat", Method::POST, "/v3/chats/{chat_id}/leave"),
    Operation::new("chats.list_chats", Method::GET, "/v3/chats"),
    Operation::new("chats.mark_as_read", Method::POST, "/v3/chats/{chat_id}/read"),
    Operation::new("chats.send_voicememo", Method::POST, "/v3/chats/{chat_id}/voicememo"),
    Operation::new("chats.share_contact_card", Method::POST, "/v3/chats/{chat_id}/share_contact_card"),
    Operation::new("chats.participants.add", Method::POST, "/v3/chats/{chat_id}/participants"),
    Operation::new("chats.participants.remove", Method::DELETE, "/v3/chats/{chat_id}/participants"),
    Operation::new("chats.typing.start", Method::POST, "/v3/chats/{chat_id}/typing"),
    Operation::new("chats.typing.stop", Method::DELETE, "/v3/chats/{chat_id}/typing"),
    Operation::new("chats.messages.list", Method::GET, "/v3/chats/{chat_id}/messages"),
    Operation::new("chats.messages.send", Method::POST, "/v3/chats/{chat_id}/messages"),
    Operation::new("chats.location.retrieve", Method::GET, "/v3/chats/{chat_id}/location"),
    Operation::new("chats.location.request", Method::POST, "/v3/chats/{chat_id}/location/request"),
    Operation::new("chats.location.stop", Method::DELETE, "/v3/chats/{chat_id}/location"),
    Operation::new("chats.polls.create", Method::POST, "/v3/chats/{chat_id}/polls"),
    Operation::new("chats.background.remove", Method::DELETE, "/v3/chats/{chat_id}/background"),
    Operation::new("chats.background.set", Method::POST, "/v3/chats/{chat_id}/background"),
    Operation::new("messages.create", Method::POST, "/v3/messages"),
    Operation::new("messages.retrieve", Method::GET, "/v3/messages/{message_id}"),
    Operation::new("messages.update", Method::PATCH, "/v3/messages/{message_id}"),
    Operation::new("messages.delete", Method::DELETE, "/v3/messages/{message_id}"),
    Operation::new("messages.add_reaction", Method::POST, "/v3/messages/{message_id}/reactions"),
    Operation::new("messages.list_messages_thread", Method::GET, "/v3/messages/{message_id}/thread"),
    Operation::new("messages.update_app_card", Method::POST, "/v3/messages/{message_id}/update"),
    Operation::new(
        "messages.update_sticker_placement",
        Method::PATCH,
        "/v3/messages/{message_id}/reactions/{reaction_id}",
    ),
    Operation::new("messages.poll.retrieve", Method::GET, "/v3/messages/{message_id}/poll"),
    Operation::new("messages.poll.add_options", Method::POST, "/v3/messages/{message_id}/poll/options"),
    Operation::new("messages.poll.vote", Method::POST, "/v3/messages/{message_id}/poll/votes"),
    Operation::new("attachments.create", Method::POST, "/v3/attachments"),
    Operation::new("attachments.retrieve", Method::GET, "/v3/attachments/{attachment_id}"),
    Operation::new("attachments.delete", Method::DELETE, "/v3/attachments/{attachment_id}"),
    Operation::new("phonenumbers.list", Method::GET, "/v3/phonenumbers"),
    Operation::new("phone_numbers.update", Method::PUT, "/v3/phone_numbers/{phone_number_id}"),
    Operation::new("phone_numbers.list", Method::GET, "/v3/phone_numbers"),
    Operation::new(
        "phone_numbers.get_reputation_audit",
        Method::GET,
        "/v3/phone_numbers/{phone_number}/reputation_audit/{audit_id}",
    ),
    Operation::new(
        "phone_numbers.start_reputation_audit",
        Method::POST,
        "/v3/phone_numbers/{phone_number}/reputation_audit",
    ),
    Operation::new("available_number.retrieve", Method::GET, "/v3/available_number"),
    Operation::new("payment_requests.create", Method::POST, "/v3/payment_requests"),
    Operation::new("payment_requests.retrieve", Method::GET, "/v3/payment_requests/{payment_request_id}"),
    Operation::new("payment_requests.list", Method::GET, "/v3/payment_requests"),
    Operation::new(
        "payment_requests.cancel",
        Method::POST,
        "/v3/payment_requests/{payment_request_id}/cancel",
    ),
    Operation::new("payment_providers.retrieve", Method::GET, "/v3/payments/providers/{provider}"),
    Operation::new("payment_providers.connect", Method::POST, "/v3/payments/providers/{provider}/connect"),
    Operation::new("payment_handles.connect", Method::POST, "/v3/payments/handles/{handle}/connect"),
    Operation::new("payment_handles.connection", Method::GET, "/v3/payments/handles/{handle}/connection"),
    Operation::new("payment_handles.revoke", Method::DELETE, "/v3/payments/handles/{handle}/connection"),
    Operation::new("payment_handles.verify", Method::POST, "/v3/payments/handles/{handle}/verify"),
    Operation::new("payments.create", Method::POST, "/v3/payments"),
    Operation::new("payments.retrieve", Method::GET, "/v3/payments/{payment_id}"),
    Operation::new("payments.cancel", Method::POST, "/v3/payments/{payment_id}/cancel"),
    Operation::new("payments.credentials", Method::GET, "/v3/payments/{payment_id}/credentials"),
    Operation::new("blocked_handles.list", Method::GET, "/v3/blocked_handles"),
    Operation::new("blocked_handles.block", Method::POST, "/v3/blocked_handles"),
    Operation::new("blocked_handles.unblock", Method::DELETE, "/v3/blocked_handles"),
    Operation::new("experiences.retrieve", Method::GET, "/v3/experiences/{experience}"),
    Operation::new("experiences.list", Method::GET, "/v3/experiences"),
    Operation::new("webhook_events.list", Method::GET, "/v3/webhook-events"),
    Operation::new("webhook_subscriptions.create", Method::POST, "/v3/webhook-subscriptions"),
    Operation::new(
        "webhook_subscriptions.retrieve",
        Method::GET,
        "/v3/webhook-subscriptions/{subscription_id}",
    ),
    Operation::new(
        "webhook_subscriptions.update",
        Method::PUT,
        "/v3/webhook-subscriptions/{subscription_id}",
    ),
    Operation::new("webhook_subscriptions.list", Method::GET, "/v3/webhook-subscriptions"),
    Operation::new(
        "webhook_subscriptions.delete",
        Method::DELETE,
        "/v3/webhook-subscriptions/{subscription_id}",
    ),
    Operation::new("capability.check_i_message", Method::POST, "/v3/capability/check_imessage"),
    Operation::new("capability.check_RCS", Method::POST, "/v3/capability/check_rcs"),
    Operation::new("contact_card.create", Method::POST, "/v3/contact_card"),
    Operation::new("contact_card.retrieve", Method::GET, "/v3/contact_card"),
    Operation::new("contact_card.update", Method::PATCH, "/v3/contact_card"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_is_of_one_operation_at_most() {
        for operation in operations() {
            let path = operation.path.replace(['{', '}'], "");
            let found: Vec<_> =
                operations().iter().filter(|other| other.is(&operation.method, &path)).collect();
            assert_eq!(found, [operation]);
            assert!(!operation.is(&operation.method, &format!("{path}/more")));
        }
    }
}
