open_enum! {
    /// What a webhook event is about: every type that can be subscribed to.
    ///
    /// Each has a payload type of its name in [`EventData`](super::EventData), but for the `call.*` types: the
    /// service does not document theirs.
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
        /// A text part of a message was edited.
        MessageEdited = "message.edited",
        /// A reaction was put on a message.
        ReactionAdded = "reaction.added",
        /// A reaction was taken off a message.
        ReactionRemoved = "reaction.removed",
        /// Somebody sent a poll to a line of yours.
        PollReceived = "poll.received",
        /// A poll of yours could not be sent.
        PollFailed = "poll.failed",
        /// A poll of yours left the line.
        PollSent = "poll.sent",
        /// A poll of yours reached the other device.
        PollDelivered = "poll.delivered",
        /// Somebody read a poll of yours.
        PollRead = "poll.read",
        /// Options were added to a poll.
        PollUpdated = "poll.updated",
        /// An option of a poll was voted for.
        PollVoteAdded = "poll.vote.added",
        /// A vote for an option of a poll was taken back.
        PollVoteRemoved = "poll.vote.removed",
        /// A reaction was put on a poll.
        PollReactionAdded = "poll.reaction.added",
        /// Somebody joined a group.
        ParticipantAdded = "participant.added",
        /// Somebody left a group or was removed from it.
        ParticipantRemoved = "participant.removed",
        /// A chat was opened.
        ChatCreated = "chat.created",
        /// A group got another name.
        ChatGroupNameUpdated = "chat.group_name_updated",
        /// A group got another picture.
        ChatGroupIconUpdated = "chat.group_icon_updated",
        /// A group did not get the name you asked for.
        ChatGroupNameUpdateFailed = "chat.group_name_update_failed",
        /// A group did not get the picture you asked for.
        ChatGroupIconUpdateFailed = "chat.group_icon_update_failed",
        /// The background of a chat was changed or taken away.
        ChatBackgroundUpdated = "chat.background_updated",
        /// A chat did not get the background you asked for.
        ChatBackgroundUpdateFailed = "chat.background_update_failed",
        /// Somebody began to type.
        ChatTypingIndicatorStarted = "chat.typing_indicator.started",
        /// Somebody stopped typing.
        ChatTypingIndicatorStopped = "chat.typing_indicator.stopped",
        /// A line was flagged, or is no longer, or its reputation changed.
        PhoneNumberStatusUpdated = "phone_number.status_updated",
        /// A line was given to your account.
        PhoneNumberAssigned = "phone_number.assigned",
        /// A line was taken from your account.
        PhoneNumberReleased = "phone_number.released",
        /// Somebody shared their name and picture with a line of yours.
        ContactCardReceived = "contact_card.received",
        /// A call was begun.
        CallInitiated = "call.initiated",
        /// A call rings.
        CallRinging = "call.ringing",
        /// A call was answered.
        CallAnswered = "call.answered",
        /// A call is over.
        CallEnded = "call.ended",
        /// A call did not come about.
        CallFailed = "call.failed",
        /// A call was declined.
        CallDeclined = "call.declined",
        /// Nobody answered a call.
        CallNoAnswer = "call.no_answer",
        /// Somebody began to share where they are.
        LocationSharingStarted = "location.sharing.started",
        /// Somebody no longer shares where they are.
        LocationSharingStopped = "location.sharing.stopped",
        /// Money that was asked for is paid.
        PaymentSucceeded = "payment.succeeded",
        /// A payment was called off.
        PaymentCanceled = "payment.canceled",
        /// A payment was not made in time.
        PaymentExpired = "payment.expired",
        /// A payment was refused.
        PaymentDeclined = "payment.declined",
        /// The amount of a payment was set aside.
        PaymentAuthorized = "payment.authorized",
        /// Somebody is connected, so that payments can be made for them.
        ConnectionCreated = "connection.created",
        /// Somebody is no longer connected for payments.
        ConnectionRevoked = "connection.revoked",
        /// Zero-day retention, by which the service keeps no content, was turned on or off.
        ZeroDayRetentionUpdated = "zero_day_retention.updated",
        /// The number that a line forwards calls to was set, changed or cleared.
        PhoneNumberForwardingUpdated = "phone_number.forwarding_updated",
        /// A line was moved to another environment.
        EnvironmentLineMoved = "environment.line_moved",
        /// A line got a contact card.
        ContactCardCreated = "contact_card.created",
        /// A line's contact card was changed.
        ContactCardUpdated = "contact_card.updated",
        /// A line's contact card was deleted.
        ContactCardDeleted = "contact_card.deleted",
        /// An API token was made.
        ApiTokenCreated = "api_token.created",
        /// An API token got another name.
        ApiTokenRenamed = "api_token.renamed",
        /// An API token was given a time when it expires.
        ApiTokenExpiryScheduled = "api_token.expiry_scheduled",
        /// An API token expired.
        ApiTokenExpired = "api_token.expired",
        /// An API token came into force.
        ApiTokenActivated = "api_token.activated",
        /// An API token was deleted.
        ApiTokenDeleted = "api_token.deleted",
        /// An environment was made.
        EnvironmentCreated = "environment.created",
        /// An environment got another name.
        EnvironmentRenamed = "environment.renamed",
        /// An environment was deleted.
        EnvironmentDeleted = "environment.deleted",
        /// A webhook subscription was made.
        WebhookSubscriptionCreated = "webhook_subscription.created",
        /// A webhook subscription was deleted.
        WebhookSubscriptionDeleted = "webhook_subscription.deleted",
        /// The events of a webhook subscription go to another address.
        WebhookSubscriptionTargetUrlChanged = "webhook_subscription.target_url_changed",
        /// A webhook subscription delivers events again.
        WebhookSubscriptionEnabled = "webhook_subscription.enabled",
        /// A webhook subscription delivers no more events.
        WebhookSubscriptionDisabled = "webhook_subscription.disabled",
        /// A webhook subscription wants other event types.
        WebhookSubscriptionEventsUpdated = "webhook_subscription.events.updated",
        /// A webhook subscription is for other lines.
        WebhookSubscriptionPhoneNumbersUpdated = "webhook_subscription.phone_numbers.updated",
        /// A webhook subscription names headers for delivery affinity.
        WebhookSubscriptionRoutingHeadersSet = "webhook_subscription.routing_headers_set",
        /// A webhook subscription no longer names headers for delivery affinity.
        WebhookSubscriptionRoutingHeadersCleared = "webhook_subscription.routing_headers_cleared",
        /// Somebody joined the team.
        TeamMemberAdded = "team_member.added",
        /// Somebody of the team signed in.
        TeamMemberSignedIn = "team_member.signed_in",
        /// Somebody of the team signed out.
        TeamMemberSignedOut = "team_member.signed_out",
    }
}
