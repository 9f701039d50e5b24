use linq_types::{ChatId, Service};
use serde::Serialize;

use super::{HandleView, HealthView, micros};
use crate::{clock::Moment, store::Chat};

/// A chat as it is read back.
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

/// What a chat without a name of its own is called.
fn handles(chat: &Chat) -> String {
    let others = chat.members.iter().filter(|member| !member.is_me);
    let handles: Vec<_> = others.map(|member| member.handle.as_str()).collect();
    handles.join(", ")
}
