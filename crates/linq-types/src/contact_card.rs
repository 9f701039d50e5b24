//! The name and picture that people see of a line: `/v3/contact_card`.

use serde::{Deserialize, Serialize};

use crate::Handle;

/// A card to set up: the body of `POST /v3/contact_card`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewContactCard {
    /// The line, in E.164 form.
    pub phone_number: Handle,
    /// The first name, or the only one.
    pub first_name: String,
    /// The last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Where the service gets the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

impl NewContactCard {
    /// A card of this line with this first name.
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
        /// Has the service get the picture there.
        image_url: String,
    }
}

/// Changes to a card: the body of `PATCH /v3/contact_card`. What is left out keeps its value.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UpdateContactCard {
    /// The first name, or the only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Where the service gets the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

impl UpdateContactCard {
    /// No changes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Sets the first name.
        first_name: String,
        /// Sets the last name.
        last_name: String,
        /// Has the service get the picture there.
        image_url: String,
    }
}

/// Which cards to get: the query of `GET /v3/contact_card`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContactCardRetrieveParams {
    /// Only the card of this line, in E.164 form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<Handle>,
}

impl ContactCardRetrieveParams {
    /// The cards of all lines.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Gets the card of this line only.
        phone_number: Handle,
    }
}

/// The cards asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContactCardRetrieveResponse {
    /// One card for each line that has one: this list has no pages.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub contact_cards: Vec<ContactCard>,
}

/// The card of a line.
#[doc(alias = "SetContactCard")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContactCard {
    /// The line, in E.164 form.
    pub phone_number: Handle,
    /// The first name, or the only one.
    pub first_name: String,
    /// Whether the card is in force. A new one can take a while.
    pub is_active: bool,
    /// The last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Where the picture can be downloaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}
