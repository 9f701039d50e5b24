//! What experiences can do: `/v3/experiences`.
//!
//! An experience is run by sending a message with [`parts::RunExperience`](crate::parts::RunExperience) in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The experiences that your account has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExperienceListResponse {
    /// The experiences, all of them: this list has no pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiences: Option<Vec<Experience>>,
}

/// An experience, and the actions it offers.
#[doc(alias = "ExperienceRetrieveResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Experience {
    /// The name to run it by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experience: Option<String>,
    /// The name that people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it can do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<ExperienceAction>>,
}

/// Something that an experience can do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExperienceAction {
    /// The name to run it by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it does, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The parameters it takes, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<BTreeMap<String, ExperienceActionField>>,
}

/// A parameter of an action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExperienceActionField {
    /// What its value is.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ExperienceFieldType>,
    /// Whether it must be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// The largest value, or the greatest length of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
}

open_enum! {
    /// What the value of an action's parameter is.
    pub enum ExperienceFieldType {
        /// Text.
        String = "string",
        /// An amount of money, in cents.
        Cents = "cents",
        /// A whole number.
        Int = "int",
        /// An address on the web.
        Url = "url",
    }
}
