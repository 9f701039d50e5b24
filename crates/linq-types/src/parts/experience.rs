use serde::{Deserialize, Serialize};

use crate::json::JsonObject;

/// What an installed experience is asked to do, in place of parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunExperience {
    /// The experience's name.
    pub name: String,
    /// The action to run.
    pub action: String,
    /// What the action is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<JsonObject>,
}

impl RunExperience {
    /// An action of an experience.
    pub fn new(name: impl Into<String>, action: impl Into<String>) -> Self {
        Self { name: name.into(), action: action.into(), params: None }
    }

    setters! {
        /// Sets what the action is given.
        params: JsonObject,
    }
}
