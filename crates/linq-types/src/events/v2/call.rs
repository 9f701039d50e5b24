use serde::{Deserialize, Serialize};

use super::{super::Direction, Id, Time};
use crate::Handle;

/// A call ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CallCompleted {
    /// The call's id; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The caller's handle; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Handle>,
    /// The handle that was called; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Handle>,
    /// The direction of the call; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// The final status, such as `completed`; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The type of call, such as `normal`; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_type: Option<String>,
    /// When the call started; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Time>,
    /// When the call ended; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Time>,
    /// The duration in seconds; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<u64>,
    /// The handle that answered; `None` if nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<Handle>,
    /// The number that the call was forwarded from; `None` if it was not forwarded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded_from: Option<Handle>,
    /// Whether the call went to voicemail; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voicemail: Option<bool>,
    /// Whether the call was recorded; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_recording: Option<bool>,
    /// The recording; `None` if the call was not recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_data: Option<Recording>,
}

/// The recording of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Recording {
    /// The recording's id; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The URL of the recording; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The duration in seconds; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<u64>,
    /// Whether the recording was transcribed; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcribed: Option<bool>,
    /// Whether the transcript is available; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript_available: Option<bool>,
    /// The transcript; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcription: Option<String>,
    /// A summary of the transcript; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
}
