//! Contact cards: the name and image that recipients see for a line (`/v3/contact_card`).

use serde::{Deserialize, Serialize};

use crate::Handle;

/// A contact card to create: the body of `POST /v3/contact_card`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NewContactCard {
    /// The phone number of the line, in E.164 form.
    pub phone_number: Handle,
    /// The first name, or the full name.
    pub first_name: String,
    /// The last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The URL that the API downloads the image from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

impl NewContactCard {
    /// Creates a contact card with this first name for a line.
    pub fn new(phone_number: impl Into<Handle>, first_name: impl Into<String>) -> Self {
        Self {
            phone_number: phone_number.into(),
            first_name: first_name.into(),
            last_name: None,
            image_url: None,
        }
    }

    setters! {
        /// Sets the last name.
        last_name: String,
        /// Sets the URL that the API downloads the image from.
        image_url: String,
    }
}

checks! {
    NewContactCard: phone_number;
}

/// Changes to a contact card: the body of `PATCH /v3/contact_card`. Fields that are not set keep their values.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UpdateContactCard {
    /// The first name, or the full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The URL that the API downloads the image from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

impl UpdateContactCard {
    /// Creates an update without changes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Sets the first name.
        first_name: String,
        /// Sets the last name.
        last_name: String,
        /// Sets the URL that the API downloads the image from.
        image_url: String,
    }
}

/// A selection of contact cards: the query of `GET /v3/contact_card`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ContactCardRetrieveParams {
    /// The phone number of the line, in E.164 form; `None` selects the contact cards of all lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<Handle>,
}

impl ContactCardRetrieveParams {
    /// Creates a selection of the contact cards of all lines.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Selects the contact card of this line only.
        phone_number: Handle,
    }
}

checks! {
    ContactCardRetrieveParams: phone_number;
}

/// The response to retrieving contact cards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContactCardRetrieveResponse {
    /// The [contact cards](ContactCard), one for each line that has one. The list is complete: it has no pages.
    #[serde(default, deserialize_with = "crate::list::identifying")]
    pub contact_cards: Vec<ContactCard>,
}

/// The contact card of a line.
#[doc(alias = "SetContactCard")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContactCard {
    /// The phone number of the line, in E.164 form.
    pub phone_number: Handle,
    /// The first name, or the full name; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Whether the contact card is active. A new one becomes active after some time. `None` if the API does not
    /// report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// The last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The URL to download the image from; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}
