id! {
    /// Who changed something about your account: the id of a team member or of an API token, as the case may be.
    ActorId;
    /// An API token: the id, not the token itself.
    ApiTokenId;
    /// A file that was uploaded ahead of sending. A UUID.
    AttachmentId;
    /// A conversation between one of your lines and one or more people. A UUID.
    ChatId;
    /// The contact card of a line.
    ContactCardId;
    /// One webhook event, the same on every delivery of it: the key to deduplicate by. A UUID in V3.
    EventId;
    /// One participant's membership in a chat. A UUID.
    HandleId;
    /// The key that makes the service execute a send once, however often the request arrives.
    ///
    /// At most 255 characters. A repeated key gets the stored answer of the first request and nothing is
    /// sent again; the service does not say how long it remembers.
    IdempotencyKey;
    /// A message. A UUID.
    MessageId;
    /// Your account, as webhooks name it.
    PartnerId;
    /// The connection with a person that payments are made for. A UUID.
    PaymentConnectId;
    /// A payment that an agent makes for a person. A UUID.
    PaymentId;
    /// A request for money. A UUID.
    PaymentRequestId;
    /// One of your lines: the id, not the number. A UUID.
    PhoneNumberId;
    /// One of the options of a poll. A UUID.
    PollOptionId;
    /// A reaction on a message. A UUID.
    ReactionId;
    /// An audit of a line's reputation. A UUID.
    ReputationAuditId;
    /// Somebody who works with your account.
    TeamMemberId;
    /// The id that ties a request, its answer and the webhooks it causes together: 32 hexadecimal digits.
    ///
    /// Give it to Linq's support with a question about a request.
    TraceId;
    /// A webhook subscription. A UUID.
    WebhookSubscriptionId;
}
