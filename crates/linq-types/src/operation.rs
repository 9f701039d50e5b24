//! The operations of the API: one row for each endpoint, and the only list of them.
//!
//! The client builds its requests from these rows. Errors, `tracing` spans, the sandbox, the command line, the tests and
//! the index of endpoints derive from them too.

use std::fmt;

/// Declares an enum of operations, its rows, and [`ByOperation`].
macro_rules! operations {
    (
        $(#[$doc:meta])*
        pub enum Operation;
        $(#[doc = $summary:literal] $variant:ident: $id:literal, $method:ident $route:literal, $key:ident $($pointer:literal)? $(, $sends:ident)?;)+
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Operation {
            $(
                #[doc = concat!("`", stringify!($method), " ", $route, "`:", $summary)]
                $variant,
            )+
        }

        impl Operation {
            /// Every operation, in the order of the variants.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            const fn row(self) -> &'static $crate::operation::Row {
                const ROWS: &[$crate::operation::Row] = &[
                    $($crate::operation::Row {
                        id: $id,
                        summary: $summary,
                        method: $crate::operation::method!($method),
                        route: $route,
                        key: $crate::operation::key!($key $($pointer)?),
                        sends: $crate::operation::sends!($($sends)?),
                    }),+
                ];
                &ROWS[self as usize]
            }
        }

        /// Writes the [`id`](Operation::id).
        impl ::std::fmt::Display for Operation {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.id())
            }
        }

        impl ::serde::Serialize for Operation {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.id())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for Operation {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let id = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                let operation = Self::ALL.iter().copied().find(|operation| operation.id() == id);
                operation.ok_or_else(|| ::serde::de::Error::unknown_variant(&id, &[]))
            }
        }

        /// One value for each operation, in a field named like the variant. A table that lacks one does not compile.
        #[doc(hidden)]
        #[expect(non_snake_case, reason = "the fields are named like the variants")]
        #[expect(clippy::exhaustive_structs, reason = "a missing field is to be a compile error in other crates")]
        #[derive(Debug)]
        pub struct ByOperation<T> {
            $(pub $variant: T,)+
        }

        impl<T> ByOperation<T> {
            #[must_use]
            pub const fn get(&self, operation: Operation) -> &T {
                match operation {
                    $(Operation::$variant => &self.$variant,)+
                }
            }
        }
    };
}

macro_rules! method {
    (GET) => {
        $crate::operation::Method::Get
    };
    (POST) => {
        $crate::operation::Method::Post
    };
    (PUT) => {
        $crate::operation::Method::Put
    };
    (PATCH) => {
        $crate::operation::Method::Patch
    };
    (DELETE) => {
        $crate::operation::Method::Delete
    };
}

/// Where the idempotency key goes, and, of `unproven`, that nothing shows that the API honors it.
macro_rules! key {
    (none) => {
        $crate::operation::Key { pointer: None, header: false, honored: false }
    };
    (body $pointer:literal) => {
        $crate::operation::Key { pointer: Some($pointer), header: false, honored: true }
    };
    (header) => {
        $crate::operation::Key { pointer: None, header: true, honored: true }
    };
    (both $pointer:literal) => {
        $crate::operation::Key { pointer: Some($pointer), header: true, honored: true }
    };
    (unproven) => {
        $crate::operation::Key { pointer: None, header: true, honored: false }
    };
}

/// Whether the operation sends a message, which counts against the rate limits for messages.
macro_rules! sends {
    () => {
        false
    };
    (sends) => {
        true
    };
}

#[cfg(feature = "v2")]
pub(crate) use operations;
pub(crate) use {key, method, sends};

operations! {
    /// An operation of the API: what one endpoint does.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; }
    /// use linq::types::operation::{Method, Operation};
    ///
    /// let send = Operation::ChatsMessagesSend;
    /// assert_eq!(send.id(), "chats.messages.send");
    /// assert_eq!((send.method(), send.route()), (Method::Post, "/v3/chats/{chatId}/messages"));
    /// assert!(send.is_idempotent());
    /// ```
    pub enum Operation;

    /// Announces a file. The response says where to upload it.
    AttachmentsCreate: "attachments.create", POST "/v3/attachments", none;
    /// Deletes an attachment.
    AttachmentsDelete: "attachments.delete", DELETE "/v3/attachments/{attachmentId}", none;
    /// Returns an attachment by its id.
    AttachmentsRetrieve: "attachments.retrieve", GET "/v3/attachments/{attachmentId}", none;

    /// Returns the line that the service suggests to send from.
    AvailableNumberRetrieve: "available_number.retrieve", GET "/v3/available_number", none;

    /// Adds a handle to the block list.
    BlockedHandlesBlock: "blocked_handles.block", POST "/v3/blocked_handles", none;
    /// Lists the handles on the block list. This list has no pages.
    BlockedHandlesList: "blocked_handles.list", GET "/v3/blocked_handles", none;
    /// Removes a handle from the block list.
    BlockedHandlesUnblock: "blocked_handles.unblock", DELETE "/v3/blocked_handles", none;

    /// Checks whether a phone number has RCS.
    CapabilityCheckRcs: "capability.check_RCS", POST "/v3/capability/check_rcs", none;
    /// Checks whether a handle has iMessage.
    CapabilityCheckImessage: "capability.check_i_message", POST "/v3/capability/check_imessage", none;

    /// Removes the background of the chat.
    ChatsBackgroundRemove: "chats.background.remove", DELETE "/v3/chats/{chatId}/background", none;
    /// Sets the background of the chat, for everybody in it.
    ChatsBackgroundSet: "chats.background.set", POST "/v3/chats/{chatId}/background", none;
    /// Creates a chat and sends its first message, or sends into the chat that the same line and people already have.
    ChatsCreate: "chats.create", POST "/v3/chats", body "/message/idempotency_key", sends;
    /// Leaves a group.
    ChatsLeave: "chats.leave_chat", POST "/v3/chats/{chatId}/leave", none;
    /// Lists your chats, all of them or those of one line or with one person.
    ChatsList: "chats.list_chats", GET "/v3/chats", none;
    /// Asks the other person to share their location.
    ChatsLocationRequest: "chats.location.request", POST "/v3/chats/{chatId}/location/request", none;
    /// Returns the locations of the people who share theirs in the chat.
    ChatsLocationRetrieve: "chats.location.retrieve", GET "/v3/chats/{chatId}/location", none;
    /// Stops one person's sharing of their location with you.
    ChatsLocationStop: "chats.location.stop", DELETE "/v3/chats/{chatId}/location", none;
    /// Marks all messages of a chat as read, so that the other person gets a read receipt.
    ChatsMarkAsRead: "chats.mark_as_read", POST "/v3/chats/{chatId}/read", none;
    /// Lists the messages of the chat.
    ChatsMessagesList: "chats.messages.list", GET "/v3/chats/{chatId}/messages", none;
    /// Sends a message into the chat.
    ChatsMessagesSend: "chats.messages.send", POST "/v3/chats/{chatId}/messages", body "/message/idempotency_key", sends;
    /// Adds a person to the group.
    ChatsParticipantsAdd: "chats.participants.add", POST "/v3/chats/{chatId}/participants", none;
    /// Removes a person from the group.
    ChatsParticipantsRemove: "chats.participants.remove", DELETE "/v3/chats/{chatId}/participants", none;
    /// Sends a poll into the chat.
    ChatsPollsCreate: "chats.polls.create", POST "/v3/chats/{chatId}/polls", body "/poll/idempotency_key", sends;
    /// Returns a chat: its participants, and its health score.
    ChatsRetrieve: "chats.retrieve", GET "/v3/chats/{chatId}", none;
    /// Sends a voice memo into a chat.
    ChatsSendVoicememo: "chats.send_voicememo", POST "/v3/chats/{chatId}/voicememo", none, sends;
    /// Shares your line's contact card with the people of a chat.
    ChatsShareContactCard: "chats.share_contact_card", POST "/v3/chats/{chatId}/share_contact_card", none;
    /// Shows a typing indicator to the other people.
    ChatsTypingStart: "chats.typing.start", POST "/v3/chats/{chatId}/typing", none;
    /// Removes the typing indicator.
    ChatsTypingStop: "chats.typing.stop", DELETE "/v3/chats/{chatId}/typing", none;
    /// Updates the name or the icon of a group.
    ChatsUpdate: "chats.update", PUT "/v3/chats/{chatId}", none;

    /// Creates the contact card of a line.
    ContactCardCreate: "contact_card.create", POST "/v3/contact_card", none;
    /// Returns the contact cards of all lines, or of one.
    ContactCardRetrieve: "contact_card.retrieve", GET "/v3/contact_card", none;
    /// Updates the contact card of a line. Fields that are not set keep their value.
    ContactCardUpdate: "contact_card.update", PATCH "/v3/contact_card", none;

    /// Lists your experiences and their actions. This list has no pages.
    ExperiencesList: "experiences.list", GET "/v3/experiences", none;
    /// Returns an experience by its name: its actions and their parameters.
    ExperiencesRetrieve: "experiences.retrieve", GET "/v3/experiences/{experience}", none;

    /// Adds a reaction to a message, or removes it.
    MessagesAddReaction: "messages.add_reaction", POST "/v3/messages/{messageId}/reactions", none;
    /// Sends a message to people and leaves the choice of the line and the chat to the service.
    MessagesCreate: "messages.create", POST "/v3/messages", both "/message/idempotency_key", sends;
    /// Deletes what the service stores of a message. It does not unsend it: people keep what they received.
    MessagesDelete: "messages.delete", DELETE "/v3/messages/{messageId}", none;
    /// Lists the thread of a message, its first message and the replies, oldest first unless another order is set.
    MessagesListThread: "messages.list_messages_thread", GET "/v3/messages/{messageId}/thread", none;
    /// Adds options to the poll. They cannot be changed or removed.
    MessagesPollAddOptions: "messages.poll.add_options", POST "/v3/messages/{messageId}/poll/options", none;
    /// Returns the poll: its options, and who voted for which.
    MessagesPollRetrieve: "messages.poll.retrieve", GET "/v3/messages/{messageId}/poll", none;
    /// Votes for one option of the poll, or withdraws that vote. Votes for other options stay.
    MessagesPollVote: "messages.poll.vote", POST "/v3/messages/{messageId}/poll/votes", none;
    /// Returns a message: its parts and its delivery status.
    MessagesRetrieve: "messages.retrieve", GET "/v3/messages/{messageId}", none;
    /// Updates the text of a message that your line sent.
    MessagesUpdate: "messages.update", PATCH "/v3/messages/{messageId}", none;
    /// Updates what an app card shows that your line sent.
    MessagesUpdateAppCard: "messages.update_app_card", POST "/v3/messages/{messageId}/update", none;
    /// Moves, rotates or scales a sticker that your line put on a message.
    MessagesUpdateStickerPlacement: "messages.update_sticker_placement", PATCH "/v3/messages/{messageId}/reactions/{reactionId}", none;

    /// Starts to connect the person.
    PaymentHandlesConnect: "payment_handles.connect", POST "/v3/payments/handles/{handle}/connect", none;
    /// Returns the connection, with its status.
    PaymentHandlesConnection: "payment_handles.connection", GET "/v3/payments/handles/{handle}/connection", none;
    /// Revokes the connection: no more payments can be made for the person.
    PaymentHandlesRevoke: "payment_handles.revoke", DELETE "/v3/payments/handles/{handle}/connection", none;
    /// Completes the connection with the code that the person got.
    PaymentHandlesVerify: "payment_handles.verify", POST "/v3/payments/handles/{handle}/verify", none;

    /// Starts to connect your account with the provider.
    PaymentProvidersConnect: "payment_providers.connect", POST "/v3/payments/providers/{provider}/connect", none;
    /// Returns the connection of your account with the provider.
    PaymentProvidersRetrieve: "payment_providers.retrieve", GET "/v3/payments/providers/{provider}", none;

    /// Cancels a payment request: its link can no longer be paid.
    PaymentRequestsCancel: "payment_requests.cancel", POST "/v3/payment_requests/{paymentRequestId}/cancel", none;
    /// Creates a payment request. The response has the link to pay by.
    PaymentRequestsCreate: "payment_requests.create", POST "/v3/payment_requests", header;
    /// Lists your payment requests, all of them or those with one status.
    PaymentRequestsList: "payment_requests.list", GET "/v3/payment_requests", none;
    /// Returns a payment request, with its status.
    PaymentRequestsRetrieve: "payment_requests.retrieve", GET "/v3/payment_requests/{paymentRequestId}", none;

    /// Cancels a payment.
    PaymentsCancel: "payments.cancel", POST "/v3/payments/{paymentId}/cancel", none;
    /// Creates a payment for a person.
    PaymentsCreate: "payments.create", POST "/v3/payments", unproven;
    /// Returns the credentials of a payment that is ready: how to fetch the card from its provider.
    PaymentsCredentials: "payments.credentials", GET "/v3/payments/{paymentId}/credentials", none;
    /// Returns a payment, with its status.
    PaymentsRetrieve: "payments.retrieve", GET "/v3/payments/{paymentId}", none;

    /// Returns an audit of a line's reputation: its status and, when it is complete, its report.
    PhoneNumbersRetrieveReputationAudit: "phone_numbers.get_reputation_audit", GET "/v3/phone_numbers/{phoneNumber}/reputation_audit/{auditId}", none;
    /// Lists your lines. This list has no pages.
    PhoneNumbersList: "phone_numbers.list", GET "/v3/phone_numbers", none;
    /// Starts an audit of a line's reputation.
    PhoneNumbersStartReputationAudit: "phone_numbers.start_reputation_audit", POST "/v3/phone_numbers/{phoneNumber}/reputation_audit", none;
    /// Updates a line: sets or clears the number that calls are forwarded to.
    PhoneNumbersUpdate: "phone_numbers.update", PUT "/v3/phone_numbers/{phoneNumberId}", none;

    /// Lists your lines. This list has no pages.
    PhonenumbersList: "phonenumbers.list", GET "/v3/phonenumbers", none;

    /// Lists the types of events that can be subscribed to. This list has no pages.
    WebhookEventsList: "webhook_events.list", GET "/v3/webhook-events", none;

    /// Creates a subscription, so that events are delivered to a URL of yours.
    WebhookSubscriptionsCreate: "webhook_subscriptions.create", POST "/v3/webhook-subscriptions", none;
    /// Deletes a subscription.
    WebhookSubscriptionsDelete: "webhook_subscriptions.delete", DELETE "/v3/webhook-subscriptions/{subscriptionId}", none;
    /// Lists all subscriptions, without their secrets. This list has no pages.
    WebhookSubscriptionsList: "webhook_subscriptions.list", GET "/v3/webhook-subscriptions", none;
    /// Returns a subscription, without its secret.
    WebhookSubscriptionsRetrieve: "webhook_subscriptions.retrieve", GET "/v3/webhook-subscriptions/{subscriptionId}", none;
    /// Updates a subscription. Fields that are not set keep their value.
    WebhookSubscriptionsUpdate: "webhook_subscriptions.update", PUT "/v3/webhook-subscriptions/{subscriptionId}", none;
}

pub(crate) struct Row {
    pub(crate) id: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) method: Method,
    pub(crate) route: &'static str,
    pub(crate) key: Key,
    pub(crate) sends: bool,
}

pub(crate) struct Key {
    pub(crate) pointer: Option<&'static str>,
    pub(crate) header: bool,
    pub(crate) honored: bool,
}

impl Row {
    pub(crate) const fn is_idempotent(&self) -> bool {
        self.key.honored || !matches!(self.method, Method::Post | Method::Patch)
    }
}

impl Operation {
    /// Returns the id: the names of the resource and of the method in the vendor's reference, such as
    /// `chats.messages.send`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.row().id
    }

    /// Returns the operation with this id, if there is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operation| operation.id() == id)
    }

    /// Returns what the operation does, in a sentence or two: the start of the docs of the client's method.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; }
    /// use linq::types::Operation;
    ///
    /// assert_eq!(Operation::ChatsMessagesSend.summary(), "Sends a message into the chat.");
    /// ```
    #[must_use]
    pub const fn summary(self) -> &'static str {
        self.row().summary.trim_ascii()
    }

    /// Returns the HTTP method.
    #[must_use]
    pub const fn method(self) -> Method {
        self.row().method
    }

    /// Returns the path below the base URL, with a `{name}` for each parameter: `/v3/chats/{chatId}/messages`.
    #[must_use]
    pub const fn route(self) -> &'static str {
        self.row().route
    }

    /// Returns the address of the operation's page in the vendor's reference.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; }
    /// use linq::types::Operation;
    ///
    /// assert_eq!(
    ///     Operation::ChatsMessagesSend.reference_url(),
    ///     "https://docs.linqapp.com/api/resources/chats/subresources/messages/methods/send"
    /// );
    /// ```
    #[must_use]
    pub fn reference_url(self) -> String {
        let (resources, method) = self.id().rsplit_once('.').unwrap_or(("", self.id()));
        let resources = resources.replace('.', "/subresources/");
        format!("https://docs.linqapp.com/api/resources/{resources}/methods/{method}")
    }

    /// Returns the JSON pointer of the idempotency key in the request body, if the API takes one there.
    #[must_use]
    pub const fn key_pointer(self) -> Option<&'static str> {
        self.row().key.pointer
    }

    /// Returns `true` if the idempotency key goes into the `Idempotency-Key` header.
    #[must_use]
    pub const fn has_key_header(self) -> bool {
        self.row().key.header
    }

    /// Returns `true` if the request carries an idempotency key.
    #[must_use]
    pub const fn has_key(self) -> bool {
        self.key_pointer().is_some() || self.has_key_header()
    }

    /// Returns `true` if executing the request twice has no further effect: by its method, or because the API honors
    /// its idempotency key.
    ///
    /// `POST /v3/payments` takes a key, but sources disagree whether it counts; it is not idempotent here.
    #[must_use]
    pub const fn is_idempotent(self) -> bool {
        self.row().is_idempotent()
    }

    /// Returns `true` if the operation sends a message, a poll or a voice memo to people, which the API limits to 30 in 60
    /// seconds from one line to one person.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; }
    /// use linq::types::Operation;
    ///
    /// assert!(Operation::ChatsMessagesSend.sends_message());
    /// assert!(!Operation::MessagesAddReaction.sends_message());
    /// ```
    #[must_use]
    pub const fn sends_message(self) -> bool {
        self.row().sends
    }
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// Returns the name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Returns `true` if the method changes nothing.
    #[must_use]
    pub const fn is_safe(self) -> bool {
        matches!(self, Self::Get)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_and_requests_are_unique() {
        let unique = |of: fn(Operation) -> String| {
            Operation::ALL.iter().map(|one| of(*one)).collect::<BTreeSet<_>>().len()
        };
        assert_eq!(unique(|one| one.id().to_owned()), Operation::ALL.len());
        assert_eq!(unique(|one| format!("{} {}", one.method(), one.route())), Operation::ALL.len());
    }

    #[test]
    fn an_operation_is_written_and_read_by_its_id() {
        for operation in Operation::ALL {
            let json = serde_json::to_string(operation).unwrap();
            assert_eq!(json, format!("\"{operation}\""));
            assert_eq!(serde_json::from_str::<Operation>(&json).unwrap(), *operation);
        }
        assert!(serde_json::from_str::<Operation>(r#""chats.invented""#).is_err());
    }

    #[test]
    fn sends_into_a_chat_name_it_in_their_route() {
        let sends: Vec<_> = Operation::ALL.iter().filter(|operation| operation.sends_message()).collect();
        assert_eq!(sends.len(), 5);
        for send in sends {
            let creates = matches!(send, Operation::ChatsCreate | Operation::MessagesCreate);
            assert_eq!(send.route().contains("{chatId}"), !creates, "{send}");
            assert_eq!(send.method(), Method::Post);
        }
    }

    #[test]
    fn only_posts_and_patches_without_an_honored_key_are_not_idempotent() {
        for (operation, idempotent) in [
            (Operation::ChatsCreate, true),
            (Operation::MessagesCreate, true),
            (Operation::PaymentRequestsCreate, true),
            (Operation::PaymentsCreate, false),
            (Operation::MessagesAddReaction, false),
            (Operation::MessagesUpdate, false),
            (Operation::ChatsUpdate, true),
            (Operation::MessagesDelete, true),
            (Operation::ChatsList, true),
        ] {
            assert_eq!(operation.is_idempotent(), idempotent, "{operation}");
        }
    }
}
