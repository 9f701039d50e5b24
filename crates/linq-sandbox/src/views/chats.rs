use linq_types::{ChatId, HealthStatusKind, Service};
use serde::Serialize;

use super::handles::{HandleView, micros};
use crate::{clock::Moment, model::Chat};

#[derive(Serialize)]
pub(crate) struct HealthView {
    status: HealthStatusKind,
    doc_url: String,
    updated_at: Moment,
}

impl HealthView {
    pub(crate) fn new(chat: &Chat) -> Self {
        let status = chat.health.status.clone();
        let anchor = status.as_str().to_ascii_lowercase().replace('_', "-");
        Self {
            doc_url: format!("https://docs.linqapp.com/guides/chats/chat-health#{anchor}"),
            status,
            updated_at: chat.health.updated_at,
        }
    }
}

/// The fields that all responses about a chat have.
#[derive(Serialize)]
pub(crate) struct ChatView<'a> {
    id: &'a ChatId,
    display_name: Option<&'a str>,
    handles: Vec<HandleView<'a>>,
    health_status: HealthView,
    is_group: bool,
    service: &'a Service,
}

impl<'a> ChatView<'a> {
    pub(crate) fn new(chat: &'a Chat) -> Self {
        Self {
            id: &chat.id,
            display_name: chat.display_name.as_deref(),
            handles: chat.members.iter().map(|member| HandleView::new(chat, member)).collect(),
            health_status: HealthView::new(chat),
            is_group: chat.is_group(),
            service: &chat.service,
        }
    }
}

/// A chat in the response to its retrieval.
#[derive(Serialize)]
pub(crate) struct FullChatView<'a> {
    id: &'a ChatId,
    display_name: String,
    handles: Vec<HandleView<'a>>,
    health_status: HealthView,
    is_group: bool,
    is_archived: bool,
    service: &'a Service,
    group_chat_icon: Option<&'a str>,
    #[serde(serialize_with = "micros")]
    created_at: Moment,
    #[serde(serialize_with = "micros")]
    updated_at: Moment,
}

impl<'a> FullChatView<'a> {
    pub(crate) fn new(chat: &'a Chat) -> Self {
        Self {
            id: &chat.id,
            display_name: chat.display_name.clone().unwrap_or_else(|| handles(chat)),
            handles: chat.members.iter().map(|member| HandleView::new(chat, member)).collect(),
            health_status: HealthView::new(chat),
            is_group: chat.is_group(),
            is_archived: false,
            service: &chat.service,
            group_chat_icon: chat.icon.as_deref(),
            created_at: chat.created_at,
            updated_at: chat.updated_at,
        }
    }
}

/// Returns the display name of a chat without a name.
fn handles(chat: &Chat) -> String {
    let others = chat.members.iter().filter(|member| !member.is_me);
    let handles: Vec<_> = others.map(|member| member.handle.as_str()).collect();
    handles.join(", ")
}
