//! Installed experiences and their actions: `/v3/experiences`.
//!
//! To run an action, send a message with a [`RunExperience`](crate::parts::RunExperience).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The response to listing experiences.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExperienceListResponse {
    /// The [experiences](Experience) of the account. The list is complete: it has no pages.
    #[serde(default, deserialize_with = "crate::list::identifying")]
    pub experiences: Vec<Experience>,
}

/// An installed experience.
#[doc(alias = "ExperienceRetrieveResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Experience {
    /// The name, as used in [`RunExperience`](crate::parts::RunExperience).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experience: Option<String>,
    /// The display name; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The [actions](ExperienceAction) of the experience.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<ExperienceAction>,
}

/// An action of an experience.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExperienceAction {
    /// The name, as used in [`RunExperience`](crate::parts::RunExperience).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A human-readable description; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The [parameters](ExperienceActionField) of the action by name.
    #[serde(
        default,
        deserialize_with = "crate::list::map_or_empty",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub fields: BTreeMap<String, ExperienceActionField>,
}

/// A parameter of an action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExperienceActionField {
    /// The [type](ExperienceFieldType) of the value; `None` if the API does not report it.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ExperienceFieldType>,
    /// Whether the parameter is required; `None` means `false`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// The maximum value, or the maximum length of a text in characters; `None` if there is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
}

open_enum! {
    /// The type of a parameter of an action.
    pub enum ExperienceFieldType {
        /// A text.
        String = "string",
        /// An amount of money in cents.
        Cents = "cents",
        /// An integer.
        Int = "int",
        /// A URL.
        Url = "url",
    }
}
