use serde::{Deserialize, Serialize};

use super::{super::table::event_payloads, Id, Time};
use crate::Handle;

/// A contact in your address book.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Contact {
    /// The contact's id; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The first name; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The last name; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The first and last name; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// The email address; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The phone number; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<Handle>,
    /// The company; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// The job title; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The contact's location; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The URL of the contact's image; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// The team member who owns the contact; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_owner: Option<ContactOwner>,
    /// When the contact was created; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Time>,
    /// When the contact was last updated; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Time>,
}

/// The team member who owns a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContactOwner {
    /// The team member's id; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The email address; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The first name; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The last name; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The first and last name; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

event_payloads! {
    Contact: {
        /// A contact was added to your address book.
        ContactCreated;
        /// A contact was updated.
        ContactUpdated;
    }
}

/// A contact was deleted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContactDeleted {
    /// The contact's id; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
}
