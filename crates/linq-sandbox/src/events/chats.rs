use linq_types::{ChatId, Handle, backgrounds::Background, error::ErrorCode};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    clock::Moment,
    json,
    model::Chat,
    views::{ChatView, HandleView, micros},
};

/// `data` of `chat.created`.
pub(crate) fn chat(chat: &Chat) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Created<'a> {
        #[serde(flatten)]
        chat: ChatView<'a>,
        #[serde(serialize_with = "micros")]
        created_at: Moment,
        #[serde(serialize_with = "micros")]
        updated_at: Moment,
    }

    json::raw(&Created {
        chat: ChatView::new(chat),
        created_at: chat.created_at,
        updated_at: chat.updated_at,
    })
}

/// The chat inside of events about something in it.
#[derive(Serialize)]
pub(super) struct InChat<'a> {
    id: &'a ChatId,
    is_group: bool,
    owner_handle: Option<HandleView<'a>>,
}

impl<'a> InChat<'a> {
    pub(super) fn new(chat: &'a Chat) -> Self {
        Self { id: &chat.id, is_group: chat.is_group(), owner_handle: HandleView::of(chat, &chat.line) }
    }
}

/// `data` of `chat.group_name_updated` and `chat.group_icon_updated`.
pub(crate) fn group_update(
    now: Moment,
    chat: &Chat,
    by: &Handle,
    old_value: Option<&str>,
    new_value: Option<&str>,
) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        chat_id: &'a ChatId,
        updated_at: Moment,
        changed_by_handle: Option<HandleView<'a>>,
        old_value: Option<&'a str>,
        new_value: Option<&'a str>,
    }

    json::raw(&Data {
        chat_id: &chat.id,
        updated_at: now,
        changed_by_handle: HandleView::of(chat, by),
        old_value,
        new_value,
    })
}

/// `data` of `chat.group_name_update_failed`, `chat.group_icon_update_failed` and `chat.background_update_failed`.
pub(crate) fn update_failure(now: Moment, chat: &Chat, error_code: ErrorCode) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        chat_id: &'a ChatId,
        error_code: ErrorCode,
        failed_at: Moment,
    }

    json::raw(&Data { chat_id: &chat.id, error_code, failed_at: now })
}

/// `data` of `chat.background_updated`; there is no `background` once it is taken away.
pub(crate) fn background(chat: &Chat, by: &Handle, background: Option<&Background>) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        chat: InChat<'a>,
        actor_handle: Option<HandleView<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        background: Option<&'a Background>,
    }

    json::raw(&Data { chat: InChat::new(chat), actor_handle: HandleView::of(chat, by), background })
}

/// `data` of `chat.typing_indicator.started` and `chat.typing_indicator.stopped`.
pub(crate) fn typing(chat: &Chat, by: &Handle) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        chat_id: &'a ChatId,
        actor_handle: Option<HandleView<'a>>,
    }

    json::raw(&Data { chat_id: &chat.id, actor_handle: HandleView::of(chat, by) })
}
