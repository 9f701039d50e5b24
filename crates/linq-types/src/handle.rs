use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, value::MapAccessDeserializer},
};

use crate::{HandleId, Service, Timestamp};

id! {
    /// The address of a person or a line: a phone number in E.164 form (`+12025550100`) or an email address.
    ///
    /// The API does not normalize phone numbers: they have a leading `+` and no spaces or punctuation. Senders of inbound
    /// messages can also be short codes or alphanumeric names.
    Handle;
}

open_enum! {
    /// The status of a participant of a chat.
    pub enum HandleStatus {
        /// The participant is in the chat.
        Active = "active",
        /// The participant left the chat.
        Left = "left",
        /// The participant was removed from the chat.
        Removed = "removed",
    }
}

open_enum! {
    /// The type of a line.
    pub enum LineType {
        /// An iMessage line.
        IMessage = "iMessage",
        /// An RCS line.
        Rcs = "RCS",
    }
}

/// A participant of a chat: one of your lines or another person.
///
/// The address alone, as a JSON string, reads as a participant without other fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct ChatHandle {
    /// The id of the membership in this chat; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<HandleId>,
    /// The phone number or email address.
    pub handle: Handle,
    /// The [service](Service) that the participant is reached by; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// When the participant joined; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<Timestamp>,
    /// Whether the participant is your line; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_me: Option<bool>,
    /// The [status](HandleStatus) in the chat; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<HandleStatus>,
    /// When the participant left or was removed; `None` if it is in the chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Timestamp>,
    /// The [type](LineType) of the line; `None` for other people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_type: Option<LineType>,
}

impl Serialize for ChatHandle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for ChatHandle {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = ChatHandle;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a handle: an object or a string")
            }

            fn visit_str<E>(self, handle: &str) -> Result<ChatHandle, E> {
                Ok(ChatHandle {
                    id: None,
                    handle: handle.into(),
                    service: None,
                    joined_at: None,
                    is_me: None,
                    status: None,
                    left_at: None,
                    line_type: None,
                })
            }

            #[inline]
            fn visit_map<A: de::MapAccess<'de>>(self, fields: A) -> Result<ChatHandle, A::Error> {
                ChatHandle::deserialize(MapAccessDeserializer::new(fields))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
