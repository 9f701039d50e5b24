open_enum! {
    /// What a webhook event is about: every type that can be subscribed to.
    ///
    /// The `call.*` types have no documented payload.
    pub enum EventType {
        /// A message of yours left the line.
        MessageSent = "message.sent",
        /// Somebody wrote to a line of yours.
        MessageReceived = "message.received",
        /// Somebody read a message of yours.
        MessageRead = "message.read",
        /// A message of yours reached the other device.
        MessageDelivered = "message.delivered",
        /// A message of yours could not be sent.
        MessageFailed = "message.failed",
        /// A message was edited.
        MessageEdited = "message.edited",
        /// A reaction was put on a message.
        ReactionAdded = "reaction.added",
        /// A reaction was taken off a message.
        ReactionRemoved = "reaction.removed",
        /// A poll: received.
        PollReceived = "poll.received",
        /// A poll: failed.
        PollFailed = "poll.failed",
        /// A poll: sent.
        PollSent = "poll.sent",
        /// A poll: delivered.
        PollDelivered = "poll.delivered",
        /// A poll: read.
        PollRead = "poll.read",
        /// A poll: updated.
        PollUpdated = "poll.updated",
        /// A poll: vote added.
        PollVoteAdded = "poll.vote.added",
        /// A poll: vote removed.
        PollVoteRemoved = "poll.vote.removed",
        /// A poll: reaction added.
        PollReactionAdded = "poll.reaction.added",
        /// A participant: added.
        ParticipantAdded = "participant.added",
        /// A participant: removed.
        ParticipantRemoved = "participant.removed",
        /// A chat: created.
        ChatCreated = "chat.created",
        /// A chat: group name updated.
        ChatGroupNameUpdated = "chat.group_name_updated",
        /// A chat: group icon updated.
        ChatGroupIconUpdated = "chat.group_icon_updated",
        /// A chat: group name update failed.
        ChatGroupNameUpdateFailed = "chat.group_name_update_failed",
        /// A chat: group icon update failed.
        ChatGroupIconUpdateFailed = "chat.group_icon_update_failed",
        /// A chat: background updated.
        ChatBackgroundUpdated = "chat.background_updated",
        /// A chat: background update failed.
        ChatBackgroundUpdateFailed = "chat.background_update_failed",
        /// A chat: typing indicator started.
        ChatTypingIndicatorStarted = "chat.typing_indicator.started",
        /// A chat: typing indicator stopped.
        ChatTypingIndicatorStopped = "chat.typing_indicator.stopped",
        /// A line: status updated.
        PhoneNumberStatusUpdated = "phone_number.status_updated",
        /// A line: assigned.
        PhoneNumberAssigned = "phone_number.assigned",
        /// A line: released.
        PhoneNumberReleased = "phone_number.released",
        /// A contact card: received.
        ContactCardReceived = "contact_card.received",
        /// A call: initiated.
        CallInitiated = "call.initiated",
        /// A call: ringing.
        CallRinging = "call.ringing",
        /// A call: answered.
        CallAnswered = "call.answered",
        /// A call: ended.
        CallEnded = "call.ended",
        /// A call: failed.
        CallFailed = "call.failed",
        /// A call: declined.
        CallDeclined = "call.declined",
        /// A call: no answer.
        CallNoAnswer = "call.no_answer",
        /// Location sharing: sharing started.
        LocationSharingStarted = "location.sharing.started",
        /// Location sharing: sharing stopped.
        LocationSharingStopped = "location.sharing.stopped",
        /// A payment: succeeded.
        PaymentSucceeded = "payment.succeeded",
        /// A payment: canceled.
        PaymentCanceled = "payment.canceled",
        /// A payment: expired.
        PaymentExpired = "payment.expired",
        /// A payment: declined.
        PaymentDeclined = "payment.declined",
        /// A payment: authorized.
        PaymentAuthorized = "payment.authorized",
        /// A payment connection: created.
        ConnectionCreated = "connection.created",
        /// A payment connection: revoked.
        ConnectionRevoked = "connection.revoked",
        /// Zero-day retention: updated.
        ZeroDayRetentionUpdated = "zero_day_retention.updated",
        /// A line: forwarding updated.
        PhoneNumberForwardingUpdated = "phone_number.forwarding_updated",
        /// An environment: line moved.
        EnvironmentLineMoved = "environment.line_moved",
        /// A contact card: created.
        ContactCardCreated = "contact_card.created",
        /// A contact card: updated.
        ContactCardUpdated = "contact_card.updated",
        /// A contact card: deleted.
        ContactCardDeleted = "contact_card.deleted",
        /// An API token: created.
        ApiTokenCreated = "api_token.created",
        /// An API token: renamed.
        ApiTokenRenamed = "api_token.renamed",
        /// An API token: expiry scheduled.
        ApiTokenExpiryScheduled = "api_token.expiry_scheduled",
        /// An API token: expired.
        ApiTokenExpired = "api_token.expired",
        /// An API token: activated.
        ApiTokenActivated = "api_token.activated",
        /// An API token: deleted.
        ApiTokenDeleted = "api_token.deleted",
        /// An environment: created.
        EnvironmentCreated = "environment.created",
        /// An environment: renamed.
        EnvironmentRenamed = "environment.renamed",
        /// An environment: deleted.
        EnvironmentDeleted = "environment.deleted",
        /// A webhook subscription: created.
        WebhookSubscriptionCreated = "webhook_subscription.created",
        /// A webhook subscription: deleted.
        WebhookSubscriptionDeleted = "webhook_subscription.deleted",
        /// A webhook subscription: target url changed.
        WebhookSubscriptionTargetUrlChanged = "webhook_subscription.target_url_changed",
        /// A webhook subscription: enabled.
        WebhookSubscriptionEnabled = "webhook_subscription.enabled",
        /// A webhook subscription: disabled.
        WebhookSubscriptionDisabled = "webhook_subscription.disabled",
        /// A webhook subscription: events updated.
        WebhookSubscriptionEventsUpdated = "webhook_subscription.events.updated",
        /// A webhook subscription: phone numbers updated.
        WebhookSubscriptionPhoneNumbersUpdated = "webhook_subscription.phone_numbers.updated",
        /// A webhook subscription: routing headers set.
        WebhookSubscriptionRoutingHeadersSet = "webhook_subscription.routing_headers_set",
        /// A webhook subscription: routing headers cleared.
        WebhookSubscriptionRoutingHeadersCleared = "webhook_subscription.routing_headers_cleared",
        /// A team member: added.
        TeamMemberAdded = "team_member.added",
        /// A team member: signed in.
        TeamMemberSignedIn = "team_member.signed_in",
        /// A team member: signed out.
        TeamMemberSignedOut = "team_member.signed_out",
    }
}
