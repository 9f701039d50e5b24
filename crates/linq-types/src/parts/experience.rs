use serde::{Deserialize, Serialize};

use crate::json::JsonObject;

/// An action of an installed experience to run, instead of message parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RunExperience {
    /// The name of the [experience](crate::experiences::Experience).
    pub name: String,
    /// The name of the [action](crate::experiences::ExperienceAction).
    pub action: String,
    /// The parameters of the action; `None` passes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<JsonObject>,
}

impl RunExperience {
    /// Creates a run of an action of an experience, without parameters.
    pub fn new(name: impl Into<String>, action: impl Into<String>) -> Self {
        Self { name: name.into(), action: action.into(), params: None }
    }

    setters! {
        /// Sets the parameters of the action.
        params: JsonObject,
    }
}
