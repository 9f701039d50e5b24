use serde::{Deserialize, Serialize};

use super::{EventType, table::event_payloads};
use crate::{
    ActorId, ApiTokenId, ContactCardId, Handle, TeamMemberId, Timestamp, WebhookSubscriptionId, json::RawJson,
};

/// A change to your account: who made it, when, and to what.
///
/// All account events share this shape; each has the object that its name tells. Events can arrive out of order:
/// sort them by [`occurred_at`](Self::occurred_at).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountEvent {
    /// Who made the change; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<AccountActor>,
    /// When the change was made; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Timestamp>,
    /// Where the change was made; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<AccountOrigin>,
    /// A description of the change for display; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The values before and after the change; `None` if the event has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Box<AccountChange>>,
    /// The API token that changed; `None` for changes of other objects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_token: Option<AccountApiToken>,
    /// The contact card that changed; `None` for changes of other objects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_card: Option<AccountContactCard>,
    /// The environment that changed; `None` for changes of other objects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<AccountEnvironment>,
    /// The team member that changed; `None` for changes of other objects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_member: Option<AccountTeamMember>,
    /// The webhook subscription that changed; `None` for changes of other objects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_subscription: Option<AccountWebhookSubscription>,
    /// The line that changed, in E.164 format; `None` for changes of other objects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<Handle>,
    /// The number of lines that were moved to production by the change; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines_moved_to_production: Option<u64>,
    /// The number of API tokens that were revoked by the change; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_revoked: Option<u64>,
    /// The method of the sign-in; `None` except in [`TeamMemberSignedIn`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<SignInMethod>,
}

/// The actor that made a change to your account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountActor {
    /// The type of actor; `None` if the event does not have it.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AccountActorType>,
    /// The actor's id; `None` if the actor has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ActorId>,
    /// The actor's email address; `None` if the actor has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The actor's name; `None` if the actor has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

open_enum! {
    /// The type of an actor that changes your account.
    pub enum AccountActorType {
        /// A member of your team.
        TeamMember = "team_member",
        /// A request with an API token.
        Api = "api",
        /// The service itself.
        System = "system",
        /// An actor that the service cannot identify; unlike [`Unknown`](Self::Unknown), this is a documented value.
        Unidentified = "unknown",
    }
}

open_enum! {
    /// The place where a change to your account was made.
    pub enum AccountOrigin {
        /// The dashboard.
        Dashboard = "dashboard",
        /// The API.
        Api = "api",
        /// Linq's own systems.
        Linq = "linq",
    }
}

/// The values before and after a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountChange {
    /// The value before: a string, a boolean or an array, depending on the event; `None` if there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<RawJson>,
    /// The value after; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<RawJson>,
    /// The change of a contact card's first name; `None` if it did not change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<TextChange>,
    /// The change of a contact card's last name; `None` if it did not change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<TextChange>,
    /// The change of a contact card's image URL; `None` if it did not change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<TextChange>,
}

/// A string before and after a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TextChange {
    /// The string before; `None` if there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The string after; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// An API token, without its secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountApiToken {
    /// The API token's id.
    pub id: ApiTokenId,
    /// The first characters of the token, for display; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_prefix: Option<String>,
    /// The API token's name; `None` if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When the API token expires; `None` if it does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// The contact card of a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountContactCard {
    /// The contact card's id.
    pub id: ContactCardId,
    /// The first name, or the only name; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The last name; `None` if the card has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The URL of the image; `None` if the card has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

/// An environment of your account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountEnvironment {
    /// The environment's name; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The type of the object: `environment`; `None` if the event does not have it.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// A member of your team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountTeamMember {
    /// The team member's id.
    pub id: TeamMemberId,
    /// The team member's name; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The team member's role; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<TeamMemberRole>,
}

open_enum! {
    /// The role of a team member.
    pub enum TeamMemberRole {
        /// An administrator.
        Admin = "admin",
        /// A manager.
        Manager = "manager",
        /// A regular member.
        Member = "member",
    }
}

/// A webhook subscription of your account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountWebhookSubscription {
    /// The webhook subscription's id.
    pub id: WebhookSubscriptionId,
    /// The event types that the subscription subscribes to; empty if the event does not have them.
    #[serde(default, deserialize_with = "crate::list::identifying", skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventType>,
    /// The URL that events are posted to; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_url: Option<String>,
}

open_enum! {
    /// A method to sign in to the dashboard.
    pub enum SignInMethod {
        /// A one-time code.
        Code = "code",
        /// Single sign-on.
        Sso = "sso",
        /// A Google account.
        Google = "google",
        /// An Apple account.
        Apple = "apple",
        /// A LinkedIn account.
        LinkedIn = "linkedin",
    }
}

event_payloads! {
    AccountEvent: {
        /// Zero-day retention, with which the service does not retain content, was turned on or off.
        #[doc(alias = "ZeroDayRetentionUpdatedWebhookEvent")]
        ZeroDayRetentionUpdated;
        /// The forwarding number of a line was set, changed or cleared.
        #[doc(alias = "PhoneNumberForwardingUpdatedWebhookEvent")]
        PhoneNumberForwardingUpdated;
        /// A line was moved to another environment.
        #[doc(alias = "EnvironmentLineMovedWebhookEvent")]
        EnvironmentLineMoved;
        /// A contact card was created for a line.
        #[doc(alias = "ContactCardCreatedWebhookEvent")]
        ContactCardCreated;
        /// The contact card of a line was updated. [`AccountChange`] has a field for each value that can change.
        #[doc(alias = "ContactCardUpdatedWebhookEvent")]
        ContactCardUpdated;
        /// The contact card of a line was deleted.
        #[doc(alias = "ContactCardDeletedWebhookEvent")]
        ContactCardDeleted;
        /// An API token was created.
        #[doc(alias = "APITokenCreatedWebhookEvent")]
        ApiTokenCreated;
        /// An API token was renamed.
        #[doc(alias = "APITokenRenamedWebhookEvent")]
        ApiTokenRenamed;
        /// The expiry of an API token was scheduled.
        #[doc(alias = "APITokenExpiryScheduledWebhookEvent")]
        ApiTokenExpiryScheduled;
        /// An API token expired and is no longer accepted.
        #[doc(alias = "APITokenExpiredWebhookEvent")]
        ApiTokenExpired;
        /// An API token was activated.
        #[doc(alias = "APITokenActivatedWebhookEvent")]
        ApiTokenActivated;
        /// An API token was deleted and is no longer accepted.
        #[doc(alias = "APITokenDeletedWebhookEvent")]
        ApiTokenDeleted;
        /// An environment was created.
        #[doc(alias = "EnvironmentCreatedWebhookEvent")]
        EnvironmentCreated;
        /// An environment was renamed.
        #[doc(alias = "EnvironmentRenamedWebhookEvent")]
        EnvironmentRenamed;
        /// An environment was deleted. [`tokens_revoked`](AccountEvent::tokens_revoked) counts its revoked API
        /// tokens.
        #[doc(alias = "EnvironmentDeletedWebhookEvent")]
        EnvironmentDeleted;
        /// A webhook subscription was created.
        #[doc(alias = "WebhookSubscriptionCreatedWebhookEvent")]
        WebhookSubscriptionCreated;
        /// A webhook subscription was deleted.
        #[doc(alias = "WebhookSubscriptionDeletedWebhookEvent")]
        WebhookSubscriptionDeleted;
        /// The target URL of a webhook subscription changed.
        #[doc(alias = "WebhookSubscriptionTargetURLChangedWebhookEvent")]
        WebhookSubscriptionTargetUrlChanged;
        /// A webhook subscription was enabled.
        #[doc(alias = "WebhookSubscriptionEnabledWebhookEvent")]
        WebhookSubscriptionEnabled;
        /// A webhook subscription was disabled.
        #[doc(alias = "WebhookSubscriptionDisabledWebhookEvent")]
        WebhookSubscriptionDisabled;
        /// The event types of a webhook subscription changed.
        #[doc(alias = "WebhookSubscriptionEventsUpdatedWebhookEvent")]
        WebhookSubscriptionEventsUpdated;
        /// The lines of a webhook subscription changed.
        #[doc(alias = "WebhookSubscriptionPhoneNumbersUpdatedWebhookEvent")]
        WebhookSubscriptionPhoneNumbersUpdated;
        /// The routing headers of a webhook subscription, for delivery affinity, were set.
        #[doc(alias = "WebhookSubscriptionRoutingHeadersSetWebhookEvent")]
        WebhookSubscriptionRoutingHeadersSet;
        /// The routing headers of a webhook subscription were cleared.
        #[doc(alias = "WebhookSubscriptionRoutingHeadersClearedWebhookEvent")]
        WebhookSubscriptionRoutingHeadersCleared;
        /// A team member was added.
        #[doc(alias = "TeamMemberAddedWebhookEvent")]
        TeamMemberAdded;
        /// A team member signed in. [`method`](AccountEvent::method) is the method of the sign-in.
        #[doc(alias = "TeamMemberSignedInWebhookEvent")]
        TeamMemberSignedIn;
        /// A team member signed out.
        #[doc(alias = "TeamMemberSignedOutWebhookEvent")]
        TeamMemberSignedOut;
    }
}
