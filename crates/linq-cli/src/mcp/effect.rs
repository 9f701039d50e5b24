use linq::types::Operation;

/// What an operation does to others. It decides what the operation needs to be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It changes nothing.
    Reads,
    /// It changes something of the account.
    ChangesAccount,
    /// It does something in the conversation with people, who must be allowed.
    ActsOnPeople,
    /// It shows people something, asks them for something, or moves their money. They must be allowed, and it must be
    /// confirmed.
    SendsToPeople,
    /// It returns credentials; no option makes it available.
    ReturnsCredentials,
}

impl Effect {
    pub(super) fn of(operation: Operation) -> Self {
        match operation {
            Operation::PaymentsCredentials => Self::ReturnsCredentials,
            _ if operation.method().is_safe() => Self::Reads,
            Operation::ChatsBackgroundRemove
            | Operation::ChatsLeave
            | Operation::ChatsLocationStop
            | Operation::ChatsMarkAsRead
            | Operation::ChatsParticipantsRemove
            | Operation::ChatsTypingStart
            | Operation::ChatsTypingStop
            | Operation::MessagesDelete
            | Operation::PaymentHandlesRevoke
            | Operation::PaymentHandlesVerify => Self::ActsOnPeople,
            Operation::ChatsCreate
            | Operation::MessagesCreate
            | Operation::PaymentRequestsCreate
            | Operation::PaymentsCreate => Self::SendsToPeople,
            _ if ["{chatId}", "{messageId}", "{handle}"]
                .iter()
                .any(|name| operation.route().contains(name)) =>
            {
                Self::SendsToPeople
            }
            _ => Self::ChangesAccount,
        }
    }

    /// Returns `true` if the people that the operation concerns must be allowed.
    pub(super) fn concerns_people(self) -> bool {
        matches!(self, Self::ActsOnPeople | Self::SendsToPeople)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_notice_is_never_a_change_of_the_account_alone() {
        for operation in Operation::ALL {
            let effect = Effect::of(*operation);
            let is_safe = operation.method().is_safe();
            assert_eq!(
                matches!(effect, Effect::Reads | Effect::ReturnsCredentials),
                is_safe,
                "{operation}: {effect:?}"
            );
            if operation.sends_message() {
                assert_eq!(effect, Effect::SendsToPeople, "{operation}");
            }
            let is_in_chat = operation.id().starts_with("chats.") || operation.id().starts_with("messages.");
            if is_in_chat && !is_safe {
                assert!(effect.concerns_people(), "{operation}: {effect:?}");
            }
        }
    }
}
