id! {
    /// The id of the actor of an account event: a team member or an API token.
    ActorId;
    /// The id of an API token, not the token itself.
    ApiTokenId;
    /// The id of an attachment. A UUID.
    AttachmentId;
    /// The id of a chat. A UUID.
    ChatId;
    /// The id of the contact card of a line.
    ContactCardId;
    /// The id of a webhook event, equal in all deliveries of the event: deduplicate by it. A UUID in V3.
    EventId;
    /// The id of the membership of a participant in a chat. A UUID.
    HandleId;
    /// An idempotency key: the API executes requests with the same key once.
    ///
    /// At most 255 characters. A request with a key that was used before gets the stored response of the first request.
    /// How long the API stores it is not documented. [`EventKeys`](crate::events::EventKeys) has the keys of a webhook event.
    IdempotencyKey;
    /// The id of a message. A UUID.
    MessageId;
    /// The id of your account in webhooks.
    PartnerId;
    /// The id of the payment connection with a person. A UUID.
    PaymentConnectId;
    /// The id of a payment. A UUID.
    PaymentId;
    /// The id of a payment request. A UUID.
    PaymentRequestId;
    /// The id of a line, not its phone number. A UUID.
    PhoneNumberId;
    /// The id of an option of a poll. A UUID.
    PollOptionId;
    /// The id of a reaction to a message. A UUID.
    ReactionId;
    /// The id of a reputation audit. A UUID.
    ReputationAuditId;
    /// The id of a team member of your account.
    TeamMemberId;
    /// The trace id of a request, its response and the webhooks it causes: 32 hexadecimal digits.
    ///
    /// Quote it when you contact Linq support about a request.
    TraceId;
    /// The id of a webhook subscription. A UUID.
    WebhookSubscriptionId;
}
