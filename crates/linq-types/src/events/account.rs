use serde::{Deserialize, Serialize};

use super::{EventType, table::event_payloads};
use crate::{
    ActorId, ApiTokenId, ContactCardId, Handle, TeamMemberId, Timestamp, WebhookSubscriptionId, json::RawJson,
};

/// Something about your account changed: who did it, when, and what it was about.
///
/// All events of accounts share this shape; of the things it can be about, each event has the one its name tells.
/// They can come in another order than they happened: go by [`occurred_at`](Self::occurred_at).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountEvent {
    /// Who did it.
    pub actor: AccountActor,
    /// When.
    pub occurred_at: Timestamp,
    /// Where it was done.
    pub origin: AccountOrigin,
    /// A sentence for people.
    pub summary: String,
    /// What it was before and what it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Box<AccountChange>>,
    /// The API token it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_token: Option<AccountApiToken>,
    /// The contact card it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_card: Option<AccountContactCard>,
    /// The environment it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<AccountEnvironment>,
    /// The team member it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_member: Option<AccountTeamMember>,
    /// The webhook subscription it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_subscription: Option<AccountWebhookSubscription>,
    /// The line it is about, in E.164 form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<Handle>,
    /// How many lines were moved to production with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines_moved_to_production: Option<u64>,
    /// How many API tokens were revoked with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_revoked: Option<u64>,
    /// How somebody signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<SignInMethod>,
}

/// Who changed something about your account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountActor {
    /// What they are.
    #[serde(rename = "type")]
    pub kind: AccountActorType,
    /// Their id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ActorId>,
    /// Their email address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

open_enum! {
    /// What can change something about your account.
    pub enum AccountActorType {
        /// Somebody of your team.
        TeamMember = "team_member",
        /// A request with an API token.
        Api = "api",
        /// The service, by itself.
        System = "system",
        /// The service cannot tell: this is a value of its own, unlike [`Unknown`](Self::Unknown).
        Unidentified = "unknown",
    }
}

open_enum! {
    /// Where something about your account was changed.
    pub enum AccountOrigin {
        /// In the dashboard.
        Dashboard = "dashboard",
        /// Through the API.
        Api = "api",
        /// At Linq.
        Linq = "linq",
    }
}

/// What something was before and what it is now.
///
/// Most events have [`from`](Self::from) and [`to`](Self::to). [`ContactCardUpdated`] has the others, those of them
/// that changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountChange {
    /// The value before: a text, a switch or a list, according to what changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<RawJson>,
    /// The value now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<RawJson>,
    /// The first name on a contact card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<TextChange>,
    /// The last name on a contact card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<TextChange>,
    /// The address of the picture on a contact card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<TextChange>,
}

/// What a text was before and what it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TextChange {
    /// The text before, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The text now, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// An API token, without the token itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountApiToken {
    /// The API token's id.
    pub id: ApiTokenId,
    /// Its first characters, by which people recognise it.
    pub token_prefix: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When it expires; absent if it never does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// The contact card of a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountContactCard {
    /// The contact card's id.
    pub id: ContactCardId,
    /// The first name, or the only one.
    pub first_name: String,
    /// The last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Where the picture can be downloaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

/// An environment of your account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountEnvironment {
    /// Its name.
    pub name: String,
    /// What this is: `environment`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// Somebody of your team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountTeamMember {
    /// The team member's id.
    pub id: TeamMemberId,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What they are in the team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<TeamMemberRole>,
}

open_enum! {
    /// What somebody is in your team.
    pub enum TeamMemberRole {
        /// An administrator.
        Admin = "admin",
        /// A manager.
        Manager = "manager",
        /// An ordinary member.
        Member = "member",
    }
}

/// A webhook subscription of your account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountWebhookSubscription {
    /// The webhook subscription's id.
    pub id: WebhookSubscriptionId,
    /// The events wanted.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventType>,
    /// Where events are posted to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_url: Option<String>,
}

open_enum! {
    /// How somebody signs in to the dashboard.
    pub enum SignInMethod {
        /// With a code that was sent to them.
        Code = "code",
        /// Through their company's sign-in.
        Sso = "sso",
        /// With Google.
        Google = "google",
        /// With Apple.
        Apple = "apple",
        /// With LinkedIn.
        LinkedIn = "linkedin",
    }
}

event_payloads! {
    AccountEvent: {
        /// Zero-day retention, by which the service keeps no content, was turned on or off.
        #[doc(alias = "ZeroDayRetentionUpdatedWebhookEvent")]
        ZeroDayRetentionUpdated;
        /// The number that a line forwards calls to was set, changed or cleared.
        #[doc(alias = "PhoneNumberForwardingUpdatedWebhookEvent")]
        PhoneNumberForwardingUpdated;
        /// A line was moved to another environment.
        #[doc(alias = "EnvironmentLineMovedWebhookEvent")]
        EnvironmentLineMoved;
        /// A line got a contact card.
        #[doc(alias = "ContactCardCreatedWebhookEvent")]
        ContactCardCreated;
        /// A line's contact card was changed. The names and the picture have a change each: see [`AccountChange`].
        #[doc(alias = "ContactCardUpdatedWebhookEvent")]
        ContactCardUpdated;
        /// A line's contact card was deleted.
        #[doc(alias = "ContactCardDeletedWebhookEvent")]
        ContactCardDeleted;
        /// An API token was made.
        #[doc(alias = "APITokenCreatedWebhookEvent")]
        ApiTokenCreated;
        /// An API token got another name.
        #[doc(alias = "APITokenRenamedWebhookEvent")]
        ApiTokenRenamed;
        /// An API token was given a time when it expires.
        #[doc(alias = "APITokenExpiryScheduledWebhookEvent")]
        ApiTokenExpiryScheduled;
        /// An API token expired: it is of no use any more.
        #[doc(alias = "APITokenExpiredWebhookEvent")]
        ApiTokenExpired;
        /// An API token came into force.
        #[doc(alias = "APITokenActivatedWebhookEvent")]
        ApiTokenActivated;
        /// An API token was deleted: it is of no use any more.
        #[doc(alias = "APITokenDeletedWebhookEvent")]
        ApiTokenDeleted;
        /// An environment was made.
        #[doc(alias = "EnvironmentCreatedWebhookEvent")]
        EnvironmentCreated;
        /// An environment got another name.
        #[doc(alias = "EnvironmentRenamedWebhookEvent")]
        EnvironmentRenamed;
        /// An environment was deleted, perhaps with its tokens: see [`tokens_revoked`](AccountEvent::tokens_revoked).
        #[doc(alias = "EnvironmentDeletedWebhookEvent")]
        EnvironmentDeleted;
        /// A webhook subscription was made.
        #[doc(alias = "WebhookSubscriptionCreatedWebhookEvent")]
        WebhookSubscriptionCreated;
        /// A webhook subscription was deleted.
        #[doc(alias = "WebhookSubscriptionDeletedWebhookEvent")]
        WebhookSubscriptionDeleted;
        /// The events of a webhook subscription go to another address.
        #[doc(alias = "WebhookSubscriptionTargetURLChangedWebhookEvent")]
        WebhookSubscriptionTargetUrlChanged;
        /// A webhook subscription delivers events again.
        #[doc(alias = "WebhookSubscriptionEnabledWebhookEvent")]
        WebhookSubscriptionEnabled;
        /// A webhook subscription delivers no more events.
        #[doc(alias = "WebhookSubscriptionDisabledWebhookEvent")]
        WebhookSubscriptionDisabled;
        /// A webhook subscription wants other event types.
        #[doc(alias = "WebhookSubscriptionEventsUpdatedWebhookEvent")]
        WebhookSubscriptionEventsUpdated;
        /// A webhook subscription is for other lines.
        #[doc(alias = "WebhookSubscriptionPhoneNumbersUpdatedWebhookEvent")]
        WebhookSubscriptionPhoneNumbersUpdated;
        /// A webhook subscription names headers for delivery affinity.
        #[doc(alias = "WebhookSubscriptionRoutingHeadersSetWebhookEvent")]
        WebhookSubscriptionRoutingHeadersSet;
        /// A webhook subscription no longer names headers for delivery affinity.
        #[doc(alias = "WebhookSubscriptionRoutingHeadersClearedWebhookEvent")]
        WebhookSubscriptionRoutingHeadersCleared;
        /// Somebody joined the team.
        #[doc(alias = "TeamMemberAddedWebhookEvent")]
        TeamMemberAdded;
        /// Somebody of the team signed in: [`method`](AccountEvent::method) says how.
        #[doc(alias = "TeamMemberSignedInWebhookEvent")]
        TeamMemberSignedIn;
        /// Somebody of the team signed out.
        #[doc(alias = "TeamMemberSignedOutWebhookEvent")]
        TeamMemberSignedOut;
    }
}
