//! The operations of the API: one row for each endpoint, and the only list of them.
//!
//! The client builds its requests from these rows. Errors, `tracing` spans, the sandbox, the command line, the tests and
//! the index of endpoints derive from them too.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Declares [`Operation`], its rows, and [`ByOperation`].
macro_rules! operations {
    ($($variant:ident: $id:literal, $method:ident $route:literal, $key:ident $($pointer:literal)? $(, $sends:ident)?;)+) => {
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
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Operation {
            $(
                #[doc = concat!("`", stringify!($method), " ", $route, "`")]
                $variant,
            )+
        }

        impl Operation {
            /// Every operation, in the order of the variants.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            const fn row(self) -> &'static Row {
                const ROWS: &[Row] = &[
                    $(Row {
                        id: $id,
                        method: method!($method),
                        route: $route,
                        key: key!($key $($pointer)?),
                        sends: sends!($($sends)?),
                    }),+
                ];
                &ROWS[self as usize]
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
        Method::Get
    };
    (POST) => {
        Method::Post
    };
    (PUT) => {
        Method::Put
    };
    (PATCH) => {
        Method::Patch
    };
    (DELETE) => {
        Method::Delete
    };
}

/// Where the idempotency key goes, and, of `unproven`, that nothing shows that the API honors it.
macro_rules! key {
    (none) => {
        Key { pointer: None, header: false, honored: false }
    };
    (body $pointer:literal) => {
        Key { pointer: Some($pointer), header: false, honored: true }
    };
    (header) => {
        Key { pointer: None, header: true, honored: true }
    };
    (both $pointer:literal) => {
        Key { pointer: Some($pointer), header: true, honored: true }
    };
    (unproven) => {
        Key { pointer: None, header: true, honored: false }
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

operations! {
    AttachmentsCreate: "attachments.create", POST "/v3/attachments", none;
    AttachmentsDelete: "attachments.delete", DELETE "/v3/attachments/{attachmentId}", none;
    AttachmentsRetrieve: "attachments.retrieve", GET "/v3/attachments/{attachmentId}", none;

    AvailableNumberRetrieve: "available_number.retrieve", GET "/v3/available_number", none;

    BlockedHandlesBlock: "blocked_handles.block", POST "/v3/blocked_handles", none;
    BlockedHandlesList: "blocked_handles.list", GET "/v3/blocked_handles", none;
    BlockedHandlesUnblock: "blocked_handles.unblock", DELETE "/v3/blocked_handles", none;

    CapabilityCheckRcs: "capability.check_RCS", POST "/v3/capability/check_rcs", none;
    CapabilityCheckImessage: "capability.check_i_message", POST "/v3/capability/check_imessage", none;

    ChatsBackgroundRemove: "chats.background.remove", DELETE "/v3/chats/{chatId}/background", none;
    ChatsBackgroundSet: "chats.background.set", POST "/v3/chats/{chatId}/background", none;
    ChatsCreate: "chats.create", POST "/v3/chats", body "/message/idempotency_key", sends;
    ChatsLeave: "chats.leave_chat", POST "/v3/chats/{chatId}/leave", none;
    ChatsList: "chats.list_chats", GET "/v3/chats", none;
    ChatsLocationRequest: "chats.location.request", POST "/v3/chats/{chatId}/location/request", none;
    ChatsLocationRetrieve: "chats.location.retrieve", GET "/v3/chats/{chatId}/location", none;
    ChatsLocationStop: "chats.location.stop", DELETE "/v3/chats/{chatId}/location", none;
    ChatsMarkAsRead: "chats.mark_as_read", POST "/v3/chats/{chatId}/read", none;
    ChatsMessagesList: "chats.messages.list", GET "/v3/chats/{chatId}/messages", none;
    ChatsMessagesSend: "chats.messages.send", POST "/v3/chats/{chatId}/messages", body "/message/idempotency_key", sends;
    ChatsParticipantsAdd: "chats.participants.add", POST "/v3/chats/{chatId}/participants", none;
    ChatsParticipantsRemove: "chats.participants.remove", DELETE "/v3/chats/{chatId}/participants", none;
    ChatsPollsCreate: "chats.polls.create", POST "/v3/chats/{chatId}/polls", body "/poll/idempotency_key", sends;
    ChatsRetrieve: "chats.retrieve", GET "/v3/chats/{chatId}", none;
    ChatsSendVoicememo: "chats.send_voicememo", POST "/v3/chats/{chatId}/voicememo", none, sends;
    ChatsShareContactCard: "chats.share_contact_card", POST "/v3/chats/{chatId}/share_contact_card", none;
    ChatsTypingStart: "chats.typing.start", POST "/v3/chats/{chatId}/typing", none;
    ChatsTypingStop: "chats.typing.stop", DELETE "/v3/chats/{chatId}/typing", none;
    ChatsUpdate: "chats.update", PUT "/v3/chats/{chatId}", none;

    ContactCardCreate: "contact_card.create", POST "/v3/contact_card", none;
    ContactCardRetrieve: "contact_card.retrieve", GET "/v3/contact_card", none;
    ContactCardUpdate: "contact_card.update", PATCH "/v3/contact_card", none;

    ExperiencesList: "experiences.list", GET "/v3/experiences", none;
    ExperiencesRetrieve: "experiences.retrieve", GET "/v3/experiences/{experience}", none;

    MessagesAddReaction: "messages.add_reaction", POST "/v3/messages/{messageId}/reactions", none;
    MessagesCreate: "messages.create", POST "/v3/messages", both "/message/idempotency_key", sends;
    MessagesDelete: "messages.delete", DELETE "/v3/messages/{messageId}", none;
    MessagesListThread: "messages.list_messages_thread", GET "/v3/messages/{messageId}/thread", none;
    MessagesPollAddOptions: "messages.poll.add_options", POST "/v3/messages/{messageId}/poll/options", none;
    MessagesPollRetrieve: "messages.poll.retrieve", GET "/v3/messages/{messageId}/poll", none;
    MessagesPollVote: "messages.poll.vote", POST "/v3/messages/{messageId}/poll/votes", none;
    MessagesRetrieve: "messages.retrieve", GET "/v3/messages/{messageId}", none;
    MessagesUpdate: "messages.update", PATCH "/v3/messages/{messageId}", none;
    MessagesUpdateAppCard: "messages.update_app_card", POST "/v3/messages/{messageId}/update", none;
    MessagesUpdateStickerPlacement: "messages.update_sticker_placement", PATCH "/v3/messages/{messageId}/reactions/{reactionId}", none;

    PaymentHandlesConnect: "payment_handles.connect", POST "/v3/payments/handles/{handle}/connect", none;
    PaymentHandlesConnection: "payment_handles.connection", GET "/v3/payments/handles/{handle}/connection", none;
    PaymentHandlesRevoke: "payment_handles.revoke", DELETE "/v3/payments/handles/{handle}/connection", none;
    PaymentHandlesVerify: "payment_handles.verify", POST "/v3/payments/handles/{handle}/verify", none;

    PaymentProvidersConnect: "payment_providers.connect", POST "/v3/payments/providers/{provider}/connect", none;
    PaymentProvidersRetrieve: "payment_providers.retrieve", GET "/v3/payments/providers/{provider}", none;

    PaymentRequestsCancel: "payment_requests.cancel", POST "/v3/payment_requests/{paymentRequestId}/cancel", none;
    PaymentRequestsCreate: "payment_requests.create", POST "/v3/payment_requests", header;
    PaymentRequestsList: "payment_requests.list", GET "/v3/payment_requests", none;
    PaymentRequestsRetrieve: "payment_requests.retrieve", GET "/v3/payment_requests/{paymentRequestId}", none;

    PaymentsCancel: "payments.cancel", POST "/v3/payments/{paymentId}/cancel", none;
    PaymentsCreate: "payments.create", POST "/v3/payments", unproven;
    PaymentsCredentials: "payments.credentials", GET "/v3/payments/{paymentId}/credentials", none;
    PaymentsRetrieve: "payments.retrieve", GET "/v3/payments/{paymentId}", none;

    PhoneNumbersRetrieveReputationAudit: "phone_numbers.get_reputation_audit", GET "/v3/phone_numbers/{phoneNumber}/reputation_audit/{auditId}", none;
    PhoneNumbersList: "phone_numbers.list", GET "/v3/phone_numbers", none;
    PhoneNumbersStartReputationAudit: "phone_numbers.start_reputation_audit", POST "/v3/phone_numbers/{phoneNumber}/reputation_audit", none;
    PhoneNumbersUpdate: "phone_numbers.update", PUT "/v3/phone_numbers/{phoneNumberId}", none;

    PhonenumbersList: "phonenumbers.list", GET "/v3/phonenumbers", none;

    WebhookEventsList: "webhook_events.list", GET "/v3/webhook-events", none;

    WebhookSubscriptionsCreate: "webhook_subscriptions.create", POST "/v3/webhook-subscriptions", none;
    WebhookSubscriptionsDelete: "webhook_subscriptions.delete", DELETE "/v3/webhook-subscriptions/{subscriptionId}", none;
    WebhookSubscriptionsList: "webhook_subscriptions.list", GET "/v3/webhook-subscriptions", none;
    WebhookSubscriptionsRetrieve: "webhook_subscriptions.retrieve", GET "/v3/webhook-subscriptions/{subscriptionId}", none;
    WebhookSubscriptionsUpdate: "webhook_subscriptions.update", PUT "/v3/webhook-subscriptions/{subscriptionId}", none;
}

struct Row {
    id: &'static str,
    method: Method,
    route: &'static str,
    key: Key,
    sends: bool,
}

struct Key {
    pointer: Option<&'static str>,
    header: bool,
    honored: bool,
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
        self.row().key.honored || !matches!(self.method(), Method::Post | Method::Patch)
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

/// Writes the [`id`](Operation::id).
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for Operation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::from_id(&id).ok_or_else(|| de::Error::unknown_variant(&id, &[]))
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
