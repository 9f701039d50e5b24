use http::StatusCode;
use linq_types::{
    ChatId, Handle, IdempotencyKey, MessageId,
    error::ErrorCode,
    messages,
    parts::{MediaPart, Part, TextPart},
    v2::{
        chats::{MessageContent, NewChat, NewMessage},
        check_key,
    },
};
use serde::Serialize;

use super::normalized;
use crate::{
    call::Call,
    check,
    clock::Moment,
    error::ApiError,
    idempotency::Render,
    json,
    model::Outgoing,
    response::{Answer, ApiResponse},
    shared::Shared,
    store::Store,
    views::v2::{ChatView, MessageView, number},
};

#[derive(Serialize)]
struct Data<T> {
    data: T,
}

/// Finds or creates a chat and sends into it. A display name has no effect.
pub(super) fn create(shared: &Shared, call: &Call<'_>) -> Answer {
    let NewChat { send_from, chat, message, .. } = json::read(call.body)?;
    let line = normalized(&send_from);
    check::phone_number("send_from", &line)?;
    let to: Vec<Handle> = chat.phone_numbers.iter().map(normalized).collect();
    check::handles("chat.phone_numbers", &to)?;
    let (key, outgoing) = outgoing(call, message)?;
    let (response, _) =
        send_once(shared, call, key, created, |store, now| store.send_to(now, &line, &to, outgoing))?;
    Ok(response)
}

fn created(store: &Store, message_id: &MessageId) -> Answer {
    let message = store.message(message_id.as_str())?;
    let chat = store.chat(message.chat_id.as_str())?;
    Ok(ApiResponse::json(StatusCode::OK, &Data { data: ChatView::new(chat, message) }))
}

/// Sends into a chat: 201, or 200 with the message that the key was used for before.
pub(super) fn send(shared: &Shared, call: &Call<'_>) -> Answer {
    let NewMessage { message, .. } = json::read(call.body)?;
    let (key, outgoing) = outgoing(call, message)?;
    let chat_id = shared.read(|store| chat_of(store, call.id()))?;
    let (response, is_new) = send_once(shared, call, key, sent, |store, now| {
        store.check_settled(now, chat_id.as_str())?;
        store.send_into(now, &chat_id, outgoing)
    })?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(ApiResponse::new(status, response.into_body()))
}

fn sent(store: &Store, message_id: &MessageId) -> Answer {
    let message = MessageView::new(store.message(message_id.as_str())?);
    Ok(ApiResponse::json(StatusCode::CREATED, &Data { data: message }))
}

/// Sends unless the key was used before, and returns whether it did.
fn send_once(
    shared: &Shared,
    call: &Call<'_>,
    key: Option<IdempotencyKey>,
    render: Render,
    send: impl FnOnce(&mut Store, Moment) -> Result<MessageId, ApiError>,
) -> Result<(ApiResponse, bool), ApiError> {
    let mut is_new = false;
    let response = shared.update(|state, now| {
        state.replays.send_once(&mut state.store, now, key, call.digest(), render, |store| {
            is_new = true;
            send(store, now)
        })
    })?;
    Ok((response, is_new))
}

/// Returns the chat with this id in V2.
fn chat_of(store: &Store, id: &str) -> Result<ChatId, ApiError> {
    let found = store.conversations.chats().find(|chat| number(chat.id.as_str()).to_string() == id);
    let found = found.ok_or_else(|| ApiError::not_found(ErrorCode::CHAT_NOT_FOUND, "chat", id))?;
    Ok(found.id.clone())
}

/// Returns the message as one of V3, with its key.
fn outgoing(
    call: &Call<'_>,
    message: MessageContent,
) -> Result<(Option<IdempotencyKey>, Outgoing), ApiError> {
    let MessageContent { text, idempotency_key: key, attachment_urls, .. } = message;
    if let Some(key) = &key {
        check_key(key).map_err(|violation| check::rejection(&violation.within("message.idempotency_key")))?;
    }
    let text = (!text.is_empty()).then(|| Part::Text(TextPart::new(text)));
    let files = attachment_urls.into_iter().flatten().map(|url| Part::Media(MediaPart::from_url(url)));
    let mut content = messages::MessageContent::new(text.into_iter().chain(files));
    content.idempotency_key = key.clone();
    check::message(&content)?;
    Ok((key, Outgoing::new(content, None, call.trace_id)))
}
