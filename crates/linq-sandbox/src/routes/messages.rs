pub(super) mod poll;

use http::StatusCode;
use linq_types::{
    ChatId, Handle, MessageId, Service, TraceId,
    error::ErrorCode,
    json::from_slice_strict,
    messages::{FromSelectionReason, NewMessage, ThreadOrder, UpdateAppCard, UpdateMessage},
    reactions::{Reaction, UpdateStickerPlacement},
};
use serde::Serialize;

use crate::{
    call::Call,
    check,
    error::ApiError,
    json,
    model::{Outgoing, Selection},
    response::{Answer, ApiResponse},
    routes::chats::messages as chat_messages,
    shared::Shared,
    store::Store,
    views::{HandleView, MessageView, SentMessageView},
};

pub(crate) fn create(shared: &Shared, call: &Call<'_>) -> Answer {
    let mut asked: NewMessage = json::read(call.body)?;
    check::handles("to", &asked.to)?;
    check::message(&asked.message)?;
    if asked.continuation_message.as_ref().is_some_and(|continuation| continuation.text.is_empty()) {
        return Err(ApiError::new(ErrorCode::INVALID_CONTENT, "`continuation_message.text` is empty"));
    }
    let key = call.idempotency_key(asked.message.idempotency_key.as_ref())?;
    asked.message.idempotency_key = key.clone();
    let outgoing = Outgoing::new(asked.message.clone(), asked.override_optout, call.trace_id);
    shared.update(|state, now| {
        state.replays.send_once(&mut state.store, now, key, call.digest(), created, |store| {
            store.send_from_any_line(now, outgoing, &asked)
        })
    })
}

fn created(store: &Store, message_id: &MessageId) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        chat_id: &'a ChatId,
        created_new_chat: bool,
        from: &'a Handle,
        from_selection: FromSelection<'a>,
        handles: Vec<HandleView<'a>>,
        is_group: bool,
        message: SentMessageView<'a>,
        service: &'a Service,
        previous_chat_id: Option<&'a ChatId>,
    }

    #[derive(Serialize)]
    struct FromSelection<'a> {
        reason: &'a FromSelectionReason,
        reused_existing_chat: bool,
    }

    let message = store.message(message_id.as_str())?;
    let chat = store.chat(message.chat_id.as_str())?;
    let Selection { reason, created_new_chat, previous_chat_id } = message.selection()?;
    let body = Body {
        chat_id: &chat.id,
        created_new_chat: *created_new_chat,
        from: &chat.line,
        from_selection: FromSelection { reason, reused_existing_chat: !created_new_chat },
        handles: chat.members.iter().map(|member| HandleView::new(chat, member)).collect(),
        is_group: chat.is_group(),
        message: SentMessageView::new(chat, message),
        service: &message.service,
        previous_chat_id: previous_chat_id.as_ref(),
    };
    Ok(ApiResponse::json(StatusCode::ACCEPTED, &body))
}

pub(crate) fn retrieve(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.read(|store| found(store, call.id()))
}

fn found(store: &Store, message_id: &str) -> Answer {
    let message = store.message(message_id)?;
    let chat = store.chat(message.chat_id.as_str())?;
    Ok(ApiResponse::json(StatusCode::OK, &MessageView::new(chat, message)))
}

/// The API responds with 500 to JSON of the wrong shape.
pub(crate) fn edit(shared: &Shared, call: &Call<'_>) -> Answer {
    let edit: UpdateMessage = from_slice_strict(call.body).map_err(|error| {
        if error.is_syntax() {
            return ApiError::unreadable(&error);
        }
        ApiError::new(ErrorCode::OPERATION_FAILED, format!("Cannot edit message: {error}"))
    })?;
    shared.change(|store, now| {
        store.edit(now, call.id(), None, edit, call.trace_id)?;
        found(store, call.id())
    })
}

pub(crate) fn delete(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.change(|store, _| store.delete_message(call.id()))?;
    Ok(ApiResponse::no_content())
}

pub(crate) fn react(shared: &Shared, call: &Call<'_>) -> Answer {
    let reacting: Reaction = json::read(call.body)?;
    shared.change(|store, now| {
        let message_id = call.id();
        let line = store.active_chat(store.message(message_id)?.chat_id.as_str())?.line.clone();
        store.react(now, message_id, &line, reacting, call.trace_id)
    })?;
    Ok(ApiResponse::accepted("Reaction processed", call.trace_id))
}

pub(crate) fn place_sticker(shared: &Shared, call: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Placed<'a> {
        success: bool,
        status: &'static str,
        trace_id: &'a TraceId,
    }

    let UpdateStickerPlacement { placement, .. } = json::read(call.body)?;
    shared.change(|store, _| store.place_sticker(call.id(), call.path_parameter(1), placement))?;
    let placed = Placed { success: true, status: "accepted", trace_id: call.trace_id };
    Ok(ApiResponse::json(StatusCode::ACCEPTED, &placed))
}

pub(crate) fn list_thread(shared: &Shared, call: &Call<'_>) -> Answer {
    let order = match call.parameter("order").as_deref() {
        None => ThreadOrder::Asc,
        Some(order) => ThreadOrder::from(order),
    };
    if matches!(order, ThreadOrder::Unknown(_)) {
        return Err(ApiError::invalid("`order` must be asc or desc"));
    }
    shared.read(|store| {
        let message = store.message(call.id())?;
        chat_messages::page(store, call, &store.thread(message), &order)
    })
}

pub(crate) fn update_app_card(shared: &Shared, call: &Call<'_>) -> Answer {
    let update: UpdateAppCard = json::read(call.body)?;
    shared.change(|store, now| {
        store.update_app_card(now, call.id(), update)?;
        chat_messages::sent(store, &MessageId::from(call.id()))
    })
}
