pub(super) mod background;
pub(super) mod location;
pub(super) mod messages;
pub(super) mod participants;
pub(super) mod polls;
pub(super) mod voicememo;

use http::StatusCode;
use linq_types::{
    ChatId, MessageId,
    chats::{NewChat, UpdateChat},
};
use serde::Serialize;

use crate::{
    call::Call,
    check,
    error::ApiError,
    json,
    model::Outgoing,
    response::{Answer, ApiResponse},
    shared::Shared,
    store::Store,
    views::{ChatView, FullChatView, SentMessageView},
};

pub(crate) fn create(shared: &Shared, call: &Call<'_>) -> Answer {
    let NewChat { from, to, message, override_optout, .. } = json::read(call.body)?;
    check::phone_number("from", &from)?;
    check::handles("to", &to)?;
    check::message(&message)?;
    let key = message.idempotency_key.clone();
    let outgoing = Outgoing::new(message, override_optout, call.trace_id);
    shared.update(|state, now| {
        state.replays.send_once(&mut state.store, now, key, call.digest(), created, |store| {
            store.send_to(now, &from, &to, outgoing)
        })
    })
}

fn created(store: &Store, message_id: &MessageId) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        chat: Created<'a>,
    }

    #[derive(Serialize)]
    struct Created<'a> {
        #[serde(flatten)]
        chat: ChatView<'a>,
        message: SentMessageView<'a>,
    }

    let message = store.message(message_id.as_str())?;
    let chat = store.chat(message.chat_id.as_str())?;
    let reused = chat.messages.iter().next() != Some(message_id);
    let status = if reused && !store.config.assumptions.reuse_returns_201 {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let created = Created { chat: ChatView::new(chat), message: SentMessageView::new(chat, message) };
    Ok(ApiResponse::json(status, &Body { chat: created }))
}

pub(crate) fn list(shared: &Shared, call: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        chats: Vec<FullChatView<'a>>,
        next_cursor: Option<String>,
    }

    let (line, person) = (call.handle("from")?, call.handle("to")?);
    let limit = call.limit(20)?;
    let offset = match call.parameter("cursor") {
        None => 0,
        Some(cursor) => {
            cursor.parse().map_err(|_| ApiError::invalid("`cursor` is not a `next_cursor` of this list"))?
        }
    };
    shared.read(|store| {
        if let Some(line) = &line {
            store.check_line("from", line)?;
        }
        let (chats, next) = store.list_chats(line.as_ref(), person.as_ref(), offset, limit);
        let chats = chats.into_iter().map(FullChatView::new).collect();
        let body = Body { chats, next_cursor: next.map(|offset| offset.to_string()) };
        Ok(ApiResponse::json(StatusCode::OK, &body))
    })
}

pub(crate) fn retrieve(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.read(|store| Ok(ApiResponse::json(StatusCode::OK, &FullChatView::new(store.chat(call.id())?))))
}

pub(crate) fn update(shared: &Shared, call: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        chat_id: &'a ChatId,
        status: &'static str,
    }

    let UpdateChat { display_name, group_chat_icon, .. } = json::read(call.body)?;
    if display_name.is_none() && group_chat_icon.is_none() {
        return Err(ApiError::missing("display_name` or `group_chat_icon"));
    }
    if display_name.as_deref().is_some_and(str::is_empty) {
        return Err(ApiError::invalid("`display_name` is empty"));
    }
    if group_chat_icon.as_deref().is_some_and(|url| !url.starts_with("https://")) {
        return Err(ApiError::invalid("`group_chat_icon` must be an https address"));
    }
    shared.change(|store, now| {
        store.update_group(now, call.id(), display_name, group_chat_icon, call.trace_id)?;
        let chat_id = &store.chat(call.id())?.id;
        Ok(ApiResponse::json(StatusCode::ACCEPTED, &Body { chat_id, status: "pending" }))
    })
}

pub(crate) fn leave(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.change(|store, now| store.leave(now, call.id(), None, call.trace_id))?;
    Ok(ApiResponse::accepted("Leaving processed", call.trace_id))
}

pub(crate) fn mark_as_read(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.change(|store, now| store.mark_as_read(now, call.id()))?;
    Ok(ApiResponse::no_content())
}

pub(crate) fn share_contact_card(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.change(|store, now| store.share_contact_card(now, call.id()))?;
    Ok(ApiResponse::no_content())
}

pub(crate) fn start_typing(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.change(|store, now| store.start_typing(now, call.id()))?;
    Ok(ApiResponse::no_content())
}

pub(crate) fn stop_typing(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.change(|store, _| store.stop_typing(call.id()))?;
    Ok(ApiResponse::no_content())
}
