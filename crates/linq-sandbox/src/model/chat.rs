use std::collections::BTreeSet;

use linq_types::{
    ChatId, Handle, HealthStatusKind, MessageId, Service, TraceId, backgrounds::Background, error::ErrorCode,
    events::EventType,
};

use super::{location::Sharing, timeline::Timeline};
use crate::{clock::Moment, error::ApiError};

/// The key of a chat: the line and the other members.
pub(crate) type ChatKey = (Handle, BTreeSet<Handle>);

pub(crate) struct Chat {
    pub(crate) id: ChatId,
    /// Your line first, then the others in the order in which they joined, including former members.
    pub(crate) members: Vec<Member>,
    pub(crate) line: Handle,
    /// Set for renamed groups only.
    pub(crate) display_name: Option<String>,
    pub(crate) icon: Option<String>,
    pub(crate) background: Option<Background>,
    pub(crate) service: Service,
    pub(crate) health: Health,
    pub(crate) messages: Timeline,
    /// The number of the messages that the line sent.
    pub(crate) sent_by_line: u64,
    /// The messages of people that the line has not read.
    pub(crate) unread: Vec<MessageId>,
    /// When the typing indicator of the line ends.
    pub(crate) typing_until: Option<Moment>,
    pub(crate) card_shared_at: Option<Moment>,
    pub(crate) location_requested_at: Option<Moment>,
    pub(crate) sharings: Vec<Sharing>,
    /// The code that the next change of name, icon or background fails with.
    pub(crate) next_failure: Option<ErrorCode>,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
}

pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) handle: Handle,
    pub(crate) is_me: bool,
    pub(crate) joined_at: Moment,
    pub(crate) departure: Option<Departure>,
}

/// How and when a member left.
#[derive(Clone, Copy)]
pub(crate) struct Departure {
    pub(crate) removed: bool,
    pub(crate) at: Moment,
}

pub(crate) struct Health {
    pub(crate) status: HealthStatusKind,
    pub(crate) updated_at: Moment,
}

impl Member {
    pub(crate) fn is_active(&self) -> bool {
        self.departure.is_none()
    }

    pub(crate) fn status(&self) -> &'static str {
        match self.departure {
            None => "active",
            Some(Departure { removed: false, .. }) => "left",
            Some(Departure { removed: true, .. }) => "removed",
        }
    }
}

impl Chat {
    pub(crate) fn is_group(&self) -> bool {
        self.members.len() > 2
    }

    /// Returns a current or former member.
    pub(crate) fn member(&self, handle: &Handle) -> Option<&Member> {
        self.members.iter().find(|member| member.handle == *handle)
    }

    /// Returns the current members without your line.
    pub(crate) fn others(&self) -> Vec<Handle> {
        let others = self.members.iter().filter(|member| !member.is_me && member.is_active());
        others.map(|member| member.handle.clone()).collect()
    }

    pub(crate) fn active_members(&self) -> usize {
        self.members.iter().filter(|member| member.is_active()).count()
    }

    /// Returns `true` if your line is still a member.
    pub(crate) fn is_active(&self) -> bool {
        self.member(&self.line).is_some_and(Member::is_active)
    }

    /// Returns `true` if this person is a current member.
    pub(crate) fn has(&self, person: &Handle) -> bool {
        self.member(person).is_some_and(|member| !member.is_me && member.is_active())
    }

    pub(crate) fn set_health(&mut self, now: Moment, status: HealthStatusKind) {
        if self.health.status != status {
            self.health = Health { status, updated_at: now };
        }
    }

    /// Rejects operations that require iMessage.
    pub(crate) fn check_imessage(&self) -> Result<(), ApiError> {
        if self.service == Service::IMessage {
            return Ok(());
        }
        Err(ApiError::new(
            ErrorCode::SERVICE_NOT_SUPPORTED,
            format!("this is possible on iMessage only; the chat is on {}", self.service),
        ))
    }

    pub(crate) fn key(&self) -> ChatKey {
        (self.line.clone(), self.others().into_iter().collect())
    }
}

/// A requested change of a chat's name, icon or background.
#[derive(Debug, Clone)]
pub(crate) struct ChatUpdate {
    pub(crate) chat_id: ChatId,
    pub(crate) by: Handle,
    pub(crate) change: Change,
    pub(crate) trace_id: TraceId,
}

#[derive(Debug, Clone)]
pub(crate) enum Change {
    Name(String),
    /// The URL of the image.
    Icon(String),
    Background(Option<Background>),
}

impl Change {
    pub(crate) fn failed(&self) -> EventType {
        match self {
            Self::Name(_) => EventType::ChatGroupNameUpdateFailed,
            Self::Icon(_) => EventType::ChatGroupIconUpdateFailed,
            Self::Background(_) => EventType::ChatBackgroundUpdateFailed,
        }
    }
}
